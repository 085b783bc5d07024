import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ObjectStore } from '../log/contracts.ts';
import { createDiskObjectStore, createObjectStoreOn } from './disk-object-store.ts';
import { localObjectDisk } from './local-object-disk-store.ts';
import type { ObjectDisk } from './object-disk.ts';
import { itStoresObjects } from './object-store.suite.ts';

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

async function listed(store: ObjectStore): Promise<readonly string[]> {
  const paths: string[] = [];
  for await (const path of store.list('')) paths.push(path);
  return paths;
}

const X = Buffer.from('x');
const OPEN = { isLocked: false };
const LOCKED = { isLocked: true };

describe('on the local disk', () => {
  itStoresObjects(async () => {
    const directory = join(newDirectory(), 'data', 'log');
    return [createDiskObjectStore({ directory }), createDiskObjectStore({ directory })];
  });

  it('keeps objects for their owner alone, and those that are locked from being written', async () => {
    const directory = join(newDirectory(), 'log');
    const store = createDiskObjectStore({ directory });
    await store.create('a/locked', X, LOCKED);
    await store.create('a/open', X, OPEN);
    await store.replace('a/checkpoint', X, () => true);
    const modes = ['.', '.new', 'a', 'a/locked', 'a/open', 'a/checkpoint'].map(
      (name) => statSync(join(directory, name)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o700, 0o700, 0o400, 0o600, 0o600]);
    await store.remove('a/locked');
    expect(await store.read('a/locked')).toBeUndefined();
  });

  it('reads nothing into being', async () => {
    const directory = join(newDirectory(), 'log');
    const store = createDiskObjectStore({ directory });
    expect(await store.read('a')).toBeUndefined();
    expect(await listed(store)).toEqual([]);
    await store.remove('a');
    expect(await store.replace('a', X, () => false)).toBe(false);
    expect(existsSync(directory)).toBe(false);
  });

  it('leaves nothing aside once an object has its name', async () => {
    const directory = newDirectory();
    const store = createDiskObjectStore({ directory });
    await store.create('a', X, LOCKED);
    await store.create('a', X, LOCKED);
    await expect(store.create('a', Buffer.from('y'), LOCKED)).rejects.toThrow();
    await store.replace('b', X, () => true);
    expect(readdirSync(join(directory, '.new'))).toEqual([]);
    expect(statSync(join(directory, 'a')).nlink).toBe(1);
  });

  it('neither lists nor reads what a crash left, and removes it once nobody can be writing it', async () => {
    const directory = newDirectory();
    const aside = join(directory, '.new');
    mkdirSync(join(aside, 'ffffffffffffffff.d'), { recursive: true });
    const long = new Date(Date.now() - 11 * 60_000);
    for (const name of ['0123456789abcdef', '00000000000000ff', 'notes']) writeFileSync(join(aside, name), 'half');
    for (const name of ['0123456789abcdef', 'notes']) utimesSync(join(aside, name), long, long);
    const store = createDiskObjectStore({ directory });
    expect(await listed(store)).toEqual([]);
    await store.create('a/new/b', X, LOCKED);
    expect(readdirSync(aside)).toEqual(['00000000000000ff', 'ffffffffffffffff.d', 'notes']);
    await store.create('c', X, LOCKED);
    expect(readdirSync(aside)).toContain('00000000000000ff');
    const later = Date.now() + 11 * 60_000;
    vi.spyOn(Date, 'now').mockReturnValue(later);
    await store.replace('d', X, () => true);
    expect(readdirSync(aside)).toEqual(['ffffffffffffffff.d', 'notes']);
    expect(await listed(store)).toEqual(['a/new/b', 'c', 'd']);
  });

  it('does not miss a file that another has swept', async () => {
    const directory = newDirectory();
    mkdirSync(join(directory, '.new'));
    const swept: ObjectDisk = { ...localObjectDisk, list: async () => ['0123456789abcdef'] };
    const store = createObjectStoreOn(swept, { directory });
    await store.create('a', X, LOCKED);
    expect(await store.read('a')).toEqual(X);
  });

  it('lists what is no object, for who verifies', async () => {
    const directory = newDirectory();
    const store = createDiskObjectStore({ directory });
    await store.create('a/b', X, OPEN);
    mkdirSync(join(directory, 'a', '.new'));
    for (const name of ['UPPER', 'a/.new/hidden', '.hidden']) writeFileSync(join(directory, name), 'x');
    symlinkSync('/etc', join(directory, 'link'));
    expect(await listed(store)).toEqual(['.hidden', 'UPPER', 'a/.new/hidden', 'a/b', 'link']);
  });

  it('follows no link that stands for an object', async () => {
    const directory = newDirectory();
    const secret = join(newDirectory(), 'secret');
    writeFileSync(secret, 'x');
    symlinkSync(secret, join(directory, 'link'));
    const store = createDiskObjectStore({ directory });
    await expect(store.read('link')).rejects.toMatchObject({ code: 'ELOOP' });
    await expect(store.create('link', X, LOCKED)).rejects.toMatchObject({ code: 'ELOOP' });
    await expect(store.replace('link', X, () => true)).rejects.toMatchObject({ code: 'ELOOP' });
    await store.remove('link');
    expect(readFileSync(secret, 'utf8')).toBe('x');
  });

  it('follows no link that stands for a directory', async () => {
    const directory = newDirectory();
    const elsewhere = newDirectory();
    writeFileSync(join(elsewhere, 'secret'), 'x');
    const store = createDiskObjectStore({ directory });
    await store.create('known/a', X, LOCKED);
    rmSync(join(directory, 'known'), { recursive: true });
    for (const name of ['link', 'known']) {
      symlinkSync(elsewhere, join(directory, name));
      const inTheWay = `a symbolic link is on the way to \`${name}`;
      await expect(store.read(`${name}/secret`)).rejects.toThrow(inTheWay);
      await expect(store.create(`${name}/made/b`, X, LOCKED)).rejects.toThrow(inTheWay);
      await expect(store.create(`${name}/b`, X, LOCKED)).rejects.toThrow(inTheWay);
      await expect(store.replace(`${name}/secret`, X, () => true)).rejects.toThrow(inTheWay);
      await expect(store.remove(`${name}/secret`)).rejects.toThrow(inTheWay);
      await expect(store.list(`${name}/`)[Symbol.asyncIterator]().next()).rejects.toThrow(inTheWay);
    }
    expect(readdirSync(elsewhere)).toEqual(['secret']);
    expect(readFileSync(join(elsewhere, 'secret'), 'utf8')).toBe('x');
  });

  it('takes a directory that is reached by a link', async () => {
    const parent = newDirectory();
    mkdirSync(join(parent, 'real'));
    symlinkSync(join(parent, 'real'), join(parent, 'link'));
    const store = createDiskObjectStore({ directory: join(parent, 'link') });
    await store.create('a/b', X, LOCKED);
    expect(readFileSync(join(parent, 'real', 'a', 'b'), 'utf8')).toBe('x');
    expect(await store.read('a/b')).toEqual(X);
  });

  it('takes no directory for an object, and no object for a directory', async () => {
    const directory = newDirectory();
    const store = createDiskObjectStore({ directory });
    await store.create('dir/a', X, LOCKED);
    expect(await store.read('dir')).toBeUndefined();
    await expect(store.create('dir', X, LOCKED)).rejects.toMatchObject({ name: 'LogConflictError' });
    await expect(store.replace('dir', X, () => true)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(store.create('dir/a/b', X, LOCKED)).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(await listed(store)).toEqual(['dir/a']);
  });

  it('creates what was removed while it was compared', async () => {
    const directory = newDirectory();
    const other = createDiskObjectStore({ directory });
    await other.create('a', Buffer.from('another'), OPEN);
    const removing: ObjectDisk = {
      ...localObjectDisk,
      async read(file) {
        rmSync(file, { force: true });
        return localObjectDisk.read(file);
      },
    };
    await createObjectStoreOn(removing, { directory }).create('a', X, OPEN);
    expect(await other.read('a')).toEqual(X);
  });

  it('makes a directory that was taken away again, when it is asked again', async () => {
    const directory = newDirectory();
    const store = createDiskObjectStore({ directory });
    await store.create('a/b', X, OPEN);
    renameSync(join(directory, 'a'), join(newDirectory(), 'a'));
    await expect(store.create('a/b', X, OPEN)).rejects.toMatchObject({ code: 'ENOENT' });
    await store.create('a/b', X, OPEN);
    rmSync(join(directory, '.new'), { recursive: true });
    await expect(store.replace('a/b', X, () => true)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await store.replace('a/b', X, () => true)).toBe(true);
    expect(await listed(store)).toEqual(['a/b']);
  });

  it('syncs the file before it has its name, and the directories of all that it makes', async () => {
    const directory = join(newDirectory(), 'log');
    const store = createDiskObjectStore({ directory });
    const probe = await open(tmpdir(), 'r');
    await probe.close();
    const handles: Pick<typeof probe, 'sync' | 'stat'> = Object.getPrototypeOf(probe);
    const { sync } = handles;
    const synced: string[] = [];
    vi.spyOn(handles, 'sync').mockImplementation(async function (this: typeof handles) {
      const { ino } = await this.stat();
      const names = ['..', '.', '.new', 'a', 'a/b', 'a/b/c'].filter((name) => existsSync(join(directory, name)));
      synced.push(names.find((name) => statSync(join(directory, name)).ino === ino) ?? 'a file without a name');
      return sync.call(this);
    });
    await store.create('a/b/c', X, LOCKED);
    expect(synced).toEqual(['..', '.', '..', '.', 'a', 'a file without a name', 'a/b']);
    for (const again of [
      () => store.create('a/b/c', X, LOCKED),
      () => store.replace('a/b/c', X, () => true),
      () => store.replace('a/b/c', X, () => false),
      () => store.remove('a/b/c'),
    ]) {
      synced.length = 0;
      await again();
      expect(synced.at(-1)).toBe('a/b');
    }
  });

  it('says so where the disk does not do what it is asked', async () => {
    const nowhere = join(newDirectory(), 'x'.repeat(300));
    const store = createDiskObjectStore({ directory: nowhere });
    const tooLong = { code: 'ENAMETOOLONG' };
    await expect(store.create('a', X, LOCKED)).rejects.toMatchObject(tooLong);
    await expect(store.read('a')).rejects.toMatchObject(tooLong);
    await expect(store.remove('a')).rejects.toMatchObject(tooLong);
    await expect(store.list('')[Symbol.asyncIterator]().next()).rejects.toMatchObject(tooLong);
    await expect(localObjectDisk.list(nowhere)).rejects.toMatchObject(tooLong);
    await expect(localObjectDisk.link(nowhere, nowhere)).rejects.toMatchObject(tooLong);
    await expect(localObjectDisk.read(nowhere)).rejects.toMatchObject(tooLong);
  });
});
