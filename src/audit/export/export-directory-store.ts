import { chmod, type FileHandle, mkdir, open, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;
/** Characters that are written at once. */
const AT_ONCE = 65_536;
/** `src` and `dist` have it at the same place. */
const VERIFIER = new URL('../offline/verify.mjs', import.meta.url);

/** An export cannot be made: there is something already where it should go, or nothing to make it of. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

/** A file that grows by lines. */
export interface LineFile {
  write(lines: string): Promise<void>;
  /** Everything is on stable storage once it resolves. */
  close(): Promise<void>;
}

/** A directory that an export goes to, for its owner alone. Nothing that is there is ever written over. */
export interface ExportDirectory {
  write(path: string, bytes: string | Uint8Array): Promise<void>;
  lines(path: string): Promise<LineFile>;
}

/** Rejects with an `ExportError` unless there is nothing at this path, or an empty directory. */
export async function checkExportDirectory(directory: string): Promise<void> {
  const names = await readdir(directory).catch((cause) => {
    if (cause.code === 'ENOENT') return [];
    throw new ExportError(`\`${directory}\` ${cause.code === 'ENOTDIR' ? 'is a file' : 'cannot be read'}`, { cause });
  });
  if (names.length > 0) throw new ExportError(`\`${directory}\` is not empty`);
}

/** Makes the directory of an export, in one that is there. Rejects with an `ExportError` where it cannot. */
export async function createExportDirectory(directory: string): Promise<ExportDirectory> {
  await checkExportDirectory(directory);
  // Not with what is missing above it: Node's own recursive form never ends where a file system takes no entries.
  await mkdir(directory, { mode: DIRECTORY_MODE }).catch((cause) => {
    if (cause.code === 'EEXIST') return;
    throw new ExportError(`\`${directory}\` cannot be made: there is no directory that takes it`, { cause });
  });
  await chmod(directory, DIRECTORY_MODE);

  async function place(path: string): Promise<string> {
    const file = join(directory, path);
    await mkdir(dirname(file), { recursive: true, mode: DIRECTORY_MODE });
    return file;
  }

  return {
    write: async (path, bytes) => writeFile(await place(path), bytes, { flag: 'wx', mode: FILE_MODE }),
    lines: async (path) => createLineFile(await open(await place(path), 'wx', FILE_MODE)),
  };
}

function createLineFile(handle: FileHandle): LineFile {
  let waiting = '';
  async function flush(): Promise<void> {
    const text = waiting;
    waiting = '';
    await handle.writeFile(text);
  }
  return {
    async write(lines) {
      waiting += lines;
      if (waiting.length >= AT_ONCE) await flush();
    },
    async close() {
      try {
        await flush();
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
}

/** The verifier that goes with every export, as it is. */
export function readVerifier(): Promise<Uint8Array> {
  return readFile(VERIFIER);
}
