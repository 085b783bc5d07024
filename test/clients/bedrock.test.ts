import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type ClientHandle, describeClient } from './client.suite.ts';
import { bedrockClients, boto3, boto3WithApiKey } from './clients.data.ts';
import { type ObservedGateway, startObservedGateway } from './observed-gateway.ts';
import { hasOpenssl, startTlsFront, type TlsFront } from './tls-front.ts';

const CARD = '4111 1111 1111 1111';

let running: ObservedGateway;
beforeAll(async () => {
  running = await startObservedGateway();
});
afterAll(() => running[Symbol.asyncDispose]());
const observed = () => running;

describeClient({ client: boto3, observed }, describeInvokeModel);
for (const client of bedrockClients) describeClient({ client, observed });

describe.skipIf(!hasOpenssl)(`over TLS${hasOpenssl ? '' : ' (skipped: no openssl to make a certificate)'}`, () => {
  let front: TlsFront;
  beforeAll(async () => {
    front = await startTlsFront(running.demo.endpoint);
  });
  afterAll(() => front[Symbol.asyncDispose]());
  const environment = () => ({
    AWS_ENDPOINT_URL_BEDROCK_RUNTIME: front.endpoint,
    AWS_CA_BUNDLE: front.certificateFile,
  });
  describeClient({ client: boto3WithApiKey, observed, environment });
});

function describeInvokeModel({ value }: ClientHandle): void {
  const invoked = z.object({ body: z.string(), requestId: z.uuid() });

  it('has the body of a model family masked, buffered and streamed', async () => {
    const body = JSON.stringify({ inputText: `card ${CARD}` });
    const whole = invoked.parse(await value('invoke', { body }));
    expect(JSON.parse(whole.body)).toMatchObject({ results: [{ outputText: 'card {CREDIT_DEBIT_CARD_NUMBER}' }] });
    const chunks = z.array(z.string()).parse(await value('invokeStreamed', { body }));
    const texts = chunks.map((chunk) => z.object({ outputText: z.string() }).parse(JSON.parse(chunk)).outputText);
    expect(texts.join('')).toBe('card {CREDIT_DEBIT_CARD_NUMBER}');
  });

  it('embeds what is left after masking', async () => {
    const embed = async (inputText: string) => {
      const body = JSON.stringify({ inputText, dimensions: 256 });
      const whole = invoked.parse(await value('invoke', { body, model: 'amazon.titan-embed-text-v2:0' }));
      return z.object({ embedding: z.array(z.number()).length(256) }).parse(JSON.parse(whole.body)).embedding;
    };
    expect(await embed(`card ${CARD}`)).toEqual(await embed('card {CREDIT_DEBIT_CARD_NUMBER}'));
  });
}
