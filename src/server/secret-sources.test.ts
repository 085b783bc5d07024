import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type SecretsServer, startSecretsServer } from '../../tools/secrets-server.ts';
import { ConfigError, demoConfigText, parseConfig, resolveSecret } from '../config/index.ts';
import { configFile, removeTemporaryDirectories, start, temporaryDirectory } from './gateway.suite.ts';
import { createLiveSecrets, createSecretSources } from './secret-sources.ts';

let server: SecretsServer;
beforeAll(async () => {
  server = await startSecretsServer();
});
beforeEach(() => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIDEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  server.requests.length = 0;
});
afterEach(() => {
  vi.unstubAllEnvs();
  server.refuse(undefined);
});
afterAll(async () => {
  removeTemporaryDirectories();
  await server.close();
});

function sourcesOf() {
  const more = `aws: { endpoints: { secretsManager: "${server.url}", ssm: "${server.url}" } }`;
  return createSecretSources(parseConfig(`${demoConfigText}\n${more}`, { path: 'demo.yaml' }));
}

const MINUTE_MS = 60_000;

/** Live secrets on a clock of the test. */
function live(refs: Parameters<typeof createLiveSecrets>[0], staleMs?: number) {
  let now = 0;
  const faults: unknown[] = [];
  const options = { sources: sourcesOf(), clock: { now: () => now }, onFault: (cause: unknown) => faults.push(cause) };
  const read = createLiveSecrets(refs, { ...options, ...(staleMs === undefined ? {} : { staleMs }) });
  return {
    faults,
    async at(minutes: number) {
      now = minutes * MINUTE_MS;
      return read();
    },
  };
}

describe('the sources of secrets', () => {
  it('are the environment, files and AWS, each told in the operator’s words', async () => {
    vi.stubEnv('SP_TEST', 'of the environment');
    const file = join(temporaryDirectory(), 'secret');
    writeFileSync(file, 'of a file\n');
    server.parameters.set('/token', 'of AWS');
    const sources = sourcesOf();
    expect(await resolveSecret({ env: 'SP_TEST' }, sources)).toBe('of the environment');
    expect(await resolveSecret({ file }, sources)).toBe('of a file');
    expect(await resolveSecret({ ssm: '/token' }, sources)).toBe('of AWS');
    const missing = resolveSecret({ secretsManager: 'none' }, sources);
    await expect(missing).rejects.toThrow(ConfigError);
    await expect(missing).rejects.toThrow('the secret none cannot be read (ResourceNotFoundException)');
  });
});

describe('the token of a sink', () => {
  it('is read from AWS by the thread that sends checkpoints, and its absence ends the start', async () => {
    const heard = Promise.withResolvers<string | undefined>();
    const hook = createServer((request, response) => {
      heard.resolve(request.headers.authorization);
      response.writeHead(204).end();
    });
    hook.listen(0, '127.0.0.1');
    await once(hook, 'listening');
    const url = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/`;
    const file = configFile(
      `aws: { endpoints: { ssm: "${server.url}" } }
audit: { sinks: [{ name: hook, kind: webhook, url: "${url}", token: { ssm: /hook/token } }] }`,
    );
    await expect(start({ configFile: file })).rejects.toThrow('the parameter /hook/token cannot be read');
    server.parameters.set('/hook/token', 't0ken');
    {
      await using _started = await start({ configFile: file });
      expect(await heard.promise).toBe('Bearer t0ken');
    }
    hook.close();
  });
});

describe('live secrets', () => {
  it('are read anew within five minutes, and are the same object until one is another', async () => {
    server.secrets.set('keys', '{"id":"AKID1","secret":"one"}');
    const { at } = live({
      id: { secretsManager: 'keys', field: 'id' },
      secret: { secretsManager: 'keys', field: 'secret' },
      token: undefined,
    });
    const first = await at(0);
    expect(first).toEqual({ id: 'AKID1', secret: 'one' });
    expect(await at(3.9)).toBe(first);
    expect(server.requests).toHaveLength(1);
    expect(await at(5)).toBe(first);
    expect(server.requests).toHaveLength(2);
    server.secrets.set('keys', '{"id":"AKID2","secret":"two"}');
    expect(await at(10)).toEqual({ id: 'AKID2', secret: 'two' });
  });

  it('are used on for an hour where they cannot be read, which is told each time', async () => {
    server.secrets.set('token', 'kept');
    const { at, faults } = live({ token: { secretsManager: 'token' } });
    await at(0);
    server.refuse('InternalServiceError');
    expect(await at(5)).toEqual({ token: 'kept' });
    expect(await at(59)).toEqual({ token: 'kept' });
    expect(faults).toHaveLength(2);
    await expect(at(60)).rejects.toThrow('the secret token cannot be read');
    server.refuse(undefined);
    expect(await at(61)).toEqual({ token: 'kept' });
  });

  it('are used no longer than five minutes where that is asked for', async () => {
    server.secrets.set('token', 'kept');
    const { at } = live({ token: { secretsManager: 'token' } }, 0);
    await at(0);
    server.refuse('InternalServiceError');
    await expect(at(5)).rejects.toThrow(ConfigError);
  });
});
