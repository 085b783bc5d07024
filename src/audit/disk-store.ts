import { type FileHandle, mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AppendFile, JournalDisk } from './disk.ts';

/** The local disk. */
export const localDisk: JournalDisk = {
  async prepare(directory) {
    const made = await mkdir(directory, { recursive: true, mode: 0o700 });
    if (made === undefined) return;
    const last = dirname(made);
    for (let parent = dirname(directory); parent !== last; parent = dirname(parent)) await syncDirectory(parent);
    await syncDirectory(last);
  },

  async list(directory) {
    try {
      return await readdir(directory);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw error;
    }
  },

  read: (file) => readFile(file),

  async readEnd(file, length) {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const end = Buffer.alloc(Math.min(length, size));
      const { bytesRead } = await handle.read(end, 0, end.length, size - end.length);
      return end.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  },

  async create(file, bytes) {
    // Under another name until it is whole: a loss of power may leave a file with a length and no content.
    const unfinished = `${file}.new`;
    const handle = await open(unfinished, 'wx', 0o600);
    try {
      await handle.writeFile(bytes);
      await handle.sync();
      await rename(unfinished, file);
      await syncDirectory(dirname(file));
    } catch (error) {
      await handle.close();
      throw error;
    }
    return toAppendFile(handle);
  },

  open: async (file) => toAppendFile(await open(file, 'a', 0o600)),

  async truncate(file, length) {
    const handle = await open(file, 'r+');
    try {
      await handle.truncate(length);
      await handle.sync();
    } finally {
      await handle.close();
    }
  },

  async remove(file) {
    await unlink(file);
    await syncDirectory(dirname(file));
  },
};

function toAppendFile(handle: FileHandle): AppendFile {
  return {
    write: async (buffers) => (await handle.writev(buffers)).bytesWritten,
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
