import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayProcess, runSallyport, startGatewayProcess } from '../gateway/process.ts';
import { raw } from '../gateway/raw.ts';

const SECRET = 'Quetzalcoatlus-northropi';

const config = (baseUrl: string) => `
version: 1
environment: test
region: us-east-1
providers: [{ name: local, kind: openai-compatible, baseUrl: "${baseUrl}" }]
models: [{ id: local-model, provider: local }]
tenants: [{ name: lab, principals: [{ name: app }] }]
policies: [{ name: main.cedar, cedar: "permit (principal, action, resource);" }]
`;

/** Ways in which an upstream can say what it should not. */
const answers: Readonly<Record<string, readonly [status: number, body: string, headers?: Record<string, string>]>> = {
  'an error with the prompt in it': [400, JSON.stringify({ error: { message: SECRET, code: SECRET, type: SECRET } })],
  'an error in text': [500, SECRET],
  'an error page': [502, `<html>${SECRET}</html>`, { 'content-type': 'text/html' }],
  'a refusal of the gateway': [401, JSON.stringify({ error: { message: `bad key ${SECRET}` } })],
  'a throttle': [429, SECRET, { 'retry-after': SECRET, 'x-ratelimit': SECRET }],
  'an answer that is none': [200, JSON.stringify({ [SECRET]: SECRET })],
  'an answer that is no JSON': [200, `{"choices": ${SECRET}`],
  'a redirect': [302, SECRET, { location: `http://127.0.0.1:1/${SECRET}` }],
};

let asked = 0;
let upstream: Server;
let gateway: GatewayProcess;
let headers: Readonly<Record<string, string>> = {};
beforeAll(async () => {
  upstream = createServer((request, response) => {
    asked += 1;
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const [status, text, more] = answers[JSON.parse(body).messages[0].content] ?? [500, ''];
      response.writeHead(status, { 'content-type': 'application/json', 'x-upstream': SECRET, ...more }).end(text);
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  gateway = await startGatewayProcess({
    config: config(`http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1`),
  });
  const places = ['-c', gateway.configFile, '-d', gateway.dataDirectory];
  const { out } = await runSallyport(['key', 'create', '-t', 'lab', '-p', 'app', '--json', ...places]);
  headers = { authorization: `Bearer ${JSON.parse(out).apiKey}` };
});
afterAll(async () => {
  await gateway.stop();
  upstream.close();
});

const calls = (content: string) => [
  { path: '/model/local-model/converse', body: { messages: [{ role: 'user', content: [{ text: content }] }] } },
  { path: '/model/local-model/converse-stream', body: { messages: [{ role: 'user', content: [{ text: content }] }] } },
  { path: '/openai/v1/chat/completions', body: { model: 'local-model', messages: [{ role: 'user', content }] } },
  {
    path: '/openai/v1/chat/completions',
    body: { model: 'local-model', stream: true, messages: [{ role: 'user', content }] },
  },
  {
    path: '/anthropic/v1/messages',
    body: { model: 'local-model', max_tokens: 9, messages: [{ role: 'user', content }] },
  },
];

describe('what an upstream says of its failure', () => {
  it.each(Object.keys(answers))('reaches neither the caller nor the log: %s', async (name) => {
    const before = asked;
    for (const { path, body } of calls(name)) {
      const answer = await raw(gateway.demo.endpoint, { path, headers, body: JSON.stringify(body) });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.body + JSON.stringify(answer.headers)).not.toContain('Quetzalcoatlus');
    }
    expect(asked).toBeGreaterThan(before);
    expect(gateway.output()).not.toContain('Quetzalcoatlus');
  });
});
