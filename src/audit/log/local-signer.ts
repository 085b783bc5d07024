import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import type { KeyRing } from '../../core/index.ts';
import type { LogSigner } from './contracts.ts';

/** PrivateKeyInfo of an Ed25519 key up to its seed (RFC 8410, section 7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');
const KEY_BYTES = 32;

/** What a key ring has signing keys for. A signature for the one is none for the other. */
export type SigningPurpose = 'audit/checkpoint' | 'audit/approval';

/** Signs in the name `name` with the key ring's key of that purpose, which is the seed (RFC 8032, 5.1.5). */
export function createLocalSigner(
  keyRing: KeyRing,
  name: string,
  purpose: SigningPurpose = 'audit/checkpoint',
): LogSigner {
  const seed = keyRing.derive(purpose);
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
  seed.fill(0);
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return {
    name,
    publicKey: new Uint8Array(spki.subarray(-KEY_BYTES)),
    sign: async (message) => new Uint8Array(sign(null, message, key)),
  };
}
