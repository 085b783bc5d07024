import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/config/index.ts';
import { type GatewayProcess, runSallyport, startGatewayProcess } from '../gateway/process.ts';
import { raw } from '../gateway/raw.ts';

const config = (baseUrl: string) => `
version: 1
environment: test
region: us-east-1
providers: [{ name: local, kind: openai-compatible, baseUrl: "${baseUrl}" }]
models: [{ id: local-model, provider: local }]
tenants: [{ name: lab, principals: [{ name: app }] }]
policies: [{ name: main.cedar, cedar: "permit (principal, action, resource);" }]
`;

interface Listening {
  readonly server: Server;
  readonly origin: string;
  /** Paths it was asked for. */
  readonly asked: string[];
}

async function listen(
  answer: (path: string) => { readonly status: number; readonly location?: string },
): Promise<Listening> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(String(request.url));
    const { status, location } = answer(String(request.url));
    request.resume();
    response.writeHead(status, location === undefined ? {} : { location }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, asked, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

let internal: Listening;
let upstream: Listening;
let gateway: GatewayProcess;
let authorization = '';
let redirect = 302;
beforeAll(async () => {
  internal = await listen(() => ({ status: 200 }));
  upstream = await listen(() => ({ status: redirect, location: `${internal.origin}/latest/meta-data/` }));
  gateway = await startGatewayProcess({ config: config(`${upstream.origin}/v1`) });
  const places = ['-c', gateway.configFile, '-d', gateway.dataDirectory];
  const { out } = await runSallyport(['key', 'create', '-t', 'lab', '-p', 'app', '--json', ...places]);
  authorization = `Bearer ${JSON.parse(out).apiKey}`;
});
afterAll(async () => {
  await gateway.stop();
  internal.server.close();
  upstream.server.close();
});

const chat = (more: object = {}) =>
  JSON.stringify({ model: 'local-model', messages: [{ role: 'user', content: 'hi' }], ...more });

describe('a server that the gateway could reach and the caller could not', () => {
  it.each([301, 302, 303, 307, 308])('is not reached by a redirect of the upstream: %i', async (status) => {
    redirect = status;
    const before = upstream.asked.length;
    const answer = await raw(gateway.demo.endpoint, {
      path: '/openai/v1/chat/completions',
      headers: { authorization },
      body: chat(),
    });
    expect(answer.status).toBeGreaterThanOrEqual(500);
    expect(upstream.asked.length).toBeGreaterThan(before);
    expect(internal.asked).toEqual([]);
  });

  it.each([
    'x-portkey-custom-host',
    'x-forwarded-host',
    'x-base-url',
    'x-upstream',
    'x-original-url',
    'x-rewrite-url',
    'forwarded',
    'referer',
  ])('is not reached by a header: %s', async (name) => {
    await raw(gateway.demo.endpoint, {
      path: '/openai/v1/chat/completions',
      headers: { authorization, [name]: internal.origin },
      body: chat(),
    });
    expect(internal.asked).toEqual([]);
  });

  it('is not reached by the host, the target or the query of a request', async () => {
    const { host } = new URL(internal.origin);
    const path = '/openai/v1/chat/completions';
    await raw(gateway.demo.endpoint, { path, headers: { authorization, host }, body: chat() });
    await raw(gateway.demo.endpoint, { path: `${internal.origin}${path}`, headers: { authorization }, body: chat() });
    await raw(gateway.demo.endpoint, {
      path: `${path}?base_url=${internal.origin}`,
      headers: { authorization },
      body: chat(),
    });
    expect(internal.asked).toEqual([]);
  });

  it('is not reached by a field or a reference: they are refused, and nobody fetches them', async () => {
    const before = upstream.asked.length;
    const url = `${internal.origin}/picture.png`;
    const image = (part: object) => chat({ messages: [{ role: 'user', content: [part] }] });
    for (const body of [
      chat({ base_url: internal.origin }),
      chat({ api_base: internal.origin }),
      chat({ model: internal.origin }),
      image({ type: 'image_url', image_url: { url } }),
    ]) {
      const { status } = await raw(gateway.demo.endpoint, {
        path: '/openai/v1/chat/completions',
        headers: { authorization },
        body,
      });
      expect([400, 403, 404]).toContain(status);
    }
    const anthropic = { type: 'image', source: { type: 'url', url } };
    const messages = [{ role: 'user', content: [anthropic] }];
    const body = JSON.stringify({ model: 'local-model', max_tokens: 9, messages });
    const refused = await raw(gateway.demo.endpoint, {
      path: '/anthropic/v1/messages',
      headers: { authorization },
      body,
    });
    expect([400, 403]).toContain(refused.status);
    expect(internal.asked).toEqual([]);
    expect(upstream.asked.length).toBe(before);
  });
});

describe('a base URL of a configuration', () => {
  it.each([
    'http://example.com/v1',
    'http://169.254.169.254/latest',
    'http://127.0.0.1.example.com/v1',
    'http://localhost.example.com/v1',
    'http://0.0.0.0:8000/v1',
    'https://user:word@example.com/v1',
    'file:///etc/passwd',
    'gopher://127.0.0.1/',
    'https://example.com/v1?x=http://127.0.0.1',
  ])('cannot be %s', (url) => {
    expect(() => parseConfig(config(url), { path: 'sallyport.yaml' })).toThrow(/baseUrl|URL with a password/);
  });
});
