import { hkdfSync, randomBytes } from 'node:crypto';
import { type FileHandle, link, open, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { KeyRing } from '../core/index.ts';
import { StateError } from './state-error.ts';

const KEY_BYTES = 32;
/** RFC 5869, section 3.1: a salt need not be secret; a fixed one keeps these keys apart from any other program's. */
const SALT = 'sallyport/key-ring/v1';
/** 32 bytes as base64url, with the line end an editor would add. */
const KEY_TEXT = /^([A-Za-z0-9_-]{43})\n?$/;
const OTHERS = 0o077;

/**
 * Opens the key ring whose root key lies in the file `path`: 32 random bytes as base64url text. Makes the file, for
 * its owner alone, where there is none; of processes that do so at once, all get the same key.
 *
 * Rejects with a `StateError` where others may read or write the file, or it holds no such key.
 */
export async function createLocalKeyRing(path: string): Promise<KeyRing> {
  const root = (await readRootKey(path)) ?? (await createRootKey(path));
  const derived = new Map<string, Uint8Array>();
  return {
    derive(purpose) {
      let key = derived.get(purpose);
      if (key === undefined) {
        key = new Uint8Array(hkdfSync('sha256', root, SALT, purpose, KEY_BYTES));
        derived.set(purpose, key);
      }
      // A copy, so that no user who wipes or changes its key changes everyone's.
      return key.slice();
    },
  };
}

async function readRootKey(path: string): Promise<Uint8Array | undefined> {
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
    return parseRootKey(await handle.readFile('latin1'));
  } finally {
    await handle.close();
  }
}

function parseRootKey(text: string): Uint8Array {
  const key = Buffer.from(KEY_TEXT.exec(text)?.[1] ?? '', 'base64url');
  // 43 characters hold two bits more than 32 bytes. They are zero in what was written here: another is a damaged file.
  if (key.length !== KEY_BYTES || key.toString('base64url') !== text.trimEnd()) {
    throw new StateError('the key file does not hold one key of 32 bytes');
  }
  return key;
}

/**
 * Writes a new key beside `path` and links it there, which fails where another process was first. So no reader ever
 * sees half a key, and no crash leaves one: a gateway that ran on it could not read its own state afterwards.
 */
async function createRootKey(path: string): Promise<Uint8Array> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}`;
  const handle = await open(temporary, 'wx', 0o600);
  try {
    await handle.writeFile(`${randomBytes(KEY_BYTES).toString('base64url')}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(temporary, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    await unlink(temporary);
  }
  await syncDirectory(dirname(path));
  const key = await readRootKey(path);
  if (key === undefined) throw new StateError('the key file vanished while it was being made');
  return key;
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
