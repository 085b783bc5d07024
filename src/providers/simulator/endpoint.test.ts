import { get } from 'node:http';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOVA, say, TITAN_EMBED } from '../cleared.suite.ts';
import { createSimulatorEndpoint, type SimulatorEndpoint } from './endpoint.ts';

let served: SimulatorEndpoint;
let sdk: BedrockRuntimeClient;
beforeAll(async () => {
  served = await createSimulatorEndpoint();
  sdk = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: served.endpoint,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler(),
  });
});
afterAll(async () => {
  sdk.destroy();
  await served.close();
});

const hello = { modelId: NOVA, messages: [{ role: 'user' as const, content: [{ text: 'hello 😀' }] }] };
const post = (path: string, body: string) =>
  fetch(`${served.endpoint}${path}`, { method: 'POST', body, headers: { 'content-type': 'application/json' } });

describe('the simulator as an endpoint of Amazon Bedrock', () => {
  it('answers the AWS SDK', async () => {
    const { output, stopReason, usage } = await sdk.send(new ConverseCommand(hello));
    expect(output?.message?.content).toEqual([{ text: 'hello 😀' }]);
    expect(stopReason).toBe('end_turn');
    expect(usage?.totalTokens).toBe(4);
  });

  it('streams to the AWS SDK', async () => {
    const { stream } = await sdk.send(new ConverseStreamCommand(hello));
    let text = '';
    for await (const event of stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
    expect(text).toBe('hello 😀');
  });

  it('streams more than a socket buffers to a client that reads slowly', async () => {
    const text = 'sim:long 200000';
    const { stream } = await sdk.send(new ConverseStreamCommand({ ...hello, messages: say(text).messages as never }));
    let words = 0;
    for await (const event of stream ?? []) {
      words += event.contentBlockDelta?.delta?.text?.split(' ').length ?? 0;
      if (words > 20_000) break;
    }
    expect(words).toBeGreaterThan(20_000);
  });

  it('embeds', async () => {
    const body = JSON.stringify({ inputText: 'x', dimensions: 512 });
    const answer = await sdk.send(
      new InvokeModelCommand({ modelId: TITAN_EMBED, body, requestMetadata: '{"sallyport-request-id":"x"}' }),
    );
    expect(JSON.parse(answer.body.transformToString()).embedding).toHaveLength(512);
  });

  it('breaks off a stream with an exception, and refuses before one', async () => {
    const die = { ...hello, messages: [{ role: 'user' as const, content: [{ text: 'sim:die-mid-stream' }] }] };
    const { stream } = await sdk.send(new ConverseStreamCommand(die));
    const reading = (async () => {
      for await (const _event of stream ?? []);
    })();
    await expect(reading).rejects.toMatchObject({ name: 'ModelStreamErrorException' });
    await expect(sdk.send(new ConverseCommand(die))).rejects.toMatchObject({ name: 'ModelStreamErrorException' });
  });

  it('refuses what the protocol does', async () => {
    const answers = await Promise.all([
      post(`/model/${NOVA}/converse`, '{'),
      post(`/model/${NOVA}/converse`, '{"messages":[],"surprise":1}'),
      post('/', '{}'),
      fetch(`${served.endpoint}/model/${NOVA}/converse`),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 404, 405]);
    expect(answers[0]?.headers.get('x-amzn-errortype')).toBe('ValidationException');
  });

  it('listens on the loopback alone', () => {
    expect(new URL(served.endpoint).hostname).toBe('127.0.0.1');
  });

  it('takes the port it is given, and gives it back', async () => {
    const first = await createSimulatorEndpoint();
    await first.close();
    const port = Number(new URL(first.endpoint).port);
    const again = await createSimulatorEndpoint({ port, sleep: async () => {} });
    expect(again.endpoint).toBe(first.endpoint);
    await again.close();
  });

  it('stops when the client is gone', async () => {
    const stopped = Promise.withResolvers<void>();
    const slow = await createSimulatorEndpoint({
      sleep: (_milliseconds, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            stopped.resolve();
            reject(signal.reason);
          });
        }),
    });
    const abort = new AbortController();
    const body = JSON.stringify(say('sim:stream 10x20ms'));
    const init = { method: 'POST', body, headers: { 'content-type': 'application/json' }, signal: abort.signal };
    const { status } = await fetch(`${slow.endpoint}/model/${NOVA}/converse-stream`, init);
    abort.abort();
    await stopped.promise;
    expect(status).toBe(200);
    await slow.close();
  });

  it('outlives a client that hangs up', async () => {
    await new Promise<void>((resolve) => {
      const request = get(`${served.endpoint}/`, { method: 'POST', headers: { 'content-length': '100' } });
      request.on('error', () => resolve());
      request.write('{');
      setTimeout(() => request.destroy(), 20);
    });
    expect((await post(`/model/${NOVA}/converse`, JSON.stringify(say('hello')))).status).toBe(200);
  });
});
