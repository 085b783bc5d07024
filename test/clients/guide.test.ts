import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../gateway/process.ts';
import { withHome } from './client.suite.ts';
import { environmentOf, runSnippet } from './client-process.ts';
import {
  anthropicClients,
  bedrockClients,
  boto3,
  boto3WithApiKey,
  drivenElsewhere,
  openaiClients,
} from './clients.data.ts';

const snippets = join(import.meta.dirname, 'snippets');

let gateway: GatewayProcess;
beforeAll(async () => {
  gateway = await startGatewayProcess();
});
afterAll(() => gateway.stop());

for (const { name, language, snippet, environment } of drivenElsewhere) {
  withHome(name, language, (home) => {
    it('prints, as the guide has it, an answer in which the card is masked', async () => {
      const program = {
        language,
        home,
        file: join(snippets, snippet),
        environment: environmentOf(environment, gateway.demo),
      };
      expect(await runSnippet(program)).toBe('My card is {CREDIT_DEBIT_CARD_NUMBER}\n');
    });
  });
}

it('has no program and no environment that no test runs', () => {
  const clients = [
    boto3,
    boto3WithApiKey,
    ...bedrockClients,
    ...anthropicClients,
    ...openaiClients,
    ...drivenElsewhere,
  ];
  const run = new Set(clients.flatMap(({ snippet, environment }) => [snippet, environment]));
  expect([...run].sort()).toEqual(readdirSync(snippets).sort());
});
