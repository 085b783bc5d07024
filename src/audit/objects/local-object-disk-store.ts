import { constants } from 'node:fs';
import { link, mkdir, open, readdir, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ObjectDisk } from './object-disk.ts';

/** The local disk. */
export const localObjectDisk: ObjectDisk = {
  async makeDirectory(directory) {
    const made = await mkdir(directory, { recursive: true, mode: 0o700 });
    if (made === undefined) return;
    const last = dirname(made);
    for (let parent = dirname(directory); parent !== last; parent = dirname(parent)) await syncDirectory(parent);
    await syncDirectory(last);
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
    try {
      await link(file, name);
    } catch (error) {
      if (isCode(error, 'EEXIST')) return false;
      throw error;
    }
    await syncDirectory(dirname(name));
    return true;
  },

  async rename(file, name) {
    await rename(file, name);
    await syncDirectory(dirname(name));
  },

  async remove(file) {
    try {
      await unlink(file);
    } catch (error) {
      if (isCode(error, 'ENOENT')) return;
      throw error;
    }
    await syncDirectory(dirname(file));
  },

  async read(file) {
    try {
      const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        return await handle.readFile();
      } finally {
        await handle.close();
      }
    } catch (error) {
      // A directory of that name, or a file where a directory should be: no object either.
      if (['ENOENT', 'ENOTDIR', 'EISDIR'].some((code) => isCode(error, code))) return undefined;
      throw error;
    }
  },

  async list(directory) {
    try {
      const entries = await readdir(directory, { withFileTypes: true });
      return entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).toSorted();
    } catch (error) {
      if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return [];
      throw error;
    }
  },
};

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
