import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import {
  BedrockRuntimeClient,
  type BedrockRuntimeClientConfig,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FrontDoor, startFrontDoor, startLambdaGateway } from '../gateway/front-door.ts';
import {
  type ClientName,
  type CredentialName,
  type DoorName,
  doors,
  type Row,
  rows,
  toTable,
} from './deploy-matrix.data.ts';

const NOVA = 'amazon.nova-lite-v1:0';
const SAID = 'pay with {CREDIT_DEBIT_CARD_NUMBER} today';
const ASKED = 'pay with 4111 1111 1111 1111 today';
const IAM = { userArn: 'arn:aws:sts::111122223333:assumed-role/app/i-1', accountId: '111122223333' };
const KINDS = { rest: 'rest', restBuffered: 'rest', restIam: 'rest', httpApi: 'http-api', alb: 'alb' } as const;

const directory = mkdtempSync(join(tmpdir(), 'sallyport-matrix-'));
const gateways = new Map<DoorName, FrontDoor>();
beforeAll(async () => {
  const role = join(directory, 'role');
  writeFileSync(role, 'arn:aws:iam::111122223333:role/app');
  const principal = `{ role: { file: ${role} }, tenant: demo, principal: developer }`;
  for (const [name, { door }] of Object.entries(doors) as [DoorName, (typeof doors)[DoorName]][]) {
    if (name === 'port' || door === undefined) gateways.set(name, await startFrontDoor('port'));
    else {
      const iam = name === 'restIam' ? { iam: IAM } : {};
      const options = { kind: KINDS[name], door: door.replace('PRINCIPAL', principal), ...iam };
      gateways.set(name, await startLambdaGateway(options));
    }
  }
});
afterAll(async () => {
  for (const gateway of gateways.values()) await gateway[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

interface Called {
  readonly client: ClientName;
  readonly credential: CredentialName;
  readonly gateway: FrontDoor;
}

/** What one client with one credential is told, buffered and streamed. Rejects where it is refused. */
function call(called: Called): Promise<readonly [whole: string, streamed: string]> {
  const { endpoint, principals } = called.gateway.demo;
  const apiKey = principals.developer?.apiKey ?? '';
  if (called.client === 'openai') return callOpenAI(endpoint, apiKey);
  return called.client === 'anthropic' ? callAnthropic(endpoint, apiKey) : callBedrock(called);
}

async function callOpenAI(endpoint: string, apiKey: string): Promise<readonly [string, string]> {
  const sdk = new OpenAI({ baseURL: `${endpoint}/openai/v1`, apiKey, maxRetries: 0 });
  const asked = { model: NOVA, messages: [{ role: 'user' as const, content: ASKED }] };
  const whole = await sdk.chat.completions.create(asked);
  let streamed = '';
  for await (const chunk of await sdk.chat.completions.create({ ...asked, stream: true })) {
    streamed += chunk.choices[0]?.delta.content ?? '';
  }
  return [whole.choices[0]?.message.content ?? '', streamed];
}

async function callAnthropic(endpoint: string, apiKey: string): Promise<readonly [string, string]> {
  const sdk = new Anthropic({ baseURL: `${endpoint}/anthropic`, apiKey, maxRetries: 0 });
  const asked = { model: NOVA, max_tokens: 100, messages: [{ role: 'user' as const, content: ASKED }] };
  const whole = await sdk.messages.create(asked);
  const streamed = await sdk.messages.stream(asked).finalText();
  return [whole.content.map((block) => ('text' in block ? block.text : '')).join(''), streamed];
}

async function callBedrock({ client, credential, gateway }: Called): Promise<readonly [string, string]> {
  const { endpoint, region } = gateway.demo;
  const sdk = new BedrockRuntimeClient({
    region,
    endpoint,
    maxAttempts: 1,
    ...credentialOf(credential, gateway),
    ...(client === 'bedrockHttp1' ? { requestHandler: new NodeHttpHandler() } : {}),
  });
  const input = { modelId: NOVA, messages: [{ role: 'user' as const, content: [{ text: ASKED }] }] };
  try {
    const { output } = await sdk.send(new ConverseCommand(input));
    const { stream } = await sdk.send(new ConverseStreamCommand(input));
    let streamed = '';
    for await (const event of stream ?? []) streamed += event.contentBlockDelta?.delta?.text ?? '';
    return [output?.message?.content?.[0]?.text ?? '', streamed];
  } finally {
    sdk.destroy();
  }
}

function credentialOf(credential: CredentialName, { demo }: FrontDoor): Partial<BedrockRuntimeClientConfig> {
  const { apiKey = '', accessKeyId = '', secretAccessKey = '' } = demo.principals.developer ?? {};
  if (credential === 'apiKey') return { token: { token: apiKey }, authSchemePreference: ['httpBearerAuth'] };
  if (credential === 'bedrock') return { credentials: { accessKeyId, secretAccessKey } };
  return {
    // Of a role of the caller's own, whose signature API Gateway verifies.
    credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', secretAccessKey: 'x'.repeat(40) },
    httpAuthSchemeProvider: () => [
      {
        schemeId: 'aws.auth#sigv4',
        signingProperties: { signingName: 'execute-api', signingRegion: demo.region },
        propertiesExtractor,
      },
    ],
  };
}

const propertiesExtractor = (config: object, context: object) => ({ signingProperties: { config, context } });

/** What a client was refused with; undefined where it never came to an answer. */
function statusOf(error: unknown): unknown {
  if (!(error instanceof Error)) return undefined;
  if ('status' in error) return error.status;
  if (!('$metadata' in error)) return undefined;
  return (error.$metadata as { httpStatusCode?: number }).httpStatusCode;
}

const cells = rows.flatMap(({ client, credential, at }: Row) =>
  (Object.keys(doors) as DoorName[]).map((door) => ({ client, credential, door, verdict: at[door] })),
);

describe('the deploy matrix', () => {
  it('is the table of its page', () => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/reference/deploy-matrix.md'), 'utf8');
    expect(page).toContain(toTable());
  });

  it.each(cells.filter(({ verdict }) => verdict !== 'deploy'))(
    'says of $client with $credential at $door what is: $verdict',
    async ({ client, credential, door, verdict }) => {
      const gateway = gateways.get(door);
      if (gateway === undefined) throw new Error('no such door');
      const asItIs = call({ client, credential, gateway });
      if (verdict === 'works' || verdict === 'whole') expect(await asItIs).toEqual([SAID, SAID]);
      else {
        const refusal = await asItIs.then(
          () => 'answered',
          (error: unknown) => statusOf(error),
        );
        const speaks = client !== 'bedrockHttp2' || door === 'port';
        expect(speaks ? [401, 403] : [undefined]).toContain(refusal);
      }
      if (verdict !== 'handler') return;
      expect(await call({ client: 'bedrockHttp1', credential, gateway })).toEqual([SAID, SAID]);
    },
  );
});
