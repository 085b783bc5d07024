import { sha256 } from '../record/leaf.ts';
import { entryDigest } from './entry-payload.ts';

/** Bytes of a frame before its payload. */
export const PRELUDE = 8;
const CHECK = 8;

/** What a frame holds. The signature, an ASCII word, stands XORed with the length in the frame's second word. */
const signatures = {
  head: 0x48454144,
  mark: 0x4d41524b,
  entry: 0x454e5452,
  seal: 0x5345414c,
} as const;

export type FrameKind = keyof typeof signatures;

const kindOf: ReadonlyMap<number, FrameKind> = new Map([
  [signatures.head, 'head'],
  [signatures.mark, 'mark'],
  [signatures.entry, 'entry'],
  [signatures.seal, 'seal'],
]);

/** Bytes a frame adds to its payload. */
export const FRAME_OVERHEAD = PRELUDE + CHECK;

export interface Frame {
  readonly kind: FrameKind;
  readonly payload: Uint8Array;
  /** Of an entry its Merkle leaf hash; else the SHA-256 of the payload. */
  readonly digest: Uint8Array;
  /** Offset just past the frame. */
  readonly end: number;
}

/**
 * `incomplete`: the file ends within the frame, which is what a write that was cut off leaves. `broken`: its bytes
 * are all there and wrong.
 */
type FrameReading = Frame | { readonly kind: 'incomplete' } | { readonly kind: 'broken' };

/**
 * Begins a frame: length, length XOR signature, payload, first 8 bytes of its digest; big-endian. Whoever asks writes
 * the payload, `length` bytes from `PRELUDE`, and then calls `endFrame`.
 */
export function beginFrame(kind: FrameKind, length: number): Buffer {
  const frame = Buffer.allocUnsafe(length + FRAME_OVERHEAD);
  frame.writeUInt32BE(length, 0);
  frame.writeUInt32BE((length ^ signatures[kind]) >>> 0, 4);
  return frame;
}

/** Ends a frame whose payload is written. */
export function endFrame(frame: Buffer, digest: Uint8Array): void {
  frame.set(digest.subarray(0, CHECK), frame.length - CHECK);
}

/** Frames a payload of any kind but `entry`. */
export function toFrame(kind: Exclude<FrameKind, 'entry'>, payload: Uint8Array): Buffer {
  const frame = beginFrame(kind, payload.length);
  frame.set(payload, PRELUDE);
  endFrame(frame, sha256(payload));
  return frame;
}

/**
 * Reads the frame at `at`.
 *
 * The length is written twice: with one alone, a flipped bit could make a frame reach past the file's end and pass
 * for a write that was cut off, and everything after it would be thrown away as torn.
 */
export function readFrame(file: Buffer, at: number): FrameReading {
  if (file.length - at < PRELUDE) return { kind: 'incomplete' };
  const length = file.readUInt32BE(at);
  const kind = kindOf.get((length ^ file.readUInt32BE(at + 4)) >>> 0);
  if (kind === undefined) return { kind: 'broken' };
  const end = at + length + FRAME_OVERHEAD;
  if (end > file.length) return { kind: 'incomplete' };
  const payload = file.subarray(at + PRELUDE, end - CHECK);
  const digest = kind === 'entry' ? entryDigest(payload) : sha256(payload);
  if (digest === undefined || file.compare(digest, 0, CHECK, end - CHECK, end) !== 0) return { kind: 'broken' };
  return { kind, payload, digest, end };
}

/** Bytes that the frame takes up which begins here; undefined where less than its prelude is there, or it is none. */
export function frameLength(start: Buffer): number | undefined {
  if (start.length < PRELUDE) return undefined;
  const length = start.readUInt32BE(0);
  const isFrame = kindOf.has((length ^ start.readUInt32BE(4)) >>> 0);
  return isFrame ? length + FRAME_OVERHEAD : undefined;
}

/** The eight bytes every frame of a kind and payload length begins with. */
export function toPrelude(kind: FrameKind, length: number): Buffer {
  return beginFrame(kind, length).subarray(0, PRELUDE);
}
