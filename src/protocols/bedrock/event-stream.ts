import { GatewayError } from '../../core/index.ts';
import { crc32 } from './crc32.ts';
import { decodeHeaders, encodeHeaders, type FrameHeaders } from './frame-headers.ts';

/**
 * A frame of `application/vnd.amazon.eventstream`
 * (smithy.io/2.0/aws/amazon-eventstream.html). `payload` may be a view of the bytes it was read from.
 */
export interface Frame {
  readonly headers: FrameHeaders;
  readonly payload: Uint8Array;
}

/** A frame to be written: its headers already in wire form, its payload as bytes or as text for UTF-8. */
export interface OutgoingFrame {
  readonly headers: Uint8Array;
  readonly payload: string | Uint8Array;
}

/** Cuts a stream of bytes, however it is divided, into frames. */
export interface FrameReader {
  /** The frames that are complete now, one by one. Throws `upstreamFailed` when it comes to a broken one. */
  push(chunk: Uint8Array): Iterable<Frame>;
  /** Throws `upstreamInterrupted` if the stream ended inside a frame. */
  end(): void;
}

/** Length of the frame, length of the headers, CRC of both: 4 bytes each. */
const PRELUDE = 12;
const TRAILER = 4;
const MAX_HEADERS = 128 * 1024;
const MAX_PAYLOAD = 24 * 1024 * 1024;

/** The wire form of headers whose values are all strings: the kind every event of Amazon Bedrock has. */
export function encodeStringHeaders(headers: Readonly<Record<string, string>>): Uint8Array {
  return encodeHeaders(new Map(Object.entries(headers).map(([name, value]) => [name, { type: 'string', value }])));
}

/** The headers of an event with a JSON payload, in wire form. */
export function encodeEventHeaders(type: string): Uint8Array {
  return encodeStringHeaders({ ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' });
}

/** The frames' bytes, one after the other, in one buffer. */
export function encodeFrames(frames: readonly OutgoingFrame[]): Uint8Array {
  let total = 0;
  const lengths = frames.map(({ headers, payload }) => {
    const length = PRELUDE + headers.length + Buffer.byteLength(payload) + TRAILER;
    total += length;
    return length;
  });
  const bytes = Buffer.allocUnsafe(total);
  let at = 0;
  for (const [index, frame] of frames.entries()) {
    const end = at + (lengths[index] ?? 0);
    writeFrame(bytes.subarray(at, end), frame);
    at = end;
  }
  return bytes;
}

function writeFrame(bytes: Buffer, { headers, payload }: OutgoingFrame): void {
  bytes.writeUInt32BE(bytes.length, 0);
  bytes.writeUInt32BE(headers.length, 4);
  bytes.writeUInt32BE(crc32(bytes, 0, 8), 8);
  bytes.set(headers, PRELUDE);
  if (typeof payload === 'string') bytes.write(payload, PRELUDE + headers.length);
  else bytes.set(payload, PRELUDE + headers.length);
  const end = bytes.length - TRAILER;
  bytes.writeUInt32BE(crc32(bytes, 0, end), end);
}

/** Makes a reader for one stream. */
export function createFrameReader(): FrameReader {
  // Chunks wait unjoined until a whole frame is there: joining at each would cost the square of a frame's length.
  let waiting: Uint8Array[] = [];
  let size = 0;
  let needed = PRELUDE;

  return {
    *push(chunk) {
      waiting.push(chunk);
      size += chunk.length;
      if (size < needed) return;
      const bytes = joined(waiting, size);
      let at = 0;
      for (;;) {
        needed = neededAt(bytes, at);
        if (bytes.length - at < needed) break;
        yield readFrame(bytes.subarray(at, at + needed));
        at += needed;
      }
      waiting = at === bytes.length ? [] : [bytes.subarray(at)];
      size = bytes.length - at;
    },
    end() {
      if (size > 0) throw new GatewayError('upstreamInterrupted', { detail: 'the stream ended inside a frame' });
    },
  };
}

function joined(chunks: readonly Uint8Array[], size: number): Buffer {
  const [first] = chunks;
  if (first === undefined || chunks.length > 1) return Buffer.concat(chunks, size);
  return Buffer.from(first.buffer, first.byteOffset, first.length);
}

/** How many bytes from `at` on the next step takes: a prelude, or once that is there the frame it announces. */
function neededAt(bytes: Buffer, at: number): number {
  if (bytes.length - at < PRELUDE) return PRELUDE;
  // The checksum comes first: a corrupt length would otherwise make the reader wait for bytes that never come.
  if (crc32(bytes, at, at + 8) !== bytes.readUInt32BE(at + 8)) throw broken('the prelude is corrupt');
  const headers = bytes.readUInt32BE(at + 4);
  if (headers > MAX_HEADERS) throw broken('the headers are too long');
  const length = bytes.readUInt32BE(at);
  const payload = length - PRELUDE - headers - TRAILER;
  if (payload < 0) throw broken('the lengths do not agree');
  if (payload > MAX_PAYLOAD) throw broken('the payload is too long');
  return length;
}

function readFrame(bytes: Buffer): Frame {
  const end = bytes.length - TRAILER;
  if (crc32(bytes, 0, end) !== bytes.readUInt32BE(end)) throw broken('the content is corrupt');
  const payload = PRELUDE + bytes.readUInt32BE(4);
  return { headers: decodeHeaders(bytes.subarray(PRELUDE, payload)), payload: bytes.subarray(payload, end) };
}

function broken(what: string): GatewayError {
  return new GatewayError('upstreamFailed', { detail: `an event-stream frame of which ${what}` });
}
