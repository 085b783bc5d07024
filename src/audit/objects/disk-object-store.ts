import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { LogConflictError, type ObjectStore } from '../log/contracts.ts';
import { localObjectDisk } from './local-object-disk-store.ts';
import type { ObjectDisk } from './object-disk.ts';
import { checkObjectPath, checkObjectPrefix } from './object-path.ts';

/** Where objects are written until they are whole. A dot begins no object's path, so that what is there is never one. */
const SCRATCH = '.new';
const SCRATCH_NAME = /^[0-9a-f]{16}$/;
/** After this time a file that is not whole is what a crash left, in milliseconds. */
const STALE_MS = 600_000;
const LOCKED = 0o400;
const UNLOCKED = 0o600;

interface DiskObjectStoreOptions {
  /** Made where it is missing; all of it on one file system. */
  readonly directory: string;
}

/**
 * Objects as files. An object is written aside, synced, and then given its name, which fails where that is taken: it is
 * there whole or not at all, also after a loss of power. What a crash leaves aside is neither read nor listed; a write
 * ten minutes later removes it. What has no path of an object is listed all the same: who verifies is to see it.
 *
 * Faults of the operating system come as they are, with their `code`; what was asked for may have landed then, and may
 * be asked for again. Any number of processes may create, read and remove; one store at a time replaces: those who
 * replace through it come one after another, those who do so through another store do not.
 *
 * Files are their owner's alone, and those of locked objects cannot be written to: that keeps mistakes away, not their
 * owner, and whoever removes them keeps retention. No symbolic link below the directory is followed, as long as nobody
 * puts it there in the very moment.
 */
export function createDiskObjectStore(options: DiskObjectStoreOptions): ObjectStore {
  return createObjectStoreOn(localObjectDisk, options);
}

/** As `createDiskObjectStore`, on a given disk. */
export function createObjectStoreOn(disk: ObjectDisk, { directory }: DiskObjectStoreOptions): ObjectStore {
  const scratch = join(directory, SCRATCH);
  const made = new Set<string>();
  let sweptAt = Number.NEGATIVE_INFINITY;
  /** Replacements, one after another. */
  let replacing: Promise<unknown> = Promise.resolve();

  /** Makes the directories above an object, and the one where it is written. */
  async function makeRoom(path: string): Promise<void> {
    const parent = dirname(path);
    if (made.has(parent)) await disk.isBelow(directory, parent);
    else await makeLevels(path.split('/').slice(0, -1));
    await sweep();
  }

  async function makeLevels(parents: readonly string[]): Promise<void> {
    const levels = parents.map((_, at) => parents.slice(0, at + 1).join('/'));
    for (const level of [SCRATCH, '.', ...levels]) {
      if (!made.has(level)) await disk.makeDirectory(join(directory, level));
      // Each before the next: nothing is to be made behind a link either.
      await disk.isBelow(directory, level);
      made.add(level);
    }
  }

  /** Removes what crashes left. What is newer may be another's who is about to give it its name. */
  async function sweep(): Promise<void> {
    const now = Date.now();
    if (now - sweptAt < STALE_MS) return;
    for (const name of await disk.list(scratch)) {
      if (!SCRATCH_NAME.test(name)) continue;
      const file = join(scratch, name);
      const modifiedAt = (await disk.modifiedAt(file)) ?? now;
      if (now - modifiedAt > STALE_MS) await disk.discard(file);
    }
    sweptAt = now;
  }

  /** Writes bytes aside; `use` gives them their name. */
  async function withUnfinished<Result>(
    { bytes, mode }: { readonly bytes: Uint8Array; readonly mode: number },
    use: (unfinished: string) => Promise<Result>,
  ): Promise<Result> {
    const unfinished = join(scratch, randomBytes(8).toString('hex'));
    try {
      await disk.write(unfinished, bytes, mode);
      return await use(unfinished);
    } catch (error) {
      // Somebody may have taken a directory away: whoever tries again makes it again.
      made.clear();
      throw error;
    } finally {
      // Where even that fails, the first fault is the one to tell; what is left is never read, and swept.
      await disk.discard(unfinished).catch(() => {});
    }
  }

  async function read(path: string): Promise<Uint8Array | undefined> {
    if (!(await disk.isBelow(directory, dirname(path)))) return undefined;
    return disk.read(join(directory, path));
  }

  async function* walk(path: string): AsyncGenerator<string> {
    for (const name of await disk.list(join(directory, path))) {
      if (!name.endsWith('/')) yield `${path}${name}`;
      else if (path !== '' || name !== `${SCRATCH}/`) yield* walk(`${path}${name}`);
    }
  }

  async function replace(...[path, bytes, accepts]: Parameters<ObjectStore['replace']>): Promise<boolean> {
    const file = join(directory, path);
    const current = await read(path);
    if (!accepts(current)) {
      // It may be there from a try whose last sync failed: who is told that it is there relies on it.
      if (current !== undefined) await disk.sync(dirname(file));
      return false;
    }
    await makeRoom(path);
    await withUnfinished({ bytes, mode: UNLOCKED }, (unfinished) => disk.rename(unfinished, file));
    return true;
  }

  return {
    async create(path, bytes, { isLocked }) {
      const file = join(directory, checkObjectPath(path));
      const mode = isLocked ? LOCKED : UNLOCKED;
      await makeRoom(path);
      // Twice: what was in the way may have been removed before it could be compared.
      for (let tries = 2; tries > 0; tries -= 1) {
        if (await withUnfinished({ bytes, mode }, (unfinished) => disk.link(unfinished, file))) return;
        const known = await read(path);
        if (known === undefined) continue;
        if (Buffer.compare(known, bytes) === 0) return;
        break;
      }
      throw new LogConflictError(path);
    },

    read: async (path) => read(checkObjectPath(path)),

    async *list(prefix) {
      checkObjectPrefix(prefix);
      if (await disk.isBelow(directory, prefix.slice(0, -1))) yield* walk(prefix);
    },

    async remove(path) {
      if (await disk.isBelow(directory, dirname(checkObjectPath(path)))) await disk.remove(join(directory, path));
    },

    async replace(path, bytes, accepts) {
      checkObjectPath(path);
      const mine = replacing.then(() => replace(path, bytes, accepts));
      replacing = mine.catch(() => {});
      return mine;
    },
  };
}
