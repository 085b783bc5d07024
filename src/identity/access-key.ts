import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Credential, KeyRing } from '../core/index.ts';
import { type Bound, toBinding } from './binding.ts';
import type { Issuer, Owner } from './owner.ts';
import { createRandomText } from './random-text.ts';

const PREFIX = 'SPAK';
const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ACCESS_KEY_ID = /^SPAK[A-Z2-7]{16}$/;
/** 40 characters of base64, as AWS secrets have. */
const SECRET_BYTES = 30;
const PURPOSE = 'identity/sigv4';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Makes an access key for SigV4. `secretAccessKey` is for the owner; the credential keeps it encrypted, because a
 * signature cannot be verified with a hash.
 */
export function createAccessKey(
  { tenant, principal, expiresAt }: Owner,
  { keyRing, clock }: Issuer,
): { readonly credential: Credential; readonly accessKeyId: string; readonly secretAccessKey: string } {
  const accessKeyId = `${PREFIX}${createRandomText(BASE32, 16)}`;
  const secretAccessKey = randomBytes(SECRET_BYTES).toString('base64');
  const bound: Bound = {
    id: accessKeyId,
    kind: 'sigv4',
    tenant,
    principal,
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
  const secret = seal(keyRing.derive(PURPOSE), secretAccessKey, bound);
  return { credential: { ...bound, secret, createdAt: clock.now() }, accessKeyId, secretAccessKey };
}

/** Whether an id can be one of this gateway's. */
export function isAccessKeyId(text: string): boolean {
  return ACCESS_KEY_ID.test(text);
}

/** Gives the secret of an access key. Throws where the store or the key ring is not the one it was made with. */
export type SecretOpener = (credential: Credential) => string;

export function createSecretOpener(keyRing: KeyRing): SecretOpener {
  const key = keyRing.derive(PURPOSE);
  return (credential) => {
    const nonce = credential.secret.subarray(0, NONCE_BYTES);
    const tag = credential.secret.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES);
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
      .setAAD(Buffer.from(toBinding(credential)))
      .setAuthTag(tag);
    const text = decipher.update(credential.secret.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString('latin1');
  };
}

/** Nonce, tag, ciphertext. */
function seal(key: Uint8Array, secret: string, bound: Bound): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(toBinding(bound)));
  const text = Buffer.concat([cipher.update(secret, 'latin1'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), text]);
}
