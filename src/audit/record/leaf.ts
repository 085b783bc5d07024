import { hash } from 'node:crypto';
import type { JournalRecord } from '../../core/index.ts';
import { type CborTarget, headLength, majors, writeBytes, writeHead } from './cbor-writer.ts';

const VERSION = 1;
const ITEMS = 10;
const HASH_BYTES = 32;
const ALIAS_BYTES = 16;
const WRITER_BYTES = 8;

/** What a byte string of this length takes up, its head included. */
const taking = (length: number) => headLength(length) + length;

/** The last item: a byte string's head of two bytes, and the hash. */
const SEALED_HASH_ITEM = taking(HASH_BYTES);
/** The array's head, version and type take a byte each; then the strings of fixed length. */
const FIXED = 3 + taking(ALIAS_BYTES) + taking(WRITER_BYTES) + 4 * taking(HASH_BYTES);

type RecordKind = JournalRecord['kind'];

/** Numbers of the types, in the order in which they came to be. Only ever added to. */
const typeNumbers = {
  request: 0,
  release: 1,
  response: 2,
  administration: 3,
  bodyAccess: 4,
  change: 5,
  key: 6,
  erasure: 7,
  retention: 8,
} as const satisfies Record<RecordKind, number>;

const types: ReadonlyMap<unknown, RecordKind> = new Map(
  Object.entries(typeNumbers).map(([type, number]) => [number, type as RecordKind]),
);

/** Where a record stands: what its leaf says but for the commitments. */
export interface LeafPlace {
  readonly type: RecordKind;
  /** Epoch milliseconds, as the record has it. */
  readonly time: number;
  /** 16 bytes that stand for the tenant. */
  readonly tenantAlias: Uint8Array;
  /** 8 random bytes, new at each opening of the journal. */
  readonly writer: Uint8Array;
  /** The writer's entries count from 0 without a gap. */
  readonly counter: number;
  /** Merkle leaf hash of the writer's previous entry; 32 zero bytes for its first. */
  readonly previous: Uint8Array;
}

/**
 * An entry of the log: what anybody may see of a record. It holds no name and no text; the commitments are salted, so
 * that they tell nothing once the record's key is gone.
 */
export interface Leaf extends LeafPlace {
  /** SHA-256 of a salt and the record's header. */
  readonly headerCommitment: Uint8Array;
  /** SHA-256 of a salt and the record's body. */
  readonly bodyCommitment: Uint8Array;
  /** SHA-256 of the sealed record. */
  readonly sealedHash: Uint8Array;
}

/** Bytes that `writeLeaf` writes, `sealedHash` included. */
export function leafLength({ counter, time }: LeafPlace): number {
  return FIXED + headLength(counter) + headLength(time);
}

/**
 * Writes a leaf as one CBOR array in the deterministic encoding of RFC 8949, section 4.2, up to the hash of what it
 * commits to last: whoever asks encrypts, and then calls `endLeaf`. Throws for a time before the epoch.
 */
export function beginLeaf(target: CborTarget, leaf: Omit<Leaf, 'sealedHash'>): void {
  writeHead(target, 'array', ITEMS);
  writeHead(target, 'unsigned', VERSION);
  writeHead(target, 'unsigned', typeNumbers[leaf.type]);
  writeHead(target, 'unsigned', leaf.time);
  writeBytes(target, leaf.tenantAlias);
  writeBytes(target, leaf.writer);
  writeHead(target, 'unsigned', leaf.counter);
  writeBytes(target, leaf.previous);
  writeBytes(target, leaf.headerCommitment);
  writeBytes(target, leaf.bodyCommitment);
}

export function endLeaf(target: CborTarget, sealedHash: Uint8Array): void {
  writeBytes(target, sealedHash);
}

/** A leaf without its last item: what the encrypted record is bound to. */
export function boundPartOf(leaf: Uint8Array): Uint8Array {
  return leaf.subarray(0, -SEALED_HASH_ITEM);
}

/** The SHA-256 that a leaf has of its sealed record. */
export function sealedHashOf(leaf: Uint8Array): Uint8Array {
  return leaf.subarray(-HASH_BYTES);
}

/** Reads a leaf; throws where it is not one of this version, in the one encoding it has. */
export function parseLeaf(bytes: Uint8Array): Leaf {
  // By hand: a verifier reads millions of them, and a general reader takes ten times as long.
  const from = { bytes, at: 0 };
  const isVersion = readHead(from, 'array') === ITEMS && readHead(from, 'unsigned') === VERSION;
  const type = types.get(isVersion ? readHead(from, 'unsigned') : undefined);
  if (type === undefined) throw notALeaf();
  const leaf: Leaf = {
    type,
    time: readHead(from, 'unsigned'),
    tenantAlias: readString(from, ALIAS_BYTES),
    writer: readString(from, WRITER_BYTES),
    counter: readHead(from, 'unsigned'),
    previous: readString(from, HASH_BYTES),
    headerCommitment: readString(from, HASH_BYTES),
    bodyCommitment: readString(from, HASH_BYTES),
    sealedHash: readString(from, HASH_BYTES),
  };
  if (from.at !== bytes.length) throw notALeaf();
  return leaf;
}

interface CborSource {
  readonly bytes: Uint8Array;
  at: number;
}

/** Reads an item's head, in its shortest form, and gives its argument. */
function readHead(from: CborSource, kind: keyof typeof majors): number {
  const first = from.bytes[from.at] ?? 0;
  const low = first & 0x1f;
  const more = LENGTHS.get(low) ?? 0;
  let argument = more === 0 ? low : 0;
  for (let at = from.at + 1; at <= from.at + more; at += 1) argument = argument * 0x100 + (from.bytes[at] ?? 0);
  const isShortest = headLength(argument) === 1 + more && low < 28;
  if ((first & 0xe0) !== majors[kind] || !isShortest || !Number.isSafeInteger(argument)) throw notALeaf();
  from.at += 1 + more;
  return argument;
}

/** Bytes of the argument behind an item's first byte. */
const LENGTHS: ReadonlyMap<number, number> = new Map([
  [24, 1],
  [25, 2],
  [26, 4],
  [27, 8],
]);

function readString(from: CborSource, length: number): Uint8Array {
  if (readHead(from, 'bytes') !== length || from.at + length > from.bytes.length) throw notALeaf();
  from.at += length;
  return from.bytes.subarray(from.at - length, from.at);
}

function notALeaf(): Error {
  return new Error('not a leaf');
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return hash('sha256', bytes, 'buffer');
}

export function isBytes(value: unknown, length?: number): value is Uint8Array {
  return value instanceof Uint8Array && (length === undefined || value.length === length);
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
