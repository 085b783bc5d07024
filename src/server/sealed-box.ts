import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto';

/**
 * Keeps something in hands that are not ours (AES-256-GCM, NIST SP 800-38D): nobody else can read or make it, and it opens
 * only where it was meant for.
 */
export interface SealedBox {
  /** `scope` says what it is for, and is not in it. */
  seal(content: Uint8Array, scope: Uint8Array): Buffer;
  /** Throws for what was not sealed under this key for this scope. */
  open(sealed: Uint8Array, scope: Uint8Array): Buffer;
}

const VERSION = 1;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const BEFORE = 1 + NONCE_BYTES;

/** `random` gives that many random bytes, fit for nonces. */
export function createSealedBox(key: KeyObject, random: (length: number) => Uint8Array): SealedBox {
  return {
    seal(content, scope) {
      const nonce = random(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(scope);
      return Buffer.concat([Buffer.of(VERSION), nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, scope) {
      const end = sealed.length - TAG_BYTES;
      if (sealed[0] !== VERSION || end < BEFORE) throw new Error('not a sealed box of this version');
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(1, BEFORE))
        .setAAD(scope)
        .setAuthTag(sealed.subarray(end));
      return Buffer.concat([decipher.update(sealed.subarray(BEFORE, end)), decipher.final()]);
    },
  };
}
