import { expect, it } from 'vitest';
import type { HoldStore } from '../core/index.ts';

/** What every store of legal holds does. `open` gives two handles on the same new, empty storage. */
export function itStoresHolds(open: () => Promise<readonly [HoldStore, HoldStore]>): void {
  it('lists what was placed, for every process, and keeps when it began', async () => {
    const [store, other] = await open();
    expect(await store.list()).toEqual([]);
    await store.place({ tenant: 'bank', since: 5 });
    await store.place({ tenant: 'bank', subject: 'app', since: 6 });
    await other.place({ tenant: 'bank', since: 9 });
    expect(await other.list()).toStrictEqual([
      { tenant: 'bank', since: 5 },
      { tenant: 'bank', subject: 'app', since: 6 },
    ]);
  });

  it('lifts one hold, and no other', async () => {
    const [store] = await open();
    await store.place({ tenant: 'bank', since: 5 });
    await store.place({ tenant: 'bank', subject: 'app', since: 6 });
    expect(await store.lift({ tenant: 'bank', subject: 'web' })).toBe(false);
    expect(await store.lift({ tenant: 'bank' })).toBe(true);
    expect(await store.lift({ tenant: 'bank' })).toBe(false);
    expect(await store.list()).toStrictEqual([{ tenant: 'bank', subject: 'app', since: 6 }]);
  });
}
