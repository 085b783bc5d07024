import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createObjectStoreOn } from './disk-object-store.ts';
import { localObjectDisk } from './local-object-disk-store.ts';
import type { ObjectDisk } from './object-disk.ts';

const directories: string[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-objects-'));
  directories.push(directory);
  return directory;
}

const aside = (directory: string) => {
  const path = join(directory, '.new');
  return existsSync(path) ? readdirSync(path) : [];
};

type Operation = keyof ObjectDisk;
const faults = ['fails', 'lands but fails', 'is short', 'fills the disk'] as const;
type Fault = (typeof faults)[number];

/** The local disk, of which one operation goes wrong: the `nth` of its kind, counted from 1 from when it is armed. */
function createFaultyDisk(kind: Operation | 'any', fault: Fault, nth: number) {
  let count = Number.NEGATIVE_INFINITY;
  const isNext = (operation: Operation): boolean => {
    if (kind !== 'any' && kind !== operation) return false;
    count += 1;
    return count === nth;
  };
  const wrap =
    <Given extends unknown[], Result>(operation: Operation, perform: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      if (!isNext(operation)) return perform(...given);
      if (fault === 'lands but fails') await perform(...given);
      const isPartial = operation === 'write' && (fault === 'is short' || fault === 'fills the disk');
      if (isPartial) writeFileSync(String(given[0]), Buffer.from(String(given[1])).subarray(0, 7));
      throw Object.assign(new Error('planted'), { code: fault === 'fills the disk' ? 'ENOSPC' : 'EIO' });
    };
  const local = localObjectDisk;
  const disk: ObjectDisk = {
    makeDirectory: wrap('makeDirectory', local.makeDirectory),
    isBelow: wrap('isBelow', local.isBelow),
    write: wrap('write', local.write),
    link: wrap('link', local.link),
    rename: wrap('rename', local.rename),
    sync: wrap('sync', local.sync),
    remove: wrap('remove', local.remove),
    discard: wrap('discard', local.discard),
    read: wrap('read', local.read),
    list: wrap('list', local.list),
    modifiedAt: wrap('modifiedAt', local.modifiedAt),
  };
  return {
    disk,
    arm: () => {
      count = 0;
    },
    isDone: () => count >= nth,
  };
}

const whole = Buffer.from('the whole object');
const code = (fault: Fault) => (fault === 'fills the disk' ? 'ENOSPC' : 'EIO');

/** What is asked of the store, and what may be at the path after it has failed. */
const actions = {
  create: {
    perform: (store) => store.create('a/b', whole, { isLocked: true }),
    before: undefined,
    after: whole,
  },
  'create again': {
    perform: (store) => store.create('a/b', whole, { isLocked: true }),
    before: whole,
    after: whole,
  },
  replace: {
    perform: (store) => store.replace('a/b', whole, (now) => now === undefined || now.length < whole.length),
    before: Buffer.from('the old one'),
    after: whole,
  },
  'replace what is the same': {
    perform: (store) => store.replace('a/b', whole, (now) => now === undefined || now.length < whole.length),
    before: whole,
    after: whole,
  },
  remove: { perform: (store) => store.remove('a/b'), before: whole, after: undefined },
} as const satisfies Record<
  string,
  {
    readonly perform: (store: ReturnType<typeof createObjectStoreOn>) => Promise<unknown>;
    readonly before: Buffer | undefined;
    readonly after: Buffer | undefined;
  }
>;

/** The operations of each, but for those of clearing up, which have rows of their own. */
const rows = (
  [
    ['create', ['makeDirectory', 'isBelow', 'list', 'write', 'link']],
    ['create again', ['makeDirectory', 'isBelow', 'list', 'write', 'link', 'read']],
    ['replace', ['makeDirectory', 'isBelow', 'list', 'write', 'rename', 'read']],
    ['replace what is the same', ['isBelow', 'read', 'sync']],
    ['remove', ['isBelow', 'remove']],
  ] as const
).flatMap(([action, operations]) =>
  operations.flatMap((operation) => faults.map((fault) => ({ action, operation, fault }))),
);

describe('a disk that goes wrong', () => {
  it.each(rows)('at $operation of $action, which $fault, has the object whole, and takes it again', async (row) => {
    const { perform, before, after } = actions[row.action];
    for (let nth = 1; ; nth += 1) {
      const directory = newDirectory();
      const plain = createObjectStoreOn(localObjectDisk, { directory });
      if (before !== undefined) await plain.create('a/b', before, { isLocked: false });
      const { disk, arm, isDone } = createFaultyDisk(row.operation, row.fault, nth);
      const store = createObjectStoreOn(disk, { directory });
      arm();
      const outcome = await perform(store).then(
        () => 'done',
        (error: unknown) => error,
      );
      if (!isDone()) {
        expect(nth).toBeGreaterThan(1);
        return;
      }
      expect(outcome).toMatchObject({ code: code(row.fault) });
      const there = await plain.read('a/b');
      expect([before, after]).toContainEqual(there);
      expect(aside(directory)).toEqual([]);
      await perform(store);
      expect(await plain.read('a/b')).toEqual(after);
      const names: string[] = [];
      for await (const name of plain.list('')) names.push(name);
      expect(names).toEqual(after === undefined ? [] : ['a/b']);
    }
  });

  it.each(faults)('where what was written aside cannot be removed, as it %s, is done all the same', async (fault) => {
    const directory = newDirectory();
    const { disk, arm, isDone } = createFaultyDisk('discard', fault, 1);
    const store = createObjectStoreOn(disk, { directory });
    arm();
    await store.create('a', whole, { isLocked: true });
    expect(isDone()).toBe(true);
    expect(await store.read('a')).toEqual(whole);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000);
    await store.create('b', whole, { isLocked: true });
    expect(aside(directory)).toEqual([]);
  });

  it.each(['modifiedAt', 'discard'] as const)('where %s fails of what a crash left, says so', async (operation) => {
    const directory = newDirectory();
    const { disk, arm } = createFaultyDisk('write', 'is short', 1);
    const crashing = createObjectStoreOn({ ...disk, discard: async () => {} }, { directory });
    arm();
    await expect(crashing.create('a', whole, { isLocked: true })).rejects.toMatchObject({ code: 'EIO' });
    expect(aside(directory)).toHaveLength(1);
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 11 * 60_000);
    const faulty = createFaultyDisk(operation, 'fails', 1);
    const store = createObjectStoreOn(faulty.disk, { directory });
    faulty.arm();
    await expect(store.create('a', whole, { isLocked: true })).rejects.toMatchObject({ code: 'EIO' });
    expect(await store.read('a')).toBeUndefined();
    await store.create('a', whole, { isLocked: true });
    expect(aside(directory)).toEqual([]);
  });

  it('tells of the first of two faults', async () => {
    const disk: ObjectDisk = {
      ...localObjectDisk,
      write: () => Promise.reject(new Error('the disk is full')),
      discard: () => Promise.reject(new Error('it cannot be removed')),
    };
    const store = createObjectStoreOn(disk, { directory: newDirectory() });
    await expect(store.create('a', whole, { isLocked: true })).rejects.toThrow('the disk is full');
  });
});
