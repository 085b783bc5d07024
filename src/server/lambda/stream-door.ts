import { GatewayError } from '../../core/index.ts';
import type { Door } from '../reception.ts';
import { createClientWatch } from './client-signal.ts';
import type { Refusal } from './lambda-request.ts';
import { beginResponse, type ResponseStream } from './response-stream.ts';

export interface StreamDoorOptions {
  readonly stream: ResponseStream;
  readonly readBody: () => Buffer;
  /** Milliseconds that a client may take nothing. */
  readonly stallTimeoutMs: number;
}

/** A door of one invocation whose answer is streamed. */
export interface StreamDoor {
  open(headers: Record<string, string>): Door;
  /** Cuts the answer off, or, where it has not begun, refuses in its place. Nobody will take it any more. */
  cutOff(refusal: Refusal): void;
  /** Resolves once the runtime has all of the answer, or its client is gone. */
  done(): Promise<void>;
}

/**
 * The door over a function's response stream. A client that leaves shows, if the runtime tells, as a stream that closes or
 * fails; where it does not tell, the answer is taken to its end and recorded as what was handed over.
 */
export function createStreamDoor({ stream, readBody, stallTimeoutMs }: StreamDoorOptions): StreamDoor {
  const watch = createClientWatch();
  const closed = new Promise<void>((resolve) => {
    stream.once('close', resolve);
    stream.once('finish', resolve);
    stream.once('error', () => resolve());
  });
  stream.on('close', () => {
    if (!stream.writableFinished) watch.leave();
  });
  // Also heard so that an error of the stream does not end the process.
  stream.on('error', () => watch.leave());
  let hasBegun = false;
  const hangUp = () => {
    watch.leave();
    stream.destroy();
  };
  const send: Door['send'] = ({ status: statusCode, headers, body }, beside) => {
    if (watch.signal.aborted) return;
    hasBegun = true;
    beginResponse(stream, { statusCode, headers: toSafeHeaders({ ...beside, ...headers }) }).end(body);
  };
  return {
    cutOff({ reply, headers }) {
      if (hasBegun) return hangUp();
      send(reply, headers);
      watch.leave();
    },
    done: () => closed,
    open: (headers) => ({
      outlet: {
        signal: watch.signal,
        promise(receipt) {
          headers['x-sallyport-record'] = receipt;
        },
        open(own) {
          if (watch.signal.aborted) return;
          hasBegun = true;
          beginResponse(stream, { statusCode: 200, headers: toSafeHeaders({ ...headers, ...own }) });
        },
        write(bytes) {
          if (watch.signal.aborted) return undefined;
          return stream.write(bytes) ? undefined : drained(stream, { stallTimeoutMs, hangUp });
        },
        end() {
          if (!watch.signal.aborted) stream.end();
        },
      },
      readBody: async () => readBody(),
      send,
      refuse: send,
    }),
  };
}

/** Headers go into JSON, where a line end is a character like others: whoever prints them must find none. */
export function toSafeHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const value of Object.values(headers)) if (/[\r\n\0]/.test(value)) throw new GatewayError('internal');
  return headers;
}

interface Draining {
  readonly stallTimeoutMs: number;
  readonly hangUp: () => void;
}

function drained(stream: ResponseStream, { stallTimeoutMs, hangUp }: Draining): Promise<void> {
  return new Promise((resolve) => {
    const stalled = setTimeout(hangUp, stallTimeoutMs);
    const done = () => {
      clearTimeout(stalled);
      stream.off('drain', done);
      stream.off('close', done);
      stream.off('error', done);
      resolve();
    };
    stream.once('drain', done);
    stream.once('close', done);
    stream.once('error', done);
  });
}
