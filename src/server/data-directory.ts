import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { mkdir, open, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { LogDirectories, WriterLocks } from '../audit/index.ts';
import { acquireLock, type Lock } from '../state/index.ts';
import { StartError, toStartError } from './start-error.ts';

/** Where the gateway keeps what it must not lose. Paths are absolute. */
export interface DataDirectory {
  readonly path: string;
  /** The key ring's file: with it everything here can be read, without it nothing. */
  readonly keyFile: string;
  readonly stateFile: string;
  readonly journalDirectory: string;
  /** Tiles, segments and the checkpoint of the log, where it is on the disk. */
  readonly logDirectory: string;
  /** Batches on their way into the log. */
  readonly stagingDirectory: string;
  /** Of the journal's writers that are at work. */
  readonly locksDirectory: string;
  readonly demoFile: string;
}

export function toDataDirectory(path: string): DataDirectory {
  const root = resolve(path);
  return {
    path: root,
    keyFile: join(root, 'keys', 'root.key'),
    stateFile: join(root, 'state', 'state.db'),
    journalDirectory: join(root, 'audit', 'journal'),
    logDirectory: join(root, 'audit', 'log'),
    stagingDirectory: join(root, 'staging'),
    locksDirectory: join(root, 'locks'),
    demoFile: join(root, 'demo.json'),
  };
}

export function toLogDirectories(directory: DataDirectory): LogDirectories {
  const { journalDirectory: journal, logDirectory: log, stagingDirectory: staging } = directory;
  return { journal, log, staging };
}

/** Makes the directory and its rooms, for the owner alone. Throws a `StartError` where it cannot be written. */
export async function createDataDirectory(directory: DataDirectory): Promise<void> {
  try {
    for (const path of [
      directory.path,
      dirname(directory.keyFile),
      dirname(directory.stateFile),
      directory.journalDirectory,
      directory.logDirectory,
      directory.stagingDirectory,
      directory.locksDirectory,
    ]) {
      await makeDirectory(path);
    }
    const probe = join(directory.path, `.probe-${randomBytes(6).toString('hex')}`);
    await writeFile(probe, '', { mode: 0o600 });
    await unlink(probe);
  } catch (error) {
    throw toStartError(error, `the data directory ${directory.path} cannot be written`);
  }
}

/** Makes a directory and what is missing above it. Node's own recursive form never ends where a parent takes no entries. */
async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (code !== 'ENOENT' || existsSync(dirname(path))) throw error;
    await makeDirectory(dirname(path));
    await mkdir(path, { mode: 0o700 });
  }
}

/** Takes the directory for this process. Throws a `StartError` where another gateway has it. */
export function lockDataDirectory(directory: DataDirectory): Lock {
  const lock = acquireLock(join(directory.path, 'lock'));
  if (lock === undefined) throw new StartError(`another gateway is running on the data directory ${directory.path}`);
  return lock;
}

/** The locks of the journal's writers, a file each. */
export function createWriterLocks({ locksDirectory }: DataDirectory): WriterLocks {
  const file = (writer: string) => join(locksDirectory, writer);
  return {
    hold(writer) {
      const lock = acquireLock(file(writer));
      if (lock === undefined) throw new StartError('a writer of the journal has an id that is taken');
      return {
        release() {
          lock.release();
          rmSync(file(writer), { force: true });
        },
      };
    },
    isHeld(writer) {
      if (!existsSync(file(writer))) return false;
      const lock = acquireLock(file(writer));
      lock?.release();
      if (lock !== undefined) rmSync(file(writer), { force: true });
      return lock === undefined;
    },
  };
}

/** Replaces a file in one step: readers see the old or the new content, and after a crash one of both. */
export async function replaceFile(file: string, content: string, mode: number): Promise<void> {
  const temporary = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(temporary, 'wx', mode);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(temporary, file);
}
