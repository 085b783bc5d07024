import { hkdfSync, randomBytes } from 'node:crypto';
import type { KeyRing } from '../core/index.ts';
import { isSealedRoot, openRoot, sealRoot } from './passphrase.ts';
import { createKeyFile, readKeyFile } from './root-key-file.ts';
import { StateError } from './state-error.ts';

const KEY_BYTES = 32;
/** RFC 5869, section 3.1: a salt need not be secret; a fixed one keeps these keys apart from any other program's. */
const SALT = 'sallyport/key-ring/v1';
/** 32 bytes as base64url, with the line end an editor would add. */
const KEY_TEXT = /^([A-Za-z0-9_-]{43})\n?$/;

export interface LocalKeyRingOptions {
  /** Without it the file holds the root key itself, and whoever reads it has all. */
  readonly passphrase?: string;
}

/**
 * Opens the key ring whose root key lies in the file `path`: 32 random bytes as base64url text, or encrypted under a
 * passphrase. Makes the file, for its owner alone, where there is none; of processes that do so at once, all get the same
 * key.
 *
 * Rejects with a `StateError` where others may read or write the file, it holds no such key, or the passphrase is wrong.
 */
export async function createLocalKeyRing(path: string, { passphrase }: LocalKeyRingOptions = {}): Promise<KeyRing> {
  const text =
    (await readKeyFile(path)) ?? (await createKeyFile(path, await toText(randomBytes(KEY_BYTES), passphrase)));
  return createKeyRing(await fromText(text, passphrase));
}

/** Derives keys from a root key of 32 bytes. */
export function createKeyRing(root: Uint8Array): KeyRing {
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

async function toText(root: Uint8Array, passphrase: string | undefined): Promise<string> {
  const text = passphrase === undefined ? Buffer.from(root).toString('base64url') : await sealRoot(root, passphrase);
  return `${text}\n`;
}

async function fromText(text: string, passphrase: string | undefined): Promise<Uint8Array> {
  if (isSealedRoot(text)) {
    if (passphrase === undefined) throw new StateError('the key file is encrypted: a passphrase is needed');
    return openRoot(text, passphrase);
  }
  if (passphrase !== undefined) throw new StateError('the key file is not encrypted under a passphrase');
  return parseRootKey(text);
}

function parseRootKey(text: string): Uint8Array {
  const key = Buffer.from(KEY_TEXT.exec(text)?.[1] ?? '', 'base64url');
  // 43 characters hold two bits more than 32 bytes. They are zero in what was written here: another is a damaged file.
  if (key.length !== KEY_BYTES || key.toString('base64url') !== text.trimEnd()) {
    throw new StateError('the key file does not hold one key of 32 bytes');
  }
  return key;
}
