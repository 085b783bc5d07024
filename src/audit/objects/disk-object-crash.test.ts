import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmdirSync, rmSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createDiskObjectStore } from './disk-object-store.ts';

const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

const BYTES = 100_000;
const modulePath = JSON.stringify(join(import.meta.dirname, 'disk-object-store.ts'));

/** A process that creates and replaces objects, four at once, until it is killed. It prints what was done. */
const childScript = (directory: string, round: number) => `
  const { createDiskObjectStore } = await import(${modulePath});
  const store = createDiskObjectStore({ directory: ${JSON.stringify(directory)} });
  async function work(worker) {
    for (let n = 0; ; n += 1) {
      const path = 'made/${round}/' + worker + '/' + n;
      await store.create(path, new Uint8Array(${BYTES}).fill(n % 251), { isLocked: n % 2 === 0 });
      console.log(path);
      await store.replace('checkpoint', new Uint8Array(${BYTES}).fill(n % 251), () => true);
    }
  }
  await Promise.all([0, 1, 2, 3].map(work));`;

/** Runs it until it has said so many lines: then it is killed, wherever it is by then. */
async function runUntilKilled(script: string, killAfterLines: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  let lines = 0;
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    lines += text.split('\n').length - 1;
    if (lines >= killAfterLines) child.kill('SIGKILL');
  });
  await once(child, 'close');
  // A line without its end was not printed whole: whether it was done cannot be said.
  return said.split('\n').slice(0, -1);
}

const isWhole = (bytes: Uint8Array | undefined) => bytes?.length === BYTES && bytes.every((byte) => byte === bytes[0]);

describe('a process that is killed', () => {
  it('leaves every object that it had created, and no part of another', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'sallyport-objects-'));
    directories.push(parent);
    const directory = join(parent, 'log');
    const done: string[] = [];
    for (let round = 0; round < 5; round += 1) {
      done.push(...(await runUntilKilled(childScript(directory, round), 1 + 12 * round)));
    }
    expect(done.length).toBeGreaterThan(20);
    const store = createDiskObjectStore({ directory });
    const paths: string[] = [];
    for await (const path of store.list('')) paths.push(path);
    expect(done.filter((path) => !paths.includes(path))).toEqual([]);
    const broken: string[] = [];
    for (const path of paths) if (!isWhole(await store.read(path))) broken.push(path);
    expect(broken).toEqual([]);

    const aside = join(directory, '.new');
    for (const name of readdirSync(aside)) utimesSync(join(aside, name), 0, 0);
    await store.create('last', Buffer.from('x'), { isLocked: true });
    expect(readdirSync(aside)).toEqual([]);
  });
});

/** A file system of one megabyte, where this process may mount one. */
function mountSmallDisk(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), 'sallyport-disk-'));
  try {
    execFileSync('/bin/mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path], { stdio: 'ignore' });
    return path;
  } catch {
    rmdirSync(path);
    return undefined;
  }
}

describe('a real disk that is full', () => {
  const disk = mountSmallDisk();
  it.skipIf(disk === undefined)(
    'refuses an object, has all it had taken, and takes it once there is room',
    async () => {
      const path = disk ?? '';
      try {
        const directory = join(path, 'log');
        const store = createDiskObjectStore({ directory });
        const bytes = (n: number) => new Uint8Array(BYTES).fill(n);
        const create = (n: number) => store.create(`a/${n}`, bytes(n), { isLocked: true });
        await store.replace('checkpoint', bytes(0), () => true);
        let taken = 0;
        for (;;) {
          const fault = await create(taken + 1).then(
            () => undefined,
            (error: unknown) => error,
          );
          if (fault !== undefined) {
            expect(fault).toMatchObject({ code: 'ENOSPC' });
            break;
          }
          taken += 1;
        }
        expect(taken).toBeGreaterThan(5);
        await expect(store.replace('checkpoint', bytes(9), () => true)).rejects.toMatchObject({ code: 'ENOSPC' });
        const paths: string[] = [];
        for await (const one of store.list('')) paths.push(one);
        expect(paths).toEqual([...Array.from({ length: taken }, (_, at) => `a/${at + 1}`), 'checkpoint']);
        for (let n = 1; n <= taken; n += 1) expect(Buffer.compare((await store.read(`a/${n}`)) ?? X, bytes(n))).toBe(0);
        expect(Buffer.compare((await store.read('checkpoint')) ?? X, bytes(0))).toBe(0);
        expect(readdirSync(join(directory, '.new'))).toEqual([]);
        await store.remove('a/1');
        await create(taken + 1);
        expect(existsSync(join(directory, 'a', String(taken + 1)))).toBe(true);
      } finally {
        execFileSync('/bin/umount', [path]);
        rmdirSync(path);
      }
    },
  );
});

const X = Buffer.from('x');
