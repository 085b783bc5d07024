import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, runSallyport, startGatewayProcess } from '../gateway/process.ts';

const config = (baseUrl: string) => `
version: 1
environment: test
region: us-east-1
providers:
  - { name: local, kind: openai-compatible, baseUrl: "${baseUrl}", apiKey: { env: LOCAL_KEY } }
models:
  - { id: local-model, provider: local, providerModelId: llama }
tenants:
  - { name: lab, principals: [{ name: app }] }
policies:
  - { name: main.cedar, cedar: "permit (principal, action, resource);" }
`;

/** A server that leaks a card number, cut in the middle over two events. */
function startUpstream(received: { authorization: string | undefined; body: string }[]): Promise<Server> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      received.push({ authorization: request.headers.authorization, body });
      const message = { role: 'assistant', content: 'use 4111 1111 1111 1111 now' };
      const usage = { prompt_tokens: 3, completion_tokens: 5, total_tokens: 8 };
      if (!JSON.parse(body).stream) {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }], usage }));
        return;
      }
      response.setHeader('content-type', 'text/event-stream');
      for (const content of ['use 4111 11', '11 1111 1111', ' now']) {
        response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`);
      }
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}\n\n`);
      response.end(`data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`);
    });
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

const received: { authorization: string | undefined; body: string }[] = [];
let upstream: Server;
let gateway: GatewayProcess;
let apiKey = '';
let access = { accessKeyId: '', secretAccessKey: '' };

beforeAll(async () => {
  upstream = await startUpstream(received);
  const { port } = upstream.address() as AddressInfo;
  gateway = await startGatewayProcess({
    config: config(`http://127.0.0.1:${port}/v1`),
    environment: { LOCAL_KEY: 'key-of-the-local-server' },
  });
  const create = async (kind: string) => {
    const places = ['-c', gateway.configFile, '-d', gateway.dataDirectory];
    return JSON.parse(
      (await runSallyport(['key', 'create', '-t', 'lab', '-p', 'app', '-k', kind, '--json', ...places])).out,
    );
  };
  apiKey = (await create('api-key')).apiKey;
  access = await create('sigv4');
});
afterAll(async () => {
  await gateway.stop();
  upstream.close();
});

describe('a gateway in front of an OpenAI-compatible server', () => {
  it('sends masked prompts under its own key and masks what comes back', async () => {
    const client = new OpenAI({ baseURL: `${gateway.demo.endpoint}/openai/v1`, apiKey });
    const messages = [{ role: 'user' as const, content: 'write to jane@example.com' }];
    const whole = await client.chat.completions.create({ model: 'local-model', messages });
    expect(whole.choices[0]?.message.content).toBe('use {CREDIT_DEBIT_CARD_NUMBER} now');
    expect(received.at(-1)?.authorization).toBe('Bearer key-of-the-local-server');
    expect(JSON.parse(received.at(-1)?.body ?? '')).toMatchObject({
      model: 'llama',
      messages: [{ role: 'user', content: 'write to {EMAIL}' }],
    });
    let text = '';
    for await (const chunk of await client.chat.completions.create({ model: 'local-model', messages, stream: true })) {
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(text).toBe('use {CREDIT_DEBIT_CARD_NUMBER} now');
  });

  it('serves it to the AWS SDK as a Bedrock model', async () => {
    const client = new BedrockRuntimeClient({
      endpoint: gateway.demo.endpoint,
      region: 'us-east-1',
      credentials: access,
    });
    const { stream } = await client.send(
      new ConverseStreamCommand({ modelId: 'local-model', messages: [{ role: 'user', content: [{ text: 'hello' }] }] }),
    );
    let text = '';
    for await (const event of stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
    expect(text).toBe('use {CREDIT_DEBIT_CARD_NUMBER} now');
  });
});
