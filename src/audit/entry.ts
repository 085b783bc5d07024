import { decode } from 'cborg';
import { type JournalRecord, parseRequestId, type RequestId } from '../core/index.ts';
import { type CborTarget, headLength, writeBytes, writeHead } from './cbor-writer.ts';

const VERSION = 1;
const WRITER_BYTES = 8;
const HASH_BYTES = 32;
const KEY_ID_BYTES = 16;
const ID_BYTES = 16;

/** Version and type take a byte each, the four byte strings their heads and themselves. */
const HEAD_ITEMS_FIXED =
  2 + [WRITER_BYTES, HASH_BYTES, ID_BYTES, KEY_ID_BYTES].reduce((sum, length) => sum + headLength(length) + length, 0);

const types = ['request', 'release', 'response'] as const satisfies readonly JournalRecord['kind'][];
const typeNumbers = { request: 0, release: 1, response: 2 } as const satisfies Record<JournalRecord['kind'], number>;

/** What anybody who can read the journal sees of a record. INVARIANT: bound to the ciphertext as associated data. */
export interface EntryHead {
  /** 8 random bytes, new at each opening of the journal. */
  readonly writer: Uint8Array;
  /** The writer's entries count from 0 without a gap. */
  readonly counter: number;
  /** SHA-256 of the payload of the writer's previous entry; 32 zero bytes for its first. */
  readonly previous: Uint8Array;
  /** Epoch milliseconds, as the record has it. */
  readonly time: number;
  readonly requestId: RequestId;
  readonly type: JournalRecord['kind'];
  /** 16 bytes that name the record key. */
  readonly keyId: Uint8Array;
}

export interface Entry extends EntryHead {
  /** COSE_Encrypt0 (RFC 9052, section 5.2). */
  readonly ciphertext: Uint8Array;
}

/** Bytes that `writeHeadItems` writes. */
export function headItemsLength({ counter, time }: EntryHead): number {
  return HEAD_ITEMS_FIXED + headLength(counter) + headLength(time);
}

/** Writes the head as the eight CBOR items that begin the payload's array. Throws for a time before the epoch. */
export function writeHeadItems(target: CborTarget, head: EntryHead): void {
  writeHead(target, 'unsigned', VERSION);
  writeBytes(target, head.writer);
  writeHead(target, 'unsigned', head.counter);
  writeBytes(target, head.previous);
  writeHead(target, 'unsigned', head.time);
  writeBytes(target, toIdBytes(head.requestId));
  writeHead(target, 'unsigned', typeNumbers[head.type]);
  writeBytes(target, head.keyId);
}

/** Bytes of an entry's payload before its ciphertext of `length` bytes. */
export function entryStartLength(head: EntryHead, length: number): number {
  return 1 + headItemsLength(head) + headLength(length);
}

/**
 * Writes what of an entry's payload comes before its ciphertext of `length` bytes. The payload is one CBOR array in the
 * deterministic encoding of RFC 8949, section 4.2. Gives the bytes of the head's items within it.
 */
export function writeEntryStart(target: CborTarget, head: EntryHead, length: number): Uint8Array {
  writeHead(target, 'array', 9);
  const start = target.at;
  writeHeadItems(target, head);
  const items = target.bytes.subarray(start, target.at);
  writeHead(target, 'bytes', length);
  return items;
}

/** Reads a payload; throws where it is not an entry of this version. */
export function parseEntry(payload: Uint8Array): Entry {
  const items: unknown = decode(payload, { strict: true });
  if (!Array.isArray(items) || items.length !== 9 || items[0] !== VERSION) throw new Error('not an entry');
  const [, writer, counter, previous, time, id, typeNumber, keyId, ciphertext]: readonly unknown[] = items;
  const type = typeof typeNumber === 'number' ? types[typeNumber] : undefined;
  if (
    !isBytes(writer, WRITER_BYTES) ||
    !isCount(counter) ||
    !isBytes(previous, HASH_BYTES) ||
    typeof time !== 'number' ||
    !isBytes(id) ||
    type === undefined ||
    !isBytes(keyId, KEY_ID_BYTES) ||
    !isBytes(ciphertext)
  ) {
    throw new Error('not an entry');
  }
  return { writer, counter, previous, time, requestId: toRequestId(id), type, keyId, ciphertext };
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

export function isBytes(value: unknown, length?: number): value is Uint8Array {
  return value instanceof Uint8Array && (length === undefined || value.length === length);
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
