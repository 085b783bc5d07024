import { describe, expect, it } from 'vitest';
import { type Credential, GatewayError, parsePrincipalId, parseTenantId, type RequestHead } from '../core/index.ts';
import { createAccessKey } from './access-key.ts';
import { createApiKey } from './api-key.ts';
import { createAuthenticator } from './authenticator.ts';
import { createCountingStore, createSeededKeyRing, createStoppedClock } from './memory-store.suite.ts';
import { presignHead, signHead } from './sigv4/signed-head.suite.ts';

const owner = { tenant: parseTenantId('bank'), principal: parsePrincipalId('teller-app') };
const BODY = Buffer.from('{"messages":[]}');
const TIMESTAMP = '20260102T030405Z';

function setup(life: { readonly expiresAt?: number } = {}) {
  const keyRing = createSeededKeyRing();
  const clock = createStoppedClock();
  const issuer = { keyRing, clock };
  const key = createApiKey({ ...owner, ...life, environment: 'dev' }, issuer);
  const access = createAccessKey({ ...owner, ...life }, issuer);
  const store = createCountingStore(key.credential, access.credential);
  const options = { credentials: store, keyRing, clock, service: 'bedrock', region: 'us-east-1' };
  const signing = { ...access, timestamp: TIMESTAMP, body: BODY };
  const roads = {
    'an API key': withKey(key.apiKey),
    'a signature': signHead(plain, signing),
    'a presigned request': presignHead(plain, signing),
  };
  return { keyRing, clock, issuer, key, access, store, options, authenticator: createAuthenticator(options), roads };
}

const plain: RequestHead = {
  method: 'POST',
  path: '/model/amazon.nova-lite-v1%3A0/converse',
  query: '',
  headers: [['host', 'localhost:8080']],
  source: '192.0.2.1',
};
const withKey = (text: string): RequestHead => ({ ...plain, headers: [...plain.headers, ['x-api-key', text]] });
const codeOf = (error: unknown) => (error instanceof GatewayError ? error.code : error);
const roads = ['an API key', 'a signature', 'a presigned request'] as const;

function revoke(store: { readonly credentials: Map<string, Credential> }): void {
  for (const [id, credential] of store.credentials) store.credentials.set(id, { ...credential, revokedAt: 1 });
}

describe.each(roads)('%s', (road) => {
  it('gives the caller its credential names', async () => {
    const { authenticator, roads, key, access } = setup();
    const isKey = road === 'an API key';
    expect(await (await authenticator.begin(roads[road])).complete(BODY)).toEqual({
      ...owner,
      credentialId: isKey ? key.credential.id : access.accessKeyId,
      credentialKind: isKey ? 'apiKey' : 'sigv4',
    });
  });

  it('is refused before the body within half a second of being revoked', async () => {
    const { authenticator, roads, store, clock } = setup();
    await authenticator.begin(roads[road]);
    revoke(store);
    clock.time += 500;
    expect(await authenticator.begin(roads[road]).catch(codeOf)).toBe('unauthenticated');
  });

  it('is refused after the body where it was revoked while the body came', async () => {
    const { authenticator, roads, store, clock } = setup();
    const pending = await authenticator.begin(roads[road]);
    revoke(store);
    clock.time += 500;
    expect(await pending.complete(BODY).catch(codeOf)).toBe('unauthenticated');
  });

  it('is good until the millisecond it expires', async () => {
    const expiresAt = createStoppedClock().now() + 1000;
    const { authenticator, roads, clock } = setup({ expiresAt });
    clock.time = expiresAt - 1;
    const pending = await authenticator.begin(roads[road]);
    await pending.complete(BODY);
    clock.time = expiresAt;
    expect(await pending.complete(BODY).catch(codeOf)).toBe('unauthenticated');
    expect(await authenticator.begin(roads[road]).catch(codeOf)).toBe('unauthenticated');
  });

  it('is refused where its credential is gone', async () => {
    const { authenticator, roads, store } = setup();
    store.credentials.clear();
    expect(await authenticator.begin(roads[road]).catch(codeOf)).toBe('unauthenticated');
  });

  it('is refused under another key ring', async () => {
    const { options, roads } = setup();
    const authenticator = createAuthenticator({ ...options, keyRing: createSeededKeyRing('other') });
    await expect(authenticator.begin(roads[road]).then((pending) => pending.complete(BODY))).rejects.toThrow();
  });

  it('is refused where someone gave it to another principal in the store', async () => {
    const { authenticator, roads, store, clock } = setup();
    await (await authenticator.begin(roads[road])).complete(BODY);
    for (const [id, one] of store.credentials) {
      store.credentials.set(id, { ...one, principal: parsePrincipalId('admin') });
    }
    clock.time += 500;
    await expect(authenticator.begin(roads[road]).then((pending) => pending.complete(BODY))).rejects.toThrow();
  });

  it('is not refused for want of a credential where the store failed', async () => {
    const { authenticator, roads, store } = setup();
    store.failing = true;
    await expect(authenticator.begin(roads[road])).rejects.toMatchObject({ code: 'credentialsUnavailable' });
  });

  it('is never slowed by the failures of others from its address', async () => {
    const { authenticator, roads } = setup();
    let waiting = 40;
    const failures = Array.from({ length: waiting }, () =>
      authenticator.begin(plain).catch(() => {
        waiting -= 1;
      }),
    );
    await failures[0];
    await (await authenticator.begin(roads[road])).complete(BODY);
    expect(waiting).toBeGreaterThan(0);
    await Promise.all(failures);
  });
});

describe('an API key', () => {
  it('is refused with another secret, environment, id or shape, all in the same words', async () => {
    const { authenticator, key, store } = setup();
    const { id } = key.credential;
    const other = key.apiKey.endsWith('a') ? 'b' : 'a';
    const messages = new Set<string>();
    for (const text of [
      key.apiKey.slice(0, -1) + other,
      key.apiKey.replace('sp_dev_', 'sp_prod_'),
      key.apiKey.replace(id, '0'.repeat(16)),
      key.apiKey.slice(0, -1),
      key.apiKey.toUpperCase(),
      id,
    ]) {
      const error = await authenticator.begin(withKey(text)).catch((thrown: unknown) => thrown);
      expect(error, text).toMatchObject({ code: 'unauthenticated' });
      messages.add(String(error));
    }
    expect([...messages]).toEqual(['GatewayError: No valid credential was presented.']);
    expect(store.asked).toBe(2);
  });

  it('keeps its pace: a source that guesses is slowed', async () => {
    const { authenticator } = setup();
    const guess = withKey(`sp_dev_${'0'.repeat(16)}_${'0'.repeat(43)}`);
    await Promise.all(Array.from({ length: 19 }, () => authenticator.begin(guess).catch(codeOf)));
    const before = performance.now();
    await authenticator.begin(guess).catch(codeOf);
    expect(performance.now() - before).toBeGreaterThan(45);
  });
});

describe('a signature', () => {
  it('of a wrong secret slows its source too, though it fails after the body', async () => {
    const { authenticator, access } = setup();
    const forged = signHead(plain, { ...access, secretAccessKey: 'x'.repeat(40), timestamp: TIMESTAMP, body: BODY });
    const attempt = async () => (await authenticator.begin(forged)).complete(BODY).catch(codeOf);
    expect(new Set(await Promise.all(Array.from({ length: 19 }, attempt)))).toEqual(new Set(['signatureMismatch']));
    const before = performance.now();
    await attempt();
    expect(performance.now() - before).toBeGreaterThan(45);
  });

  it('asks the store for no id that cannot be one', async () => {
    const { authenticator, access, store } = setup();
    const head = signHead(plain, { ...access, accessKeyId: 'AKIAIOSFODNN7EXAMPLE', timestamp: TIMESTAMP });
    expect(await authenticator.begin(head).catch(codeOf)).toBe('unauthenticated');
    expect(store.asked).toBe(0);
  });

  it('verifies on the days before and after midnight with the key of each', async () => {
    const { authenticator, access, clock } = setup();
    for (const timestamp of ['20260102T235959Z', '20260103T000001Z', '20260102T235958Z']) {
      clock.time = Date.UTC(2026, 0, 3);
      const pending = await authenticator.begin(signHead(plain, { ...access, timestamp, body: BODY }));
      expect(await pending.complete(BODY)).toMatchObject(owner);
    }
  });

  it('signs a normalised path only where the gateway says so', async () => {
    const { options, access } = setup();
    const head = { ...plain, path: '/a/./b//c/../d' };
    const normalised = signHead(head, { ...access, timestamp: TIMESTAMP, body: BODY, normalizePath: true });
    const asItIs = signHead(head, { ...access, timestamp: TIMESTAMP, body: BODY });
    const verify = async (signed: RequestHead, normalizePath?: () => boolean) => {
      const authenticator = createAuthenticator({ ...options, ...(normalizePath && { normalizePath }) });
      return (await authenticator.begin(signed)).complete(BODY).then(() => 'accepted', codeOf);
    };
    expect(await verify(asItIs)).toBe('accepted');
    expect(await verify(normalised)).toBe('signatureMismatch');
    expect(await verify(normalised, () => true)).toBe('accepted');
    expect(await verify(asItIs, () => true)).toBe('signatureMismatch');
  });
});
