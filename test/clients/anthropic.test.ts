import { afterAll, beforeAll, expect, it } from 'vitest';
import { type GatewayProcess, startGatewayProcess } from '../gateway/process.ts';
import { type ClientHandle, describeClient } from './client.suite.ts';
import { anthropicClients } from './clients.data.ts';

let running: GatewayProcess;
beforeAll(async () => {
  running = await startGatewayProcess();
});
afterAll(() => running.stop());
const gateway = () => running;

for (const client of anthropicClients) {
  const listsModels = client.environment === 'anthropic.env';
  describeClient({ client, gateway }, listsModels ? describeModels : undefined);
}

function describeModels({ value }: ClientHandle): void {
  it('lists the models of the caller', async () => {
    expect(await value('models', {})).toEqual(expect.arrayContaining([...running.demo.models]));
  });
}
