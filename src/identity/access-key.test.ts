import { describe, expect, it } from 'vitest';
import { parsePrincipalId, parseTenantId } from '../core/index.ts';
import { createAccessKey, createSecretOpener, isAccessKeyId } from './access-key.ts';
import { createSeededKeyRing, createStoppedClock } from './memory-store.suite.ts';

const keyRing = createSeededKeyRing();
const clock = createStoppedClock();
const issuer = { keyRing, clock };
const owner = { tenant: parseTenantId('bank'), principal: parsePrincipalId('teller-app') };
const open = createSecretOpener(keyRing);

describe('an access key', () => {
  it('has the form SDKs expect, and is kept as nothing that holds its secret', () => {
    const { credential, accessKeyId, secretAccessKey } = createAccessKey({ ...owner, expiresAt: 9 }, issuer);
    expect(isAccessKeyId(accessKeyId)).toBe(true);
    expect(accessKeyId).toHaveLength(20);
    expect(secretAccessKey).toMatch(/^[A-Za-z0-9+/]{40}$/);
    expect(credential).toEqual({
      ...owner,
      id: accessKeyId,
      kind: 'sigv4',
      secret: expect.any(Uint8Array),
      createdAt: clock.now(),
      expiresAt: 9,
    });
    expect(Buffer.from(credential.secret).includes(secretAccessKey)).toBe(false);
    expect(open(credential)).toBe(secretAccessKey);
    expect(createAccessKey(owner, issuer).credential).not.toHaveProperty('expiresAt');
  });

  it('is another every time, in id, secret and ciphertext', () => {
    const keys = Array.from({ length: 100 }, () => createAccessKey(owner, issuer));
    expect(new Set(keys.map(({ accessKeyId }) => accessKeyId)).size).toBe(100);
    expect(new Set(keys.map(({ secretAccessKey }) => secretAccessKey)).size).toBe(100);
    expect(new Set(keys.map(({ credential }) => String(credential.secret.subarray(0, 12)))).size).toBe(100);
  });

  it('does not give its secret once anything it is bound to is changed, or under another key ring', () => {
    const { credential } = createAccessKey(owner, issuer);
    const { accessKeyId: id } = createAccessKey(owner, issuer);
    for (const change of [
      { id },
      { tenant: parseTenantId('thief') },
      { principal: parsePrincipalId('admin') },
      { expiresAt: 2 ** 45 },
      { kind: 'apiKey' as const },
      { secret: new Uint8Array(32) },
    ]) {
      expect(() => open({ ...credential, ...change }), JSON.stringify(change)).toThrow();
    }
    expect(() => createSecretOpener(createSeededKeyRing('other'))(credential)).toThrow();
  });

  it('does not give its secret once any byte of it is changed', () => {
    const { credential } = createAccessKey(owner, issuer);
    for (let at = 0; at < credential.secret.length; at += 1) {
      const secret = Uint8Array.from(credential.secret, (byte, index) => (index === at ? byte ^ 1 : byte));
      expect(() => open({ ...credential, secret })).toThrow();
    }
  });

  it.each([
    '',
    'SPAK',
    'AKIAIOSFODNN7EXAMPLE',
    `SPAK${'A'.repeat(15)}`,
    `SPAK${'A'.repeat(17)}`,
    `SPAK${'a'.repeat(16)}`,
  ])('never has the id %j', (text) => {
    expect(isAccessKeyId(text)).toBe(false);
  });
});
