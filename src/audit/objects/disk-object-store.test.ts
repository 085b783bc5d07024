import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createDiskObjectStore, createObjectStoreOn } from './disk-object-store.ts';
import { localObjectDisk } from './local-object-disk-store.ts';
import type { ObjectDisk } from './object-disk.ts';
import { itStoresObjects } from './object-store.suite.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-objects-'));
  directories.push(directory);
  return directory;
}

describe('on the local disk', () => {
  itStoresObjects(async () => createDiskObjectStore({ directory: join(newDirectory(), 'log') }));

  it('keeps objects for their owner alone, and those that are locked from being written', async () => {
    const directory = newDirectory();
    const store = createDiskObjectStore({ directory });
    await store.create('a/locked', Buffer.from('x'), { isLocked: true });
    await store.create('a/open', Buffer.from('x'), { isLocked: false });
    await store.replace('a/checkpoint', Buffer.from('x'), () => true);
    const modes = ['a', 'a/locked', 'a/open', 'a/checkpoint'].map(
      (name) => statSync(join(directory, name)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o400, 0o600, 0o600]);
    await store.remove('a/locked');
    expect(await store.read('a/locked')).toBeUndefined();
  });

  it('neither lists nor reads what a crash left', async () => {
    const directory = newDirectory();
    const store = createDiskObjectStore({ directory });
    await store.create('a/b', Buffer.from('x'), { isLocked: true });
    writeFileSync(join(directory, 'a', 'c.0123456789ab.NEW'), 'half');
    const paths: string[] = [];
    for await (const path of store.list('')) paths.push(path);
    expect(paths).toEqual(['a/b']);
  });

  it('follows no link out of its directory, and takes no directory for an object', async () => {
    const directory = newDirectory();
    const secret = join(newDirectory(), 'secret');
    writeFileSync(secret, 'x');
    symlinkSync(secret, join(directory, 'link'));
    mkdirSync(join(directory, 'dir'));
    writeFileSync(join(directory, 'file'), 'x');
    const store = createDiskObjectStore({ directory });
    await expect(store.read('link')).rejects.toMatchObject({ code: 'ELOOP' });
    expect(await store.read('dir')).toBeUndefined();
    expect(await store.read('file/x')).toBeUndefined();
    for await (const path of store.list('file/')) expect(path).toBe('none');
  });

  it('says so where a directory cannot be read', async () => {
    const failing: ObjectDisk = { ...localObjectDisk, list: () => Promise.reject(new Error('EACCES')) };
    const store = createObjectStoreOn(failing, { directory: newDirectory() });
    await expect(store.list('')[Symbol.asyncIterator]().next()).rejects.toThrow('EACCES');
    const nowhere = join(newDirectory(), 'x'.repeat(300));
    await expect(localObjectDisk.list(nowhere)).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
    await expect(localObjectDisk.remove(nowhere)).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
    await expect(localObjectDisk.link(nowhere, nowhere)).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  });

  it('finds another object where the one that was in the way is gone again', async () => {
    const directory = newDirectory();
    const fleeting: ObjectDisk = { ...localObjectDisk, link: async () => false };
    const store = createObjectStoreOn(fleeting, { directory });
    await expect(store.create('a', Buffer.from('x'), { isLocked: true })).rejects.toMatchObject({
      name: 'LogConflictError',
    });
  });
});

const steps = ['makeDirectory', 'write', 'link', 'rename', 'remove'] as const;
const faults = ['fails', 'lands but fails', 'is short'] as const;
const rows = steps
  .flatMap((step) => faults.map((fault) => ({ step, fault })))
  .filter(({ step, fault }) => fault !== 'is short' || step === 'write');

/** The local disk, of which one step goes wrong once. */
function faultyDisk({ step, fault }: (typeof rows)[number]): ObjectDisk {
  let isDone = false;
  const wrap =
    <Given extends unknown[], Result>(name: string, perform: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      if (name !== step || isDone) return perform(...given);
      isDone = true;
      if (fault === 'lands but fails') await perform(...given);
      if (fault === 'is short') writeFileSync(String(given[0]), Buffer.from(String(given[1])).subarray(0, 2));
      throw new Error('EIO');
    };
  return {
    makeDirectory: wrap('makeDirectory', localObjectDisk.makeDirectory),
    write: wrap('write', localObjectDisk.write),
    link: wrap('link', localObjectDisk.link),
    rename: wrap('rename', localObjectDisk.rename),
    remove: wrap('remove', localObjectDisk.remove),
    read: localObjectDisk.read,
    list: localObjectDisk.list,
  };
}

describe('a disk that goes wrong', () => {
  it.each(rows)(
    'at $step, which $fault, has an object whole or not at all, and takes it when asked again',
    async (row) => {
      const directory = newDirectory();
      const store = createObjectStoreOn(faultyDisk(row), { directory });
      const whole = Buffer.from('the whole object');
      const create = () => store.create('a/b', whole, { isLocked: true });
      await create().catch(() => undefined);
      const after = await store.read('a/b');
      expect(after === undefined || Buffer.compare(after, whole) === 0).toBe(true);
      await create();
      expect(Buffer.compare((await store.read('a/b')) ?? Buffer.of(), whole)).toBe(0);
      const put = () => store.replace('a/checkpoint', whole, () => true);
      await put().catch(() => undefined);
      await put();
      expect(Buffer.compare((await store.read('a/checkpoint')) ?? Buffer.of(), whole)).toBe(0);
      const names: string[] = [];
      for await (const name of store.list('')) names.push(name);
      expect(names).toEqual(['a/b', 'a/checkpoint']);
    },
  );

  it('says what went wrong, and leaves nothing where it can', async () => {
    const directory = newDirectory();
    const store = createObjectStoreOn(faultyDisk({ step: 'link', fault: 'fails' }), { directory });
    await expect(store.create('a', Buffer.from('x'), { isLocked: true })).rejects.toThrow('EIO');
    expect(readdirSync(directory)).toEqual([]);
    chmodSync(directory, 0o700);
    await store.create('a', Buffer.from('x'), { isLocked: true });
    expect(readFileSync(join(directory, 'a'), 'utf8')).toBe('x');
  });
});
