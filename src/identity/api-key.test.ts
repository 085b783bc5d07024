import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsePrincipalId, parseTenantId } from '../core/index.ts';
import { createAccessKey } from './access-key.ts';
import { type ApiKey, createApiKey, createApiKeyMatcher, parseApiKey } from './api-key.ts';
import { createSeededKeyRing, createStoppedClock } from './memory-store.suite.ts';

const keyRing = createSeededKeyRing();
const clock = createStoppedClock();
const issuer = { keyRing, clock };
const owner = { tenant: parseTenantId('bank'), principal: parsePrincipalId('teller-app') };
const matches = createApiKeyMatcher(keyRing);

function parsed(text: string): ApiKey {
  const key = parseApiKey(text);
  if (key === undefined) throw new Error('not the shape of an API key');
  return key;
}

describe('an API key', () => {
  it('names its environment and id, and is kept as nothing that holds its secret', () => {
    const { credential, apiKey } = createApiKey({ ...owner, environment: 'prod1', expiresAt: 9 }, issuer);
    expect(apiKey).toMatch(/^sp_prod1_[a-z0-9]{16}_[A-Za-z0-9]{43}$/);
    const { id, secret } = parsed(apiKey);
    expect(credential).toEqual({
      ...owner,
      id,
      kind: 'apiKey',
      secret: expect.any(Uint8Array),
      createdAt: clock.now(),
      expiresAt: 9,
    });
    expect(credential.secret).toHaveLength(32);
    expect(Buffer.from(credential.secret).includes(secret)).toBe(false);
  });

  it('lives until it is revoked unless it is given an end', () => {
    expect(createApiKey({ ...owner, environment: 'a' }, issuer).credential).not.toHaveProperty('expiresAt');
  });

  it('is another every time, and draws from the whole alphabet', () => {
    const keys = Array.from({ length: 200 }, () => parsed(createApiKey({ ...owner, environment: 'a' }, issuer).apiKey));
    expect(new Set(keys.map(({ id }) => id)).size).toBe(200);
    expect(new Set(keys.flatMap(({ secret }) => [...secret])).size).toBe(62);
    expect(new Set(keys.flatMap(({ id }) => [...id])).size).toBe(36);
  });

  it('matches its own credential, and no more once anything in either is changed', () => {
    const { credential, apiKey } = createApiKey({ ...owner, environment: 'prod' }, issuer);
    const key = parsed(apiKey);
    expect(matches(key, credential)).toBe(true);
    const otherSecret = `${key.secret.slice(0, -1)}${key.secret.endsWith('a') ? 'b' : 'a'}`;
    expect(matches({ ...key, secret: otherSecret }, credential)).toBe(false);
    expect(matches({ ...key, environment: 'dev' }, credential)).toBe(false);
    expect(matches(key, { ...credential, id: 'a'.repeat(16) })).toBe(false);
    expect(matches(key, { ...credential, tenant: parseTenantId('thief') })).toBe(false);
    expect(matches(key, { ...credential, principal: parsePrincipalId('admin') })).toBe(false);
    expect(matches(key, { ...credential, expiresAt: 2 ** 45 })).toBe(false);
    expect(createApiKeyMatcher(createSeededKeyRing('other'))(key, credential)).toBe(false);
  });

  it('does not match a credential of another kind', () => {
    const { apiKey } = createApiKey({ ...owner, environment: 'prod' }, issuer);
    expect(matches(parsed(apiKey), createAccessKey(owner, issuer).credential)).toBe(false);
  });

  it.each(['', 'Prod', 'a_b', 'a'.repeat(17), 'é', 'a\n'])('is not made for the environment %j', (environment) => {
    expect(() => createApiKey({ ...owner, environment }, issuer)).toThrow('environment');
  });
});

describe('parseApiKey', () => {
  const id = '3k9f2m1x8q7z5w4v';
  const secret = 'aZ09'.repeat(11).slice(0, 43);

  it('reads a key of the right shape', () => {
    expect(parseApiKey(`sp_dev_${id}_${secret}`)).toEqual({ environment: 'dev', id, secret });
  });

  it.each([
    ['nothing', ''],
    ['another prefix', `sk_dev_${id}_${secret}`],
    ['an upper-case environment', `sp_Dev_${id}_${secret}`],
    ['a long environment', `sp_${'d'.repeat(17)}_${id}_${secret}`],
    ['a short id', `sp_dev_${id.slice(1)}_${secret}`],
    ['an upper-case id', `sp_dev_${id.toUpperCase()}_${secret}`],
    ['a trimmed secret', `sp_dev_${id}_${secret.slice(1)}`],
    ['a longer secret', `sp_dev_${id}_${secret}a`],
    ['a line end', `sp_dev_${id}_${secret}\n`],
    ['space before', ` sp_dev_${id}_${secret}`],
    ['a control character', `sp_dev_${id}_${secret.slice(1)}\0`],
    ['digits of another script', `sp_dev_${id}_${secret.slice(1)}٣`],
    ['a letter that only looks right', `sp_dev_${id}_${secret.slice(1)}а`],
    ['another part', `sp_dev_${id}_${secret}_x`],
  ])('does not read one with %s', (_, text) => {
    expect(parseApiKey(text)).toBeUndefined();
  });

  it('reads no text that is not the key it says, and takes no long time over any', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^sp_[a-z]{0,20}_[a-z0-9_]{0,60}$/)), (text) => {
        const key = parseApiKey(text);
        expect(key === undefined || `sp_${key.environment}_${key.id}_${key.secret}` === text).toBe(true);
      }),
    );
    expect(parseApiKey(`sp_${'a_'.repeat(100_000)}`)).toBeUndefined();
  });
});
