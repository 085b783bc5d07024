import { GatewayError } from '../../core/index.ts';
import type { Door } from '../reception.ts';
import { createClientWatch } from './client-signal.ts';
import type { Refusal } from './lambda-request.ts';
import { toSafeHeaders } from './stream-door.ts';

/** What a function gives back to a front door that does not stream. */
export interface BufferedReply {
  readonly statusCode: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** In the place of `headers`, where a load balancer asks for lists. */
  readonly multiValueHeaders?: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

export interface BufferedDoorOptions {
  readonly readBody: () => Buffer;
  /** Bytes of the reply's JSON. */
  readonly replyBytes: number;
  readonly hasHeaderLists: boolean;
}

/** A door of one invocation whose answer is given back whole. */
export interface BufferedDoor {
  open(headers: Record<string, string>): Door;
  /** From now on nobody takes the answer any more; where there is none yet, a refusal is the answer. */
  cutOff(refusal: Refusal): void;
  /** What was answered; undefined where nothing was. */
  reply(): BufferedReply | undefined;
}

/** For status, headers and what JSON puts around them, and for the fault that ends an answer which grew too large. */
const RESERVED_BYTES = 32_768;
/** What is text in any case: it need not grow by a third, nor the door be told to decode it. */
const TEXT = /^(?:text\/|application\/json)/;

/** A door that gathers an answer, streamed ones too: its client gets all of it at once. */
export function createBufferedDoor({ readBody, replyBytes, hasHeaderLists }: BufferedDoorOptions): BufferedDoor {
  const watch = createClientWatch();
  const chunks: Uint8Array[] = [];
  let held = 0;
  let head: { readonly status: number; readonly headers: Readonly<Record<string, string>> } | undefined;

  const require = (bytes: Uint8Array, headers: Readonly<Record<string, string>>): void => {
    if (held + writtenBytes(bytes, headers) > replyBytes - RESERVED_BYTES) throw new GatewayError('answerTooLarge');
  };
  const keep = (bytes: Uint8Array): void => {
    held += writtenBytes(bytes, head?.headers ?? {});
    chunks.push(bytes);
  };
  const refuse: Door['refuse'] = ({ status, headers, body }, beside) => {
    head = { status, headers: { ...beside, ...headers } };
    chunks.splice(0);
    held = 0;
    keep(body);
  };
  return {
    cutOff({ reply, headers }) {
      if (head === undefined) refuse(reply, headers);
      watch.leave();
    },
    open: (headers) => ({
      outlet: {
        signal: watch.signal,
        promise(receipt) {
          headers['x-sallyport-record'] = receipt;
        },
        open(own) {
          head = { status: 200, headers: { ...headers, ...own } };
        },
        require,
        write(bytes) {
          keep(bytes);
          return undefined;
        },
        end: () => undefined,
      },
      readBody: async () => readBody(),
      send(reply, beside) {
        if (watch.signal.aborted) return;
        require(reply.body, reply.headers);
        refuse(reply, beside);
      },
      refuse,
    }),
    reply() {
      if (head === undefined) return undefined;
      const { status: statusCode } = head;
      const headers = toSafeHeaders(head.headers);
      const isText = TEXT.test(headers['content-type'] ?? '');
      const body = Buffer.concat(chunks).toString(isText ? 'utf8' : 'base64');
      return { statusCode, ...inForm(headers, hasHeaderLists), body, isBase64Encoded: !isText };
    },
  };
}

function inForm(headers: Readonly<Record<string, string>>, asLists: boolean): Partial<BufferedReply> {
  if (!asLists) return { headers };
  return { multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])) };
}

/** Bytes that a body takes in the reply's JSON. */
function writtenBytes(bytes: Uint8Array, headers: Readonly<Record<string, string>>): number {
  if (!TEXT.test(headers['content-type'] ?? '')) return Math.ceil(bytes.length / 3) * 4;
  return Buffer.byteLength(JSON.stringify(Buffer.from(bytes).toString('utf8')));
}
