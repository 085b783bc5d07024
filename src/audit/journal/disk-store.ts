import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { AppendFile, JournalDisk } from './disk.ts';

/**
 * How a write reaches stable storage. `withWrite`: the file is opened with O_DSYNC (POSIX), and each write returns when
 * its data is there. `afterWrite`: each write is followed by fdatasync.
 */
export type DiskSync = 'withWrite' | 'afterWrite';

/** All but the files that are appended to. */
const unappended: Omit<JournalDisk, 'create' | 'open'> = {
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

  async readDurable(file, offset, length) {
    const handle = await open(file, 'r');
    try {
      const bytes = Buffer.allocUnsafe(length);
      const { bytesRead } = await handle.read(bytes, 0, length, offset);
      // Behind the read: a write that it saw half done is one that may still be lost.
      if (bytesRead > 0) await handle.datasync();
      return bytes.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  },

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

/** The local disk, told how to sync. */
export function createLocalDisk(sync: DiskSync): JournalDisk {
  const flags = constants.O_WRONLY | (sync === 'withWrite' ? constants.O_DSYNC : 0);
  return {
    ...unappended,
    async create(file, bytes) {
      // Under another name until it is whole: a loss of power may leave a file with a length and no content.
      const unfinished = `${file}.new`;
      const handle = await open(unfinished, flags | constants.O_CREAT | constants.O_EXCL, 0o600);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
        await rename(unfinished, file);
        await syncDirectory(dirname(file));
      } catch (error) {
        await handle.close();
        throw error;
      }
      return toAppendFile(handle, sync);
    },

    open: async (file) => toAppendFile(await open(file, flags | constants.O_APPEND), sync),
  };
}

/**
 * On Linux O_DSYNC and fdatasync are the same promise, and one call does the work of two: a fifth less CPU a commit. On
 * macOS only fsync's family, as libuv calls it (F_FULLFSYNC), empties the drive's own cache; Windows has no O_DSYNC.
 */
export function toDiskSync(platform: NodeJS.Platform): DiskSync {
  return platform === 'linux' ? 'withWrite' : 'afterWrite';
}

/** The local disk. */
export const localDisk = createLocalDisk(toDiskSync(process.platform));

function toAppendFile(handle: FileHandle, sync: DiskSync): AppendFile {
  return {
    async append(bytes) {
      const { bytesWritten } = await handle.write(bytes);
      if (sync === 'afterWrite') await handle.datasync();
      return bytesWritten;
    },
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
