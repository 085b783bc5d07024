import { constants } from 'node:fs';
import { link, mkdir, open, readdir, realpath, rename, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ObjectDisk } from './object-disk.ts';

/** The local disk. */
export const localObjectDisk: ObjectDisk = {
  makeDirectory,
  sync: syncDirectory,

  async isBelow(root, path) {
    const place = await realpath(join(root, path)).catch(undefinedIf('ENOENT', 'ENOTDIR'));
    if (place === undefined) return false;
    if (place !== join(await realpath(root), path)) throw new Error(`a symbolic link is on the way to \`${path}\``);
    return true;
  },

  async write(file, bytes, mode) {
    const handle = await open(file, 'wx', mode);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
    } finally {
      await handle.close();
    }
  },

  async link(file, name) {
    const linked = await link(file, name).then(() => true, undefinedIf('EEXIST'));
    await syncDirectory(dirname(name));
    return linked === true;
  },

  async rename(file, name) {
    await rename(file, name);
    await syncDirectory(dirname(name));
  },

  async remove(file) {
    const removed = await unlink(file).then(() => true, undefinedIf('ENOENT'));
    if (removed) await syncDirectory(dirname(file));
  },

  discard: (file) => unlink(file).catch(undefinedIf('ENOENT')),

  async read(file) {
    // Not followed: whoever puts a link there would have something from elsewhere taken for an object.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW;
    const handle = await open(file, flags).catch(undefinedIf('ENOENT', 'ENOTDIR'));
    try {
      // A directory of that name is no object either.
      return await handle?.readFile().catch(undefinedIf('EISDIR'));
    } finally {
      await handle?.close();
    }
  },

  async list(directory) {
    const entries = await readdir(directory, { withFileTypes: true }).catch(undefinedIf('ENOENT', 'ENOTDIR'));
    return (entries ?? []).map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).toSorted();
  },

  modifiedAt: (file) => stat(file).then(({ mtimeMs }) => mtimeMs, undefinedIf('ENOENT')),
};

/** Parents first, each durable before anything is made in it: what a crash leaves has nothing above it to lose. */
async function makeDirectory(directory: string): Promise<void> {
  const make = () => mkdir(directory, { mode: 0o700 }).catch(undefinedIf('EEXIST'));
  try {
    await make();
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
    await makeDirectory(dirname(directory));
    await make();
  }
  await syncDirectory(dirname(directory));
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Takes the faults with these codes for an answer; others it throws on. */
function undefinedIf(...codes: readonly string[]): (error: unknown) => undefined {
  return (error) => {
    if (!codes.some((code) => isCode(error, code))) throw error;
  };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
