import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { ConfigError, demoConfigText, parseConfig } from '../config/index.ts';
import { createRequestId, inspect, parseModelId, parsePrincipalId, parseTenantId } from '../core/index.ts';
import { bedrockProtocol } from '../protocols/index.ts';
import type { Logger } from '../telemetry/index.ts';
import { configFile, removeTemporaryDirectories, start, temporaryDirectory } from './gateway.suite.ts';
import { createProviders } from './providers.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});
afterAll(removeTemporaryDirectories);

const DEMO_PROVIDER = '  - { name: simulator, kind: simulator }';

/** The demo's configuration with a second provider, on Amazon Bedrock. */
function withBedrock(more: string): string {
  return demoConfigText.replace(
    DEMO_PROVIDER,
    `${DEMO_PROVIDER}\n  - { name: bedrock, kind: bedrock, region: us-east-1, ${more} }`,
  );
}
const providersOf = (more: string, path = 'demo.yaml') => createProviders(parseConfig(withBedrock(more), { path }));

interface Local {
  readonly baseUrl?: string;
  readonly logger?: Logger;
}

/** The demo's configuration with a second provider, on a server that speaks the OpenAI API. */
async function withLocal(key: string, { baseUrl = 'http://127.0.0.1:9/v1', logger }: Local = {}) {
  const entry = `  - { name: local, kind: openai-compatible, baseUrl: "${baseUrl}"${key} }`;
  const text = demoConfigText.replace(DEMO_PROVIDER, `${DEMO_PROVIDER}\n${entry}`);
  return createProviders(parseConfig(text, { path: 'demo.yaml' }), logger);
}

/** A server that speaks so much of the OpenAI API, and what was sent as credential. */
async function startLocal() {
  const authorizations: unknown[] = [];
  const message = { role: 'assistant', content: 'hello' };
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  const answer = { id: 'a', object: 'chat.completion', choices: [{ index: 0, message, finish_reason: 'stop' }], usage };
  const server = createServer(({ headers }, response) => {
    authorizations.push(headers.authorization);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { authorizations, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, server };
}

/** A conversation that every stage has let through. */
async function clearedExchange() {
  const path = '/model/amazon.nova-lite-v1%3A0/converse';
  const route = bedrockProtocol.match('POST', path);
  if (route?.kind !== 'invoke') throw new Error(`no such route: ${path}`);
  const body = JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'hello' }] }] });
  const { model, request, parts } = bedrockProtocol.read(route, Buffer.from(body), () => undefined);
  const [tenant, principal] = [parseTenantId('demo'), parsePrincipalId('developer')];
  const exchange = {
    id: createRequestId(1_700_000_000_000, new Uint8Array(10)),
    caller: { tenant, principal, credentialId: 'key', credentialKind: 'apiKey' },
    protocol: 'bedrock',
    operation: 'Converse',
    action: 'InvokeModel',
    model: { id: parseModelId(model), provider: 'local', providerModelId: model },
    request,
    parts,
    findings: [],
  } as const;
  const decision = await inspect([{ name: 'pass', timeoutMs: 1_000, run: () => ({ kind: 'pass' }) }], exchange);
  if (decision.kind !== 'allow') throw new Error('not cleared');
  return decision.exchange;
}

const KEYS = 'accessKeyId: { env: SP_TEST_ID }, secretAccessKey: { file: secret }';

describe('the providers of a configuration', () => {
  it('are made by name, with the SDK’s own credentials unless told otherwise', async () => {
    const providers = await providersOf('endpoint: "http://127.0.0.1:9"');
    expect([...providers.keys()]).toEqual(['simulator', 'bedrock']);
    expect([...providers.values()].map(({ name }) => name)).toEqual(['simulator', 'bedrock']);
    for (const provider of providers.values()) await provider.close();
    for (const provider of (await providersOf('maxAttempts: 1')).values()) await provider.close();
  });

  it('take their secrets from the environment and from files beside the configuration', async () => {
    const directory = temporaryDirectory();
    writeFileSync(join(directory, 'secret'), 'a secret of a test\n');
    vi.stubEnv('SP_TEST_ID', 'an id of a test');
    vi.stubEnv('SP_TEST_TOKEN', 'a token of a test');
    const path = join(directory, 'sallyport.yaml');
    for (const token of ['', ', sessionToken: { env: SP_TEST_TOKEN }']) {
      const providers = await providersOf(`credentials: { ${KEYS}${token} }`, path);
      await providers.get('bedrock')?.close();
    }
  });

  it('speak to servers with the OpenAI API, with a key of the environment or without one', async () => {
    vi.stubEnv('SP_TEST_KEY', 'a-key-of-a-test');
    for (const key of ['', ', apiKey: { env: SP_TEST_KEY }']) {
      const providers = await withLocal(key);
      await providers.get('local')?.close();
    }
    await expect(withLocal(', apiKey: { env: SP_TEST_NONE }')).rejects.toThrow(/`SP_TEST_NONE` is not set/);
  });

  it('send the key that is there now, and the last one where it cannot be read, which is logged', async () => {
    const file = join(temporaryDirectory(), 'key');
    const { authorizations, baseUrl, server } = await startLocal();
    const lines: object[] = [];
    const log = (event: string, fields?: object) => void lines.push({ event, ...fields });
    const logger = { info: log, warn: log, error: log, flush: () => undefined, close: () => undefined };
    vi.useFakeTimers({ toFake: ['Date'] });
    writeFileSync(file, 'first');
    const local = (await withLocal(`, apiKey: { file: ${file} }`, { baseUrl, logger })).get('local');
    if (local === undefined) throw new Error('no provider');
    const exchange = await clearedExchange();
    for (const change of [() => undefined, () => writeFileSync(file, 'second'), () => rmSync(file)]) {
      change();
      const { events } = await local.invoke(exchange, new AbortController().signal);
      expect((await Array.fromAsync(events)).flat()).toContainEqual({ kind: 'delta', index: 0, text: 'hello' });
      vi.setSystemTime(Date.now() + 6 * 60_000);
    }
    await local.close();
    server.close();
    expect(authorizations).toEqual(['Bearer first', 'Bearer second', 'Bearer second']);
    expect(lines).toEqual([{ event: 'secret not read', provider: 'local', cause: expect.any(String) }]);
    expect(JSON.stringify(lines)).not.toMatch(/first|second/);
  });

  it('refuse an address that no model may be called at once more, whoever made the configuration', async () => {
    const at = 'https://169.254.169.254';
    const { providers, ...config } = parseConfig(withBedrock('maxAttempts: 1'), { path: 'demo.yaml' });
    const bedrock = providers.flatMap((one) => (one.kind === 'bedrock' ? [{ ...one, endpoint: at }] : []));
    const local = { name: 'local', kind: 'openai-compatible', baseUrl: at, allowPrivate: false } as const;
    const terms = { uninspectedContent: false };
    for (const given of [bedrock, [{ ...local, terms }]]) {
      const made = createProviders({ ...config, providers: given });
      await expect(made).rejects.toThrow(ConfigError);
      await expect(made).rejects.toThrow('no model may be called at 169.254.169.254');
    }
  });

  it('refuse a key that no header can carry as the operator’s fault, and do not show it', async () => {
    vi.stubEnv('SP_TEST_KEY', 'a key\nin lines');
    const made = withLocal(', apiKey: { env: SP_TEST_KEY }');
    await expect(made).rejects.toThrow(ConfigError);
    await expect(made).rejects.toThrow(/^(?![\s\S]*in lines)[\s\S]*local/);
  });

  it.each([
    ['the variable', `credentials: { ${KEYS} }`, /environment variable `SP_TEST_ID` is not set/],
    ['the file', `credentials: { ${KEYS.replace('SP_TEST_ID', 'PATH')} }`, /secret file .*secret/],
    [
      'the token',
      `credentials: { ${KEYS.replace('SP_TEST_ID', 'PATH').replace('{ file: secret }', '{ env: PATH }')}, sessionToken: { env: SP_TEST_TOKEN } }`,
      /`SP_TEST_TOKEN` is not set/,
    ],
  ])('are not made without %s that holds a secret', async (_name, more, problem) => {
    const made = providersOf(more, join(temporaryDirectory(), 'sallyport.yaml'));
    await expect(made).rejects.toThrow(ConfigError);
    await expect(made).rejects.toThrow(problem);
  });

  it('end a start whose secrets are missing, and let go of the directory', async () => {
    const dataDirectory = temporaryDirectory();
    const file = configFile();
    writeFileSync(file, withBedrock(`credentials: { ${KEYS} }`));
    await expect(start({ configFile: file, dataDirectory })).rejects.toThrow(ConfigError);
    await using _started = await start({ dataDirectory });
  });
});
