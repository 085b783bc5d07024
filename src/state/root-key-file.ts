import { randomBytes } from 'node:crypto';
import { type FileHandle, link, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StateError } from './state-error.ts';

const OTHERS = 0o077;

/** The text of a key file; undefined where there is none. Rejects where others may read or write it. */
export async function readKeyFile(path: string): Promise<string | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    // Asked of the open file, not of the path: between the two the file could be another.
    const status = await handle.stat();
    if (!status.isFile()) throw new StateError('the key file is not a regular file');
    if ((status.mode & OTHERS) !== 0) {
      throw new StateError('the key file can be read or written by others; its mode must be 0600');
    }
    return await handle.readFile('latin1');
  } finally {
    await handle.close();
  }
}

/**
 * Writes a new key file beside `path` and links it there, which fails where another process was first: its text is what
 * is then given. So no reader ever sees half a key, and no crash leaves one: a gateway that ran on it could not read its
 * own state afterwards.
 */
export async function createKeyFile(path: string, text: string): Promise<string> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  let refused: unknown;
  try {
    await writeNewFile(temporary, text);
    await link(temporary, path).catch((error: unknown) => {
      refused = error;
    });
  } finally {
    await rm(temporary, { force: true });
  }
  const kept = await readKeyFile(path);
  if (kept === undefined) throw new StateError('the key file cannot be made', { cause: refused });
  await syncDirectory(dirname(path));
  return kept;
}

async function writeNewFile(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Without it the file's name may be lost with the power, though its content is on the disk. */
async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
