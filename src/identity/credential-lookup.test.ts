import { describe, expect, it } from 'vitest';
import { parsePrincipalId, parseTenantId } from '../core/index.ts';
import { createApiKey } from './api-key.ts';
import { createCredentialLookup } from './credential-lookup.ts';
import { createCountingStore, createSeededKeyRing, createStoppedClock } from './memory-store.suite.ts';

const owner = { tenant: parseTenantId('bank'), principal: parsePrincipalId('teller-app'), environment: 'dev' };
const { credential } = createApiKey(owner, { keyRing: createSeededKeyRing(), clock: createStoppedClock() });

function setup() {
  const store = createCountingStore(credential);
  const clock = createStoppedClock();
  return { store, clock, find: createCredentialLookup(store, clock) };
}

describe('the look-up of credentials', () => {
  it('asks the store once for what comes within half a second, and again after it', async () => {
    const { store, clock, find } = setup();
    await Promise.all([find(credential.id), find(credential.id)]);
    clock.time += 499;
    expect(await find(credential.id)).toBe(credential);
    expect(store.asked).toBe(1);
    clock.time += 1;
    store.credentials.set(credential.id, { ...credential, revokedAt: 1 });
    expect(await find(credential.id)).toMatchObject({ revokedAt: 1 });
    expect(store.asked).toBe(2);
  });

  it('remembers as long that there is none, and finds one that was made since', async () => {
    const { store, clock, find } = setup();
    expect(await find('new')).toBeUndefined();
    expect(await find('new')).toBeUndefined();
    expect(store.asked).toBe(1);
    store.credentials.set('new', credential);
    clock.time += 500;
    expect(await find('new')).toBe(credential);
  });

  it('does not trust an answer from the future after the clock was set back', async () => {
    const { store, clock, find } = setup();
    await find(credential.id);
    clock.time -= 3_600_000;
    await find(credential.id);
    expect(store.asked).toBe(2);
  });

  it('passes on that the store failed, and asks it again', async () => {
    const { store, find } = setup();
    store.failing = true;
    await expect(find(credential.id)).rejects.toMatchObject({ code: 'credentialsUnavailable' });
    store.failing = false;
    expect(await find(credential.id)).toBe(credential);
  });

  it('remembers a bounded number, whatever is asked for', async () => {
    const { store, find } = setup();
    await find(credential.id);
    for (let at = 0; at < 5_000; at += 1) await find(`guess-${at}`);
    await find('guess-4999');
    expect(store.asked).toBe(5_001);
    await find(credential.id);
    expect(store.asked).toBe(5_002);
  });
});
