import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { decode, encode, Tagged } from 'cborg';
import { isBytes, isCount, sha256 } from '../record/leaf.ts';

const COSE_SIGN1 = 18;
const TAGS = { [COSE_SIGN1]: Tagged.decoder(COSE_SIGN1) };
/** Begins every payload: a signature of the same key over anything else is no receipt. */
const PURPOSE = 'sallyport receipt';
const VERSION = 1;
const KEY_ID_BYTES = 8;
const HASH_BYTES = 32;
/** SubjectPublicKeyInfo of an Ed25519 key up to the key itself (RFC 8410, section 4). */
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** The promise that an entry will be in the log. */
export interface Receipt {
  /** Of the log's checkpoints. */
  readonly origin: string;
  /** Merkle leaf hash of the entry. */
  readonly leafHash: Uint8Array;
  /** When the entry was durable, epoch milliseconds. */
  readonly time: number;
  /** Until how long after `time` it is in the log, milliseconds. */
  readonly maximumMergeDelay: number;
  /** 8 bytes that name the key that signed. */
  readonly keyId: Uint8Array;
}

/** Signs receipts with a key of its own, which never leaves it. */
export interface ReceiptSigner {
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Signs on another thread. Gives the receipt in base64url, fit for a header. */
  sign(leafHash: Uint8Array, time: number): Promise<string>;
}

interface ReceiptSignerOptions {
  readonly origin: string;
  readonly maximumMergeDelay: number;
  /** 32 bytes that the key is made of, where several processes have one together. Default: a new one. */
  readonly seed?: Uint8Array;
}

/** PrivateKeyInfo of an Ed25519 key up to the seed (RFC 8410, section 7). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** Makes a key and what signs with it: COSE_Sign1 (RFC 9052, section 4.2) with EdDSA. */
export function createReceiptSigner({ origin, maximumMergeDelay, seed }: ReceiptSignerOptions): ReceiptSigner {
  const privateKey = seed === undefined ? generateKeyPairSync('ed25519').privateKey : toPrivateKey(seed);
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  const publicKey = new Uint8Array(spki.subarray(SPKI.length));
  const protectedHeader = encode(
    new Map<number, unknown>([
      [1, -8],
      [4, toKeyId(publicKey)],
    ]),
  );
  return {
    publicKey,
    async sign(leafHash, time) {
      const payload = encode([PURPOSE, VERSION, origin, leafHash, time, maximumMergeDelay]);
      const signature = await signElsewhere(null, toSigned(protectedHeader, payload), privateKey);
      const message = new Tagged(COSE_SIGN1, [protectedHeader, new Map(), payload, new Uint8Array(signature)]);
      return Buffer.from(encode(message)).toString('base64url');
    },
  };
}

function toPrivateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' });
}

/** On another thread, as the form with a callback does. */
const signElsewhere = promisify(
  (algorithm: null, data: Uint8Array, key: KeyObject, done: (error: Error | null, signature: Buffer) => void) =>
    sign(algorithm, data, key, done),
);

/** The 8 bytes that a receipt names a key by: the first of its SHA-256. */
export function toKeyId(publicKey: Uint8Array): Uint8Array {
  return sha256(publicKey).subarray(0, KEY_ID_BYTES);
}

/** A receipt that has been read; whether it is genuine depends on the key. */
export interface ReadReceipt extends Receipt {
  /** Whether the key signed exactly this. */
  isSignedBy(publicKey: Uint8Array): boolean;
}

/** Reads a receipt; throws where it is not one of this version, in the one encoding it has. */
export function parseReceipt(text: string): ReadReceipt {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw notAReceipt();
  const message = attempt(() => decode(bytes, { useMaps: true, strict: true, tags: TAGS }));
  const parts: unknown = message instanceof Tagged ? message.value : undefined;
  if (!Array.isArray(parts) || parts.length !== 4) throw notAReceipt();
  const [protectedHeader, , payload, signature]: readonly unknown[] = parts;
  if (!isBytes(protectedHeader) || !isBytes(payload) || !isBytes(signature, 64)) throw notAReceipt();
  const header = attempt(() => decode(protectedHeader, { useMaps: true, strict: true }));
  const keyId: unknown = header instanceof Map && header.get(1) === -8 ? header.get(4) : undefined;
  const items = attempt(() => decode(payload, { strict: true }));
  if (!Array.isArray(items) || items.length !== 6 || !isBytes(keyId, KEY_ID_BYTES)) throw notAReceipt();
  const [purpose, version, origin, leafHash, time, maximumMergeDelay]: readonly unknown[] = items;
  if (purpose !== PURPOSE || version !== VERSION || typeof origin !== 'string') throw notAReceipt();
  if (!isBytes(leafHash, HASH_BYTES) || !isCount(time) || !isCount(maximumMergeDelay)) throw notAReceipt();
  return {
    origin,
    leafHash,
    time,
    maximumMergeDelay,
    keyId,
    isSignedBy: (publicKey) =>
      Buffer.compare(toKeyId(publicKey), keyId) === 0 &&
      verify(null, toSigned(protectedHeader, payload), toPublicKey(publicKey), signature),
  };
}

/** Sig_structure of RFC 9052, section 4.4. */
function toSigned(protectedHeader: Uint8Array, payload: Uint8Array): Uint8Array {
  return encode(['Signature1', protectedHeader, new Uint8Array(0), payload]);
}

function toPublicKey(key: Uint8Array): KeyObject {
  return createPublicKey({ key: Buffer.concat([SPKI, key]), format: 'der', type: 'spki' });
}

function attempt(read: () => unknown): unknown {
  try {
    return read();
  } catch (cause) {
    throw notAReceipt(cause);
  }
}

function notAReceipt(cause?: unknown): Error {
  return new Error('not a receipt', { cause });
}
