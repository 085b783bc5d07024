import { decode, encode } from 'cborg';
import type { RequestId } from '../../core/index.ts';
import { isBytes, isCount } from '../record/leaf.ts';
import { toIdBytes, toRequestId } from '../record/sealed-record.ts';
import { FRAME_OVERHEAD, readFrame, toFrame, toPrelude } from './frame.ts';

/** The first bytes of every journal file. The line ends show a transfer that mistook it for text. */
export const MAGIC = Buffer.from('SPJ2\r\n\x1a\n', 'latin1');

const VERSION = 2;
const MARK_BYTES = 16;
const MARK_PRELUDE = toPrelude('mark', MARK_BYTES);
const SEAL_BYTES = 40;

/** Length of a sealed file's last frame. */
export const SEAL_FRAME_BYTES = SEAL_BYTES + FRAME_OVERHEAD;

/** Where a writer stands between two entries. */
export interface ChainPosition {
  /** The next entry's counter. */
  readonly counter: number;
  /** Merkle leaf hash of the last entry; 32 zero bytes before the first. */
  readonly previous: Uint8Array;
}

/** An exchange with a request and no response yet. */
export interface OpenExchange {
  /** Names the key that it is encrypted under. */
  readonly keyId: Uint8Array;
  /** Merkle leaf hash of the request. */
  readonly leafHash: Uint8Array;
}

export type OpenExchanges = ReadonlyMap<RequestId, OpenExchange>;

/** What a file says of itself at its beginning. With it the writer's earlier files need not be read at a start. */
export interface FileHead extends ChainPosition {
  readonly writer: Uint8Array;
  /** The writer's files count from 0 without a gap. */
  readonly sequence: number;
  readonly open: OpenExchanges;
}

export const START_OF_CHAIN: ChainPosition = { counter: 0, previous: new Uint8Array(32) };

/** The first bytes of a file: magic and head. */
export function toFileStart({ writer, sequence, counter, previous, open }: FileHead): Buffer {
  const exchanges = [...open].map(([id, { keyId, leafHash }]) => [toIdBytes(id), keyId, leafHash]);
  return Buffer.concat([MAGIC, toFrame('head', encode([VERSION, writer, sequence, counter, previous, exchanges]))]);
}

/** Reads a head frame's payload; throws where it is not a head of this version. */
export function parseFileHead(payload: Uint8Array): FileHead {
  const items: unknown = decode(payload, { strict: true });
  if (!Array.isArray(items) || items.length !== 6 || items[0] !== VERSION) throw new Error('not a head');
  const [, writer, sequence, counter, previous, exchanges]: readonly unknown[] = items;
  if (
    !isBytes(writer, 8) ||
    !isCount(sequence) ||
    !isCount(counter) ||
    !isBytes(previous, 32) ||
    !Array.isArray(exchanges)
  ) {
    throw new Error('not a head');
  }
  return { writer, sequence, counter, previous, open: new Map(exchanges.map(parseOpenExchange)) };
}

function parseOpenExchange(item: unknown): readonly [RequestId, OpenExchange] {
  if (!Array.isArray(item)) throw new Error('not a head');
  const [id, keyId, leafHash]: readonly unknown[] = item;
  if (!isBytes(id) || !isBytes(keyId, 16) || !isBytes(leafHash, 32)) throw new Error('not a head');
  return [toRequestId(id), { keyId, leafHash }];
}

/**
 * The frame that begins each write: the counter of its first entry, and its own offset.
 *
 * A write begins only when the one before it is on stable storage. So a broken frame with a mark somewhere after it
 * was whole once and has been damaged; one without is a write that a loss of power cut off.
 */
export function toMark(counter: number, offset: number): Buffer {
  const payload = Buffer.alloc(MARK_BYTES);
  payload.writeBigUInt64BE(BigInt(counter), 0);
  payload.writeBigUInt64BE(BigInt(offset), 8);
  return toFrame('mark', payload);
}

export function parseMark(payload: Uint8Array): { readonly counter: number; readonly offset: number } {
  const bytes = Buffer.from(payload);
  return { counter: Number(bytes.readBigUInt64BE(0)), offset: Number(bytes.readBigUInt64BE(8)) };
}

/** Whether a mark stands anywhere after `at`. */
export function hasMarkAfter(file: Buffer, at: number): boolean {
  for (let next = file.indexOf(MARK_PRELUDE, at + 1); next !== -1; next = file.indexOf(MARK_PRELUDE, next + 1)) {
    const frame = readFrame(file, next);
    if (frame.kind === 'mark' && parseMark(frame.payload).offset === next) return true;
  }
  return false;
}

/** The frame that ends a writer's last file: every exchange in its files is closed, here or by a later writer. */
export function toSeal({ counter, previous }: ChainPosition): Buffer {
  const payload = Buffer.alloc(SEAL_BYTES);
  payload.writeBigUInt64BE(BigInt(counter), 0);
  payload.set(previous, 8);
  return toFrame('seal', payload);
}

export function parseSeal(payload: Uint8Array): ChainPosition {
  const bytes = Buffer.from(payload);
  return { counter: Number(bytes.readBigUInt64BE(0)), previous: bytes.subarray(8) };
}

/** `<writer>-<sequence>.journal`, so that names sort as a writer's files follow each other. */
export function toFileName(writer: Uint8Array, sequence: number): string {
  return `${Buffer.from(writer).toString('hex')}-${String(sequence).padStart(8, '0')}.journal`;
}

/** A writer's id in hexadecimal and a file's place in its series; undefined for a file of another kind. */
export function parseFileName(name: string): { readonly writer: string; readonly sequence: number } | undefined {
  const match = /^([0-9a-f]{16})-([0-9]{8,})\.journal$/.exec(name);
  return match === null ? undefined : { writer: String(match[1]), sequence: Number(match[2]) };
}
