import { expect, it } from 'vitest';
import type { WrappedKey, WrappedKeyStore } from '../core/index.ts';

const wrappedKey = (seed: number, subject = 'teller-app'): WrappedKey => ({
  tenant: 'bank',
  subject,
  keyId: new Uint8Array(16).fill(seed),
  wrapped: Uint8Array.from({ length: 400 }, (_, at) => at + seed),
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
}
