import { expect, it } from 'vitest';
import type { WrappedKey, WrappedKeyStore } from '../core/index.ts';

const wrappedKey = (seed: number, subject = 'teller-app'): WrappedKey => ({
  tenant: 'bank',
  subject,
  keyId: new Uint8Array(16).fill(seed),
  wrapped: Uint8Array.from({ length: 400 }, (_, at) => at + seed),
  generation: 1,
});

/** What every store of wrapped keys does. `open` gives two handles on the same new, empty storage. */
export function itStoresWrappedKeys(open: () => Promise<readonly [WrappedKeyStore, WrappedKeyStore]>): void {
  it('finds a key by its subject and by its id, byte for byte', async () => {
    const [store] = await open();
    const key = wrappedKey(1);
    expect(await store.createIfAbsent(key)).toStrictEqual(key);
    expect(await store.find('bank', 'teller-app')).toStrictEqual(key);
    expect(await store.findById(key.keyId)).toStrictEqual(key);
    // Bytes out of the middle of a buffer, as they come from a file.
    expect(await store.findById(Buffer.concat([key.keyId, key.keyId]).subarray(16))).toStrictEqual(key);
    expect(await store.find('bank', 'other')).toBeUndefined();
    expect(await store.find('other', 'teller-app')).toBeUndefined();
    expect(await store.findById(new Uint8Array(16))).toBeUndefined();
  });

  it('keeps the first key of a subject', async () => {
    const [store] = await open();
    const first = await store.createIfAbsent(wrappedKey(1));
    expect(await store.createIfAbsent(wrappedKey(2))).toStrictEqual(first);
    expect(await store.findById(wrappedKey(2).keyId)).toBeUndefined();
    expect(await store.createIfAbsent(wrappedKey(3, 'batch'))).toStrictEqual(wrappedKey(3, 'batch'));
  });

  it('gives one id to one key only', async () => {
    const [store] = await open();
    await store.createIfAbsent(wrappedKey(1));
    await expect(store.createIfAbsent(wrappedKey(1, 'batch'))).rejects.toThrow();
    expect(await store.find('bank', 'batch')).toBeUndefined();
  });

  it('gives all who ask at once the same key', async () => {
    const stores = await open();
    const all = [...stores, ...stores, ...stores].map((store, at) => store.createIfAbsent(wrappedKey(at + 1)));
    const kept = await Promise.all(all);
    expect(new Set(kept.map(({ keyId }) => Buffer.from(keyId).toString('hex'))).size).toBe(1);
  });

  it('shows each write to every handle at once', async () => {
    const [one, other] = await open();
    expect(await other.findById(wrappedKey(1).keyId)).toBeUndefined();
    await one.createIfAbsent(wrappedKey(1));
    expect(await other.findById(wrappedKey(1).keyId)).toStrictEqual(wrappedKey(1));
  });

  it('lists keys by tenant', async () => {
    const [store, other] = await open();
    const keys = [wrappedKey(1), wrappedKey(2, 'web'), { ...wrappedKey(3), tenant: 'other' }];
    for (const key of keys.toReversed()) await store.createIfAbsent(key);
    expect(await other.list()).toStrictEqual(keys);
    expect(await other.list('bank')).toStrictEqual(keys.slice(0, 2));
    expect(await other.list('nobody')).toEqual([]);
  });

  it('takes a key that was wrapped anew, in the place of what it was', async () => {
    const [store] = await open();
    const key = await store.createIfAbsent(wrappedKey(1));
    const anew = { wrapped: wrappedKey(9).wrapped, generation: 2 };
    expect(await store.rewrap(key, anew)).toBe(true);
    expect(await store.rewrap(key, anew)).toBe(false);
    expect(await store.find('bank', 'teller-app')).toStrictEqual({ ...key, ...anew });
  });

  it('destroys a key, tells since when, and makes room for another', async () => {
    const [store, other] = await open();
    await store.createIfAbsent(wrappedKey(1));
    await store.createIfAbsent(wrappedKey(2, 'web'));
    expect(await store.destroyedSince(0)).toEqual([]);
    expect(await store.destroy(wrappedKey(1).keyId, 50)).toBe(true);
    expect(await store.destroy(wrappedKey(1).keyId, 60)).toBe(false);
    expect(await store.destroy(wrappedKey(8).keyId, 60)).toBe(false);
    expect(await other.find('bank', 'teller-app')).toBeUndefined();
    expect(await other.findById(wrappedKey(1).keyId)).toBeUndefined();
    expect(await other.destroyedSince(50)).toStrictEqual([wrappedKey(1).keyId]);
    expect(await other.destroyedSince(51)).toEqual([]);
    expect(await store.createIfAbsent(wrappedKey(3))).toStrictEqual(wrappedKey(3));
    expect(await store.list()).toHaveLength(2);
  });

  it('counts wraps, and goes on to another generation when it is told to', async () => {
    const [store, other] = await open();
    expect(await Promise.all([store.countWrap(), other.countWrap()])).toEqual([1, 1]);
    expect(await store.advanceGeneration()).toBe(2);
    expect(await other.countWrap()).toBe(2);
  });
}
