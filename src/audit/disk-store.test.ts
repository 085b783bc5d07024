import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { localDisk } from './disk-store.ts';
import { cleanUp, temporaryDirectory } from './journal-fixture.suite.ts';

afterEach(cleanUp);

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

  it('creates a file whole, then appends to it', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'x.journal');
    const created = await localDisk.create(file, Buffer.from('begin'));
    expect(readdirSync(directory)).toEqual(['x.journal']);
    expect(await created.write([Buffer.from(' and'), Buffer.from(' on')])).toBe(7);
    await created.sync();
    await created.close();
    const opened = await localDisk.open(file);
    await opened.write([Buffer.from('!')]);
    await opened.close();
    expect(String(await localDisk.read(file))).toBe('begin and on!');
  });

  it('leaves no file under the name of one it could not finish', async () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, 'x.journal'));
    await expect(localDisk.create(join(directory, 'x.journal'), Buffer.from('begin'))).rejects.toMatchObject({
      code: 'EISDIR',
    });
    expect(statSync(join(directory, 'x.journal')).isDirectory()).toBe(true);
  });

  it('asks for stable storage wherever it promises it', async () => {
    const directory = temporaryDirectory();
    const probe = await open(directory, 'r');
    const fileHandle: Pick<typeof probe, 'sync' | 'datasync'> = Object.getPrototypeOf(probe);
    await probe.close();
    const sync = vi.spyOn(fileHandle, 'sync');
    const datasync = vi.spyOn(fileHandle, 'datasync');
    const calls = async (perform: () => Promise<unknown>) => {
      sync.mockClear();
      datasync.mockClear();
      await perform();
      return [sync.mock.calls.length, datasync.mock.calls.length];
    };
    const file = join(directory, 'a', 'b', 'x.journal');
    expect(await calls(() => localDisk.prepare(join(directory, 'a', 'b')))).toEqual([2, 0]);
    const created = await localDisk.create(file, Buffer.from('begin'));
    expect(await calls(() => created.sync())).toEqual([0, 1]);
    expect(await calls(() => created.close())).toEqual([0, 0]);
    expect(
      await calls(() => localDisk.create(`${file}.torn`, Buffer.from('end')).then((made) => made.close())),
    ).toEqual([2, 0]);
    expect(await calls(() => localDisk.truncate(file, 2))).toEqual([1, 0]);
    expect(await calls(() => localDisk.remove(file))).toEqual([1, 0]);
    vi.restoreAllMocks();
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
