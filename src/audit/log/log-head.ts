import { decode, encode } from 'cborg';
import { isBytes, isCount } from '../record/leaf.ts';
import type { WriterPosition } from './contracts.ts';

const VERSION = 1;
const HASH_BYTES = 32;

/** The state of the log that one sequencer at a time may replace. */
export interface LogHead {
  /** Entries in the log. */
  readonly size: number;
  /** Roots of the perfect subtrees that a tree of `size` is made of, largest first. */
  readonly frontier: readonly Uint8Array[];
  /** How far each writer of the journal is in the log, by the writer's id in hexadecimal; the last to move on last. */
  readonly writers: ReadonlyMap<string, WriterPosition>;
  /** Signed note of a checkpoint for `size`; empty of an empty log. */
  readonly checkpoint: string;
  /** Name of the staged batch that made this head; empty of an empty log. It is published, or whoever comes next does it. */
  readonly staged: string;
}

export const EMPTY_HEAD: LogHead = { size: 0, frontier: [], writers: new Map(), checkpoint: '', staged: '' };

/** A writer before its first entry. */
export const START_OF_WRITER: WriterPosition = { counter: 0, previous: new Uint8Array(HASH_BYTES) };

/** One CBOR array in the deterministic encoding of RFC 8949, section 4.2. */
export function toHeadBytes({ size, frontier, writers, checkpoint, staged }: LogHead): Uint8Array {
  const positions = [...writers].map(([writer, { counter, previous }]) => [writer, counter, previous]);
  return encode([VERSION, size, frontier, positions, checkpoint, staged]);
}

/** Reads what `toHeadBytes` wrote; throws where it is not that. */
export function parseLogHead(bytes: Uint8Array): LogHead {
  const items: unknown = decode(bytes, { strict: true });
  if (!Array.isArray(items) || items.length !== 6 || items[0] !== VERSION) throw notAHead();
  const [, size, frontier, positions, checkpoint, staged]: readonly unknown[] = items;
  if (!isCount(size) || !isHashes(frontier) || !Array.isArray(positions)) throw notAHead();
  if (typeof checkpoint !== 'string' || typeof staged !== 'string') throw notAHead();
  return { size, frontier, writers: new Map(positions.map(parsePosition)), checkpoint, staged };
}

function isHashes(value: unknown): value is readonly Uint8Array[] {
  return Array.isArray(value) && value.every((hash) => isBytes(hash, HASH_BYTES));
}

function parsePosition(item: unknown): readonly [string, WriterPosition] {
  if (!Array.isArray(item)) throw notAHead();
  const [writer, counter, previous]: readonly unknown[] = item;
  if (typeof writer !== 'string' || !isCount(counter) || !isBytes(previous, HASH_BYTES)) throw notAHead();
  return [writer, { counter, previous }];
}

function notAHead(): Error {
  return new Error("the log's head is not one of this version");
}
