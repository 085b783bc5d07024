import { isUtf8 } from 'node:buffer';
import { GatewayError } from '../../core/index.ts';
import { createFrameReader, type Frame } from '../../protocols/index.ts';
import { parseObject, type WireObject } from './wire-value.ts';

/** An event of a stream: a header it is told apart by, and its payload, both as text. */
export interface StreamEvent {
  readonly kind: 'event' | 'exception' | 'error';
  /** Of an event or exception its member name in the stream's union; of an error its code. */
  readonly type: string;
  readonly payload: string;
}

/** Cuts a stream of `application/vnd.amazon.eventstream` bytes, however it is divided, into events. */
export interface StreamEventReader {
  /** The events that are complete now, one by one. Throws `upstreamFailed` when it comes to a corrupt one. */
  push(chunk: Uint8Array): Iterable<StreamEvent>;
  /** Throws `upstreamInterrupted` if the stream ended inside an event. */
  end(): void;
}

/** Makes a reader for one stream. */
export function createStreamEventReader(): StreamEventReader {
  const reader = createFrameReader();
  return {
    *push(chunk) {
      for (const frame of reader.push(chunk)) yield toStreamEvent(frame);
    },
    end: reader.end,
  };
}

function toStreamEvent({ headers, payload: bytes }: Frame): StreamEvent {
  const header = (name: string): string => {
    const found = headers.get(name);
    if (found?.type !== 'string') throw unnamed();
    return found.value;
  };
  // Decoded leniently, what was inspected would not be what the provider's other clients read.
  if (!isUtf8(bytes)) throw new GatewayError('upstreamFailed', { detail: 'an event that is not UTF-8' });
  const payload = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
  const kind = header(':message-type');
  switch (kind) {
    case 'event':
    case 'exception':
      return { kind, type: header(`:${kind}-type`), payload };
    case 'error':
      return { kind, type: header(':error-code'), payload };
    default:
      throw unnamed();
  }
}

function unnamed(): GatewayError {
  return new GatewayError('upstreamFailed', { detail: 'an event-stream frame that does not say what it is' });
}

/** The payload of an event. Throws `upstreamFailed` unless it is a JSON object. */
export function parsePayload(payload: string): WireObject {
  let value: unknown;
  try {
    value = JSON.parse(payload);
  } catch (cause) {
    throw new GatewayError('upstreamFailed', { detail: 'an event that is not JSON', cause });
  }
  return parseObject(value);
}
