import { createCipheriv, createDecipheriv, randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { StateError } from './state-error.ts';

/** Begins what is encrypted under a passphrase: the form, and the parameters of scrypt (RFC 7914) as powers of two. */
const HEAD = 'sallyport-root-1';
const ALGORITHM = 'aes-256-gcm';
const SALT_BYTES = 16;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ROOT_BYTES = 32;
/** 128 MiB and about a third of a second for each guess. */
const COST = 17;
const BLOCK = 8;
/** What a file may ask for: a forged one must not take all memory. */
const LEAST_COST = 14;
const MOST_COST = 20;
const derive = promisify<string, Uint8Array, number, ScryptOptions, Buffer>(scrypt);
const SEALED = /^sallyport-root-1 (\d{1,2}) ([A-Za-z0-9_-]{102})\n?$/;

/** Whether a key file's text is a root key under a passphrase. */
export function isSealedRoot(text: string): boolean {
  return text.startsWith(HEAD);
}

/** Encrypts a root key of 32 bytes under a passphrase, as one line of text: head, cost, then salt, nonce and ciphertext. */
export async function sealRoot(root: Uint8Array, passphrase: string): Promise<string> {
  const [salt, iv] = [randomBytes(SALT_BYTES), randomBytes(IV_BYTES)];
  const cipher = createCipheriv(ALGORITHM, await toKey(passphrase, salt, COST), iv);
  cipher.setAAD(Buffer.from(`${HEAD} ${COST}`));
  const sealed = Buffer.concat([salt, iv, cipher.update(root), cipher.final(), cipher.getAuthTag()]);
  return `${HEAD} ${COST} ${sealed.toString('base64url')}`;
}

/** Decrypts what `sealRoot` made. Rejects with a `StateError` where it is not that, or the passphrase another. */
export async function openRoot(text: string, passphrase: string): Promise<Uint8Array> {
  const [, digits = '', encoded = ''] = SEALED.exec(text) ?? [];
  const cost = Number(digits);
  const sealed = Buffer.from(encoded, 'base64url');
  if (encoded === '' || cost < LEAST_COST || cost > MOST_COST) throw new StateError('the key file is damaged');
  const salt = sealed.subarray(0, SALT_BYTES);
  const iv = sealed.subarray(SALT_BYTES, SALT_BYTES + IV_BYTES);
  const decipher = createDecipheriv(ALGORITHM, await toKey(passphrase, salt, cost), iv);
  decipher.setAAD(Buffer.from(`${HEAD} ${cost}`));
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(SALT_BYTES + IV_BYTES, -TAG_BYTES)), decipher.final()]);
  } catch (cause) {
    throw new StateError('the passphrase is not the one of this key file', { cause });
  }
}

function toKey(passphrase: string, salt: Uint8Array, cost: number): Promise<Buffer> {
  const options = { N: 2 ** cost, r: BLOCK, p: 1, maxmem: 2 * 128 * BLOCK * 2 ** cost };
  // In one normal form: the same words typed elsewhere may be other code points.
  return derive(passphrase.normalize('NFKC'), salt, ROOT_BYTES, options);
}
