import { describe, expect, it } from 'vitest';
import { parsePrincipalId, parseTenantId } from '../core/index.ts';
import { createApiKey, createApiKeyMatcher } from './api-key.ts';
import { createApiKeyVerifier } from './api-key-verifier.ts';
import { createCountingStore, createSeededKeyRing, createStoppedClock } from './memory-store.suite.ts';

const keyRing = createSeededKeyRing();
const clock = createStoppedClock();
const owner = { tenant: parseTenantId('bank'), principal: parsePrincipalId('teller-app'), environment: 'dev' };
const { credential, apiKey } = createApiKey(owner, { keyRing, clock });

describe('verifying an API key', () => {
  it('does the same work for an id that exists, one that does not, and one that is revoked', async () => {
    const unknown = apiKey.replace(credential.id, '0'.repeat(16));
    const wrong = apiKey.slice(0, -1) + (apiKey.endsWith('a') ? 'b' : 'a');
    const work: (readonly [looked: number, hashed: readonly number[]])[] = [];
    for (const [text, one] of [
      [unknown, credential],
      [wrong, credential],
      [apiKey, { ...credential, revokedAt: 1 }],
    ] as const) {
      const store = createCountingStore(one);
      const hashed: number[] = [];
      const matches = createApiKeyMatcher(keyRing);
      const verify = createApiKeyVerifier({
        find: (id) => store.find(id),
        clock,
        matches: (key, against) => {
          hashed.push(against.secret.length);
          return matches(key, against);
        },
      });
      await expect(verify(text)).rejects.toMatchObject({ code: 'unauthenticated' });
      work.push([store.asked, hashed]);
    }
    expect(work).toEqual(Array(3).fill([1, [32]]));
  });

  it('takes no one for the stand-in of an unknown id', async () => {
    const verify = createApiKeyVerifier({ find: async () => undefined, clock, matches: () => true });
    await expect(verify(apiKey)).rejects.toMatchObject({ code: 'unauthenticated' });
  });
});
