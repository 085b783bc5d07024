import { expect, it } from 'vitest';
import type { HeadStore } from '../core/index.ts';

const one = Uint8Array.of(1, 2, 3);
const two = new Uint8Array(300_000).fill(7);

/** What every head store does. `open` gives two handles on the same new, empty storage. */
export function itStoresHeads(open: () => Promise<readonly [HeadStore, HeadStore]>): void {
  it('has none at first, and then the one that was put there, for every process', async () => {
    const [store, other] = await open();
    expect(await store.read()).toBeUndefined();
    expect(await store.replace(undefined, one)).toBe(true);
    expect(await other.read()).toStrictEqual(one);
    expect(await other.replace(one, two)).toBe(true);
    expect(await store.read()).toStrictEqual(two);
  });

  it('replaces only what is there', async () => {
    const [store] = await open();
    expect(await store.replace(one, two)).toBe(false);
    expect(await store.read()).toBeUndefined();
    await store.replace(undefined, one);
    expect(await store.replace(undefined, two)).toBe(false);
    expect(await store.replace(Uint8Array.of(1, 2), two)).toBe(false);
    expect(await store.replace(Buffer.concat([one, one]).subarray(3), two)).toBe(true);
    expect(await store.read()).toStrictEqual(two);
  });

  it('lets one of those win who replace it at once', async () => {
    const stores = await open();
    for (let round = 0; round < 10; round += 1) {
      const old = await stores[0].read();
      const next = (n: number) => Uint8Array.of(round, n);
      const won = await Promise.all([0, 1, 2, 3].map((n) => (stores[n % 2] ?? stores[0]).replace(old, next(n))));
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await stores[1].read()).toStrictEqual(next(won.indexOf(true)));
    }
  });
}
