import { EventStreamCodec } from '@smithy/eventstream-codec';
import { GatewayError } from '../../core/index.ts';

/** An event of a stream: a header it is told apart by, and its payload, both as text. */
export interface Frame {
  readonly kind: 'event' | 'exception' | 'error';
  /** Of an event or exception its member name in the stream's union; of an error its code. */
  readonly type: string;
  readonly payload: string;
}

/** Cuts a stream of bytes, however it is divided, into frames of `application/vnd.amazon.eventstream`. */
export interface FrameReader {
  /** The frames that are complete now, one by one. Throws `upstreamFailed` when it comes to a corrupt one. */
  push(chunk: Uint8Array): Iterable<Frame>;
  /** Throws `upstreamInterrupted` if the stream ended inside a frame. */
  end(): void;
}

const LENGTH = 4;
/** Largest frame of the format: 24 MiB of payload, 128 KiB of headers, and what surrounds them. */
const MAX_FRAME = 24 * 1024 * 1024 + 128 * 1024 + 16;

const codec = new EventStreamCodec(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()),
  (text) => Buffer.from(text),
);

/** Makes a reader for one stream. */
export function createFrameReader(): FrameReader {
  // Chunks wait unjoined until a whole frame is there: joining at each would cost the square of a frame's length.
  let waiting: Uint8Array[] = [];
  let size = 0;
  let needed = LENGTH;

  return {
    *push(chunk) {
      waiting.push(chunk);
      size += chunk.length;
      if (size < needed) return;
      const bytes =
        waiting.length === 1 ? Buffer.from(chunk.buffer, chunk.byteOffset, size) : Buffer.concat(waiting, size);
      let at = 0;
      for (;;) {
        needed = bytes.length - at < LENGTH ? LENGTH : lengthAt(bytes, at);
        if (bytes.length - at < needed) break;
        yield decode(bytes.subarray(at, at + needed));
        at += needed;
      }
      size = bytes.length - at;
      waiting = size === 0 ? [] : [bytes.subarray(at)];
    },
    end() {
      if (size > 0) throw new GatewayError('upstreamInterrupted', { detail: 'the stream ended inside a frame' });
    },
  };
}

function lengthAt(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at);
  if (length > MAX_FRAME) throw broken();
  return length;
}

function decode(bytes: Buffer): Frame {
  let message: ReturnType<typeof codec.decode>;
  try {
    message = codec.decode(bytes);
  } catch (cause) {
    throw broken(cause);
  }
  const { headers, body } = message;
  const header = (name: string): string => {
    const found = headers[name];
    if (found?.type !== 'string') throw broken();
    return found.value;
  };
  const payload = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
  const kind = header(':message-type');
  switch (kind) {
    case 'event':
    case 'exception':
      return { kind, type: header(`:${kind}-type`), payload };
    case 'error':
      return { kind, type: header(':error-code'), payload };
    default:
      throw broken();
  }
}

function broken(cause?: unknown): GatewayError {
  return new GatewayError('upstreamFailed', { detail: 'a corrupt event-stream frame', cause });
}
