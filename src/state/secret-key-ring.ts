import { createHmac } from 'node:crypto';
import type { KeyRing } from '../core/index.ts';
import { createKeyRing } from './local-key-ring.ts';
import { StateError } from './state-error.ts';

/** RFC 5869, section 3.1. Another than that of key files: a text that is also the content of one makes other keys. */
const SALT = 'sallyport/root-secret/v1';
/** 32 random bytes in base64, or 22 in hexadecimal digits and more. */
const TEXT = /^[A-Za-z0-9+/=_-]{43,4096}$/;
/** Random text of that length has fewer characters less often than once in 2^40, in hexadecimal digits also. */
const LEAST_DIFFERENT = 8;

/**
 * The key ring whose root key is HKDF-Extract (RFC 5869) with SHA-256 over a secret text: the same text makes the same
 * keys, in any process. There is no other text for what was encrypted under one.
 *
 * Throws a `StateError`, which does not repeat it, where the text is too short or too plain for a random one.
 */
export function createSecretKeyRing(secret: string): KeyRing {
  if (!TEXT.test(secret) || new Set(secret).size < LEAST_DIFFERENT) {
    throw new StateError(
      'the root secret is not at least 43 random characters from A-Z, a-z, 0-9, +, /, =, _ and -, such as ' +
        '`openssl rand -base64 32` prints',
    );
  }
  return createKeyRing(createHmac('sha256', SALT).update(secret).digest());
}
