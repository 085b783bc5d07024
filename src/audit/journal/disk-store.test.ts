import { constants, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createLocalDisk, localDisk, toDiskSync } from './disk-store.ts';
import { cleanUp, temporaryDirectory } from './journal-fixture.suite.ts';

afterEach(cleanUp);

const syncs = ['withWrite', 'afterWrite'] as const;

/** What every file handle inherits, to see its calls or make them fail. */
async function fileHandlePrototype(directory: string) {
  const probe = await open(directory, 'r');
  await probe.close();
  const fileHandle: Pick<typeof probe, 'sync' | 'datasync'> = Object.getPrototypeOf(probe);
  return fileHandle;
}

/** The flags under which this process has a file open, as Linux tells them. */
function openFlags(file: string): readonly number[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      if (readlinkSync(`/proc/self/fd/${fd}`) !== file) return [];
      return [Number.parseInt(/^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? '', 8)];
    } catch {
      return []; // Closed since it was listed.
    }
  });
}

describe('the local disk', () => {
  it('makes a directory with its parents, for the owner alone, and finds one that is there', async () => {
    const directory = join(temporaryDirectory(), 'a', 'b', 'c');
    await localDisk.prepare(directory);
    await localDisk.prepare(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
  });

  it('lists nothing where there is no directory, and rejects what is none', async () => {
    const file = join(temporaryDirectory(), 'file');
    expect(await localDisk.list(file)).toEqual([]);
    writeFileSync(file, '');
    await expect(localDisk.list(file)).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it.each(syncs)('creates a file whole, then appends to it, synced %s', async (sync) => {
    const disk = createLocalDisk(sync);
    const directory = temporaryDirectory();
    const file = join(directory, 'x.journal');
    const created = await disk.create(file, Buffer.from('begin'));
    expect(readdirSync(directory)).toEqual(['x.journal']);
    expect(await created.append(Buffer.from(' and on'))).toBe(7);
    await created.close();
    const opened = await disk.open(file);
    expect(await opened.append(Buffer.from('!'))).toBe(1);
    await opened.close();
    expect(String(await disk.read(file))).toBe('begin and on!');
  });

  it('leaves no file under the name of one it could not finish', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'x.journal'));
    await expect(localDisk.create(join(directory, 'x.journal'), Buffer.from('begin'))).rejects.toMatchObject({
      code: 'EISDIR',
    });
    expect(statSync(join(directory, 'x.journal')).isDirectory()).toBe(true);
  });

  it('trusts O_DSYNC on Linux alone', () => {
    const platforms = ['linux', 'darwin', 'win32', 'freebsd'] as const;
    expect(platforms.map(toDiskSync)).toEqual(['withWrite', 'afterWrite', 'afterWrite', 'afterWrite']);
  });

  it('opens only what is there', async () => {
    await expect(localDisk.open(join(temporaryDirectory(), 'x.journal'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('asks for stable storage wherever it promises it', async () => {
    const directory = temporaryDirectory();
    const fileHandle = await fileHandlePrototype(directory);
    const sync = vi.spyOn(fileHandle, 'sync');
    const datasync = vi.spyOn(fileHandle, 'datasync');
    const disk = createLocalDisk('afterWrite');
    const calls = async (perform: () => Promise<unknown>) => {
      sync.mockClear();
      datasync.mockClear();
      await perform();
      return [sync.mock.calls.length, datasync.mock.calls.length];
    };
    const file = join(directory, 'a', 'b', 'x.journal');
    expect(await calls(() => disk.prepare(join(directory, 'a', 'b')))).toEqual([2, 0]);
    const created = await disk.create(file, Buffer.from('begin'));
    expect(await calls(() => created.append(Buffer.from('!')))).toEqual([0, 1]);
    expect(await calls(() => created.close())).toEqual([0, 0]);
    const opened = await disk.open(file);
    expect(await calls(() => opened.append(Buffer.from('!')))).toEqual([0, 1]);
    await opened.close();
    expect(await calls(() => disk.create(`${file}.torn`, Buffer.from('end')).then((made) => made.close()))).toEqual([
      2, 0,
    ]);
    expect(await calls(() => disk.truncate(file, 2))).toEqual([1, 0]);
    expect(await calls(() => disk.remove(file))).toEqual([1, 0]);
    vi.restoreAllMocks();
  });

  it('rejects an append that is written and cannot be synced', async () => {
    const directory = temporaryDirectory();
    const created = await createLocalDisk('afterWrite').create(join(directory, 'x.journal'), Buffer.from('begin'));
    vi.spyOn(await fileHandlePrototype(directory), 'datasync').mockRejectedValue(new Error('EIO'));
    await expect(created.append(Buffer.from('!'))).rejects.toThrow('EIO');
    vi.restoreAllMocks();
    await created.close();
  });

  it.skipIf(process.platform !== 'linux')('has the kernel sync each write on Linux', async () => {
    const file = join(temporaryDirectory(), 'x.journal');
    const created = await localDisk.create(file, Buffer.from('begin'));
    const opened = await localDisk.open(file);
    const flags = openFlags(file);
    expect(flags).toHaveLength(2);
    for (const given of flags) expect(given & constants.O_DSYNC).toBe(constants.O_DSYNC);
    await created.close();
    await opened.close();
  });

  it('reads the end of a file, or the whole of a shorter one', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, 'abcdef');
    expect(String(await localDisk.readEnd(file, 2))).toBe('ef');
    expect(String(await localDisk.readEnd(file, 20))).toBe('abcdef');
  });

  it('cuts and removes files', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, 'abcdef');
    await localDisk.truncate(file, 2);
    expect(String(readFileSync(file))).toBe('ab');
    await localDisk.remove(file);
    await expect(localDisk.read(file)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
