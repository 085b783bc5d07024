import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import type { JournalDisk } from './disk.ts';
import {
  callerOf,
  cleanUp,
  createPlace,
  leakyDisk,
  requestIdOf,
  requestOf,
  responseOf,
} from './journal-fixture.suite.ts';

type Operation = 'prepare' | 'list' | 'read' | 'readEnd' | 'create' | 'open' | 'truncate' | 'remove' | AppendOperation;
type AppendOperation = 'append' | 'close';

const faults = ['fails', 'lands but fails', 'is short', 'fills the disk'] as const;
type Fault = (typeof faults)[number];

/** The local disk, on which one operation goes wrong: the one for which `isNext` says so. */
function createFaultyDisk(fault: Fault, isNext: (operation: Operation) => boolean) {
  const operations: Operation[] = [];

  async function attempt<T>(operation: Operation, perform: () => Promise<T>): Promise<T> {
    operations.push(operation);
    if (!isNext(operation)) return perform();
    if (fault === 'lands but fails') await perform();
    throw new Error('EIO');
  }

  const wrap = (file: Awaited<ReturnType<JournalDisk['open']>>): typeof file => ({
    async append(bytes) {
      operations.push('append');
      if (!isNext('append')) return file.append(bytes);
      if (fault === 'fails') throw new Error('EIO');
      const written = await file.append(fault === 'lands but fails' ? bytes : bytes.subarray(0, bytes.length / 2));
      if (fault === 'is short') return written;
      throw new Error(fault === 'fills the disk' ? 'ENOSPC' : 'EIO');
    },
    close: () => attempt('close', () => file.close()),
  });

  const disk: JournalDisk = {
    prepare: (directory) => attempt('prepare', () => leakyDisk.prepare(directory)),
    list: (directory) => attempt('list', () => leakyDisk.list(directory)),
    read: (file) => attempt('read', () => leakyDisk.read(file)),
    readEnd: (file, length) => attempt('readEnd', () => leakyDisk.readEnd(file, length)),
    readDurable: (file, offset, length) => attempt('read', () => leakyDisk.readDurable(file, offset, length)),
    create: (file, bytes) => attempt('create', async () => wrap(await leakyDisk.create(file, bytes))),
    open: (file) => attempt('open', async () => wrap(await leakyDisk.open(file))),
    truncate: (file, length) => attempt('truncate', () => leakyDisk.truncate(file, length)),
    remove: (file) => attempt('remove', () => leakyDisk.remove(file)),
  };
  return { disk, operations };
}

/** True for the n-th of the operations named, counted from 1 from the moment it is armed. */
function createTrigger(operation: Operation | 'any', nth: number) {
  let count = Number.NEGATIVE_INFINITY;
  return {
    arm: () => {
      count = 0;
    },
    isNext: (given: Operation) => {
      if (operation !== 'any' && given !== operation) return false;
      count += 1;
      return count === nth;
    },
  };
}

afterEach(cleanUp);

const unavailable = { code: 'journalUnavailable' };
const rows = [1, 2, 5].flatMap((nth) => [
  ...faults.map((fault) => ({ operation: 'append' as const, nth, fault, fileBytes: 1e6 })),
  ...faults.slice(0, 2).map((fault) => ({ operation: 'create' as const, nth, fault, fileBytes: 200 })),
  ...faults.slice(0, 2).map((fault) => ({ operation: 'close' as const, nth, fault, fileBytes: 200 })),
]);

describe('a disk that goes wrong', () => {
  it.each(rows)('ends the journal where $operation $nth $fault, and nothing acknowledged is lost', async (row) => {
    const place = createPlace();
    const trigger = createTrigger(row.operation, row.nth);
    const { disk, operations } = createFaultyDisk(row.fault, trigger.isNext);
    const journal = await place.open({ disk, fileBytes: row.fileBytes });
    trigger.arm();
    const acknowledged: number[] = [];
    const refused: unknown[] = [];
    for (let n = 0; n < 8; n += 1) {
      const together = [0, 1, 2].map(async (k) => {
        await journal.append(requestOf(requestIdOf(3 * n + k)), callerOf());
        acknowledged.push(3 * n + k);
      });
      for (const result of await Promise.allSettled(together)) {
        if (result.status === 'rejected') refused.push(result.reason);
      }
    }
    expect(acknowledged.length).toBeLessThan(24);
    expect(acknowledged.length + refused.length).toBe(24);
    for (const error of refused) expect(error).toMatchObject(unavailable);
    expect(journal.isAvailable()).toBe(false);
    expect(journal.hasFailed()).toBe(true);

    const before = operations.length;
    await expect(journal.append(requestOf(requestIdOf(99)), callerOf())).rejects.toMatchObject(unavailable);
    await expect(journal.append(requestOf(requestIdOf(99)), callerOf('new'))).rejects.toMatchObject(unavailable);
    expect(operations.length).toBe(before);
    expect(place.keys.keys.has('acme/new')).toBe(false);
    await journal.close();

    const next = await place.open();
    await next.close();
    const requests = (await place.entries()).filter(({ entry }) => entry.type === 'request');
    const found = requests.map(({ entry }) => entry.requestId);
    expect(new Set(found).size).toBe(found.length);
    for (const number of acknowledged) {
      expect(await place.find(requestIdOf(number))).toMatchObject([{ kind: 'request' }, { status: 'interrupted' }]);
    }
    expect(next.interrupted).toBe(found.length);
  });

  it('rejects the close that could not write its last', async () => {
    for (const operation of ['append', 'close'] as const) {
      const place = createPlace();
      const trigger = createTrigger(operation, 1);
      const journal = await place.open({ disk: createFaultyDisk('fails', trigger.isNext).disk });
      trigger.arm();
      await expect(journal.close()).rejects.toThrow('EIO');
    }
  });

  it.each(faults)(
    'stops a start at any operation that %s, and the next start recovers',
    async (fault) => {
      for (let nth = 1; ; nth += 1) {
        const place = createPlace();
        await leaveUnfinished(place);
        const trigger = createTrigger('any', nth);
        const { disk, operations } = createFaultyDisk(fault, trigger.isNext);
        trigger.arm();
        const started = await place.open({ disk }).then(
          (journal) => journal,
          () => undefined,
        );
        const next = await place.open();
        await next.close();
        const request = await place.find(requestIdOf(1));
        expect(request.map(({ kind }) => kind)).toEqual(['request', ...request.slice(1).map(() => 'response')]);
        expect(request.length).toBe(2);
        expect(await place.find(requestIdOf(0))).toHaveLength(2);
        expect(readdirSync(place.directory).some((name) => name.endsWith('.new'))).toBe(false);
        if (started !== undefined) {
          expect(operations.length).toBeLessThan(nth);
          expect(nth).toBeGreaterThan(10);
          return;
        }
      }
    },
    30_000,
  );
});

/** One exchange that is whole, one that is open, and an end that is torn. */
async function leaveUnfinished(place: ReturnType<typeof createPlace>): Promise<void> {
  const trigger = createTrigger('append', 4);
  const { disk } = createFaultyDisk('is short', trigger.isNext);
  const journal = await place.open({ disk });
  trigger.arm();
  await journal.append(requestOf(requestIdOf(0)), callerOf());
  await journal.append(responseOf(requestIdOf(0)), callerOf());
  await journal.append(requestOf(requestIdOf(1)), callerOf());
  await expect(journal.append(responseOf(requestIdOf(1)), callerOf())).rejects.toMatchObject(unavailable);
  await journal.close();
}
