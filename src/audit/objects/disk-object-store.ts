import { randomBytes } from 'node:crypto';
import { dirname, join } from 'node:path';
import { LogConflictError, type ObjectStore } from '../log/contracts.ts';
import { localObjectDisk } from './local-object-disk-store.ts';
import type { ObjectDisk } from './object-disk.ts';
import { checkObjectPath } from './object-path.ts';

/** Upper case is in no object's path, so that what a crash leaves is never taken for one. */
const UNFINISHED = '.NEW';
const LOCKED = 0o400;
const UNLOCKED = 0o600;

interface DiskObjectStoreOptions {
  /** Made where it is missing. */
  readonly directory: string;
}

/**
 * Objects as files. An object is written under another name, synced, and then given its own, which fails where that is
 * taken: it is there whole or not at all. A file of a locked object can be read alone, which keeps mistakes away, not
 * whoever owns it; retention is kept by who removes.
 */
export function createDiskObjectStore(options: DiskObjectStoreOptions): ObjectStore {
  return createObjectStoreOn(localObjectDisk, options);
}

/** As `createDiskObjectStore`, on a given disk. */
export function createObjectStoreOn(disk: ObjectDisk, { directory }: DiskObjectStoreOptions): ObjectStore {
  const made = new Set<string>();
  /** Replacements of this process, one after another. */
  let replacing: Promise<unknown> = Promise.resolve();

  /** Writes bytes beside `file`, under a name that is no object's; `use` gives them theirs. */
  async function withUnfinished<Result>(
    { file, bytes, mode }: { readonly file: string; readonly bytes: Uint8Array; readonly mode: number },
    use: (unfinished: string) => Promise<Result>,
  ): Promise<Result> {
    const parent = dirname(file);
    if (!made.has(parent)) {
      await disk.makeDirectory(parent);
      made.add(parent);
    }
    const unfinished = `${file}.${randomBytes(6).toString('hex')}${UNFINISHED}`;
    try {
      await disk.write(unfinished, bytes, mode);
      return await use(unfinished);
    } finally {
      // Where even that fails, the first fault is the one to tell; what is left is never read.
      await disk.remove(unfinished).catch(() => {});
    }
  }

  async function* walk(path: string): AsyncGenerator<string> {
    for (const name of await disk.list(join(directory, path))) {
      if (name.endsWith('/')) yield* walk(`${path}${name}`);
      else if (!name.endsWith(UNFINISHED)) yield `${path}${name}`;
    }
  }

  async function replace(...[path, bytes, accepts]: Parameters<ObjectStore['replace']>): Promise<boolean> {
    const file = join(directory, path);
    if (!accepts(await disk.read(file))) return false;
    await withUnfinished({ file, bytes, mode: UNLOCKED }, (unfinished) => disk.rename(unfinished, file));
    return true;
  }

  return {
    async create(path, bytes, { isLocked }) {
      const file = join(directory, checkObjectPath(path));
      const mode = isLocked ? LOCKED : UNLOCKED;
      const isNew = await withUnfinished({ file, bytes, mode }, (unfinished) => disk.link(unfinished, file));
      if (isNew) return;
      const known = await disk.read(file);
      if (known === undefined || Buffer.compare(known, bytes) !== 0) throw new LogConflictError(path);
    },

    read: async (path) => disk.read(join(directory, checkObjectPath(path))),

    async *list(prefix) {
      if (prefix !== '') checkObjectPath(prefix.replace(/\/$/, ''));
      yield* walk(prefix);
    },

    remove: async (path) => disk.remove(join(directory, checkObjectPath(path))),

    async replace(path, bytes, accepts) {
      checkObjectPath(path);
      const mine = replacing.then(() => replace(path, bytes, accepts));
      replacing = mine.catch(() => {});
      return mine;
    },
  };
}
