import { decode, Tagged } from 'cborg';
import { type Disclosure, parseRequestId, type RequestId } from '../../core/index.ts';
import { isBytes } from './leaf.ts';

const ID_BYTES = 16;
const KEY_ID_BYTES = 16;
const KID = 4;
const IV = 5;
const IV_BYTES = 12;
const COSE_ENCRYPT0 = 16;
const TAGS = { [COSE_ENCRYPT0]: Tagged.decoder(COSE_ENCRYPT0) };

/**
 * A sealed record, read as far as that takes no key: CBOR array of the id, the COSE_Encrypt0 message and, of records
 * that say so, what anybody may read of them.
 */
export interface SealedRecord {
  /** Of the exchange, or of the act. */
  readonly requestId: RequestId;
  /** 16 bytes that name the record key. */
  readonly keyId: Uint8Array;
  /** The nonce's 12 bytes. */
  readonly iv: Uint8Array;
  /** Ends with the tag. */
  readonly ciphertext: Uint8Array;
  /** JSON of a `Disclosure`. */
  readonly disclosed: Uint8Array | undefined;
}

/** Reads a sealed record; throws where it is not one. Strict: one record has one encoding. */
export function parseSealed(bytes: Uint8Array): SealedRecord {
  const items: unknown = decode(bytes, { useMaps: true, strict: true, tags: TAGS });
  if (!Array.isArray(items) || (items.length !== 2 && items.length !== 3)) throw new Error('not a sealed record');
  const [id, tagged, disclosed]: readonly unknown[] = items;
  const message: unknown = tagged instanceof Tagged ? tagged.value : undefined;
  if (!isBytes(id, ID_BYTES) || !Array.isArray(message)) throw new Error('not a sealed record');
  const [, unprotected, ciphertext]: readonly unknown[] = message;
  const keyId: unknown = unprotected instanceof Map ? unprotected.get(KID) : undefined;
  const iv: unknown = unprotected instanceof Map ? unprotected.get(IV) : undefined;
  if (!isBytes(keyId, KEY_ID_BYTES) || !isBytes(iv, IV_BYTES) || !isBytes(ciphertext))
    throw new Error('not a sealed record');
  if (disclosed !== undefined && !isBytes(disclosed)) throw new Error('not a sealed record');
  return { requestId: toRequestId(id), keyId, iv, ciphertext, disclosed };
}

/** What anybody may read of a record that says so, as the gateway wrote it. */
export function parseDisclosure(bytes: Uint8Array): Disclosure {
  return JSON.parse(Buffer.from(bytes).toString('utf8'));
}

/** The 16 bytes of a UUID. */
export function toIdBytes(id: RequestId): Uint8Array {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

/** The request id of 16 bytes; throws where they are not a UUIDv7. */
export function toRequestId(bytes: Uint8Array): RequestId {
  const hex = Buffer.from(bytes).toString('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return parseRequestId(groups.join('-'));
}
