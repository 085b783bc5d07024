import type { AnswerEvent, ProviderAnswer } from '../../core/index.ts';
import { parseAnswerJson, parseUtf8 } from './answer-text.ts';
import type { Receiver } from './http-call.ts';

/** Largest answer taken whole, in bytes: it is held in memory until its end. */
const MAX_BYTES = 16 * 1024 * 1024;

/** What is read from the JSON of a body. */
export interface ReadAnswer {
  readonly id: string | undefined;
  readonly events: readonly AnswerEvent[];
}

/** An answer on its way: `answer` settles once `receiver` knows. */
export interface Receiving {
  readonly receiver: Receiver;
  readonly answer: Promise<ProviderAnswer>;
}

/** Receives a JSON body and reads it at its end. `parse` may throw a fault. */
export function receiveWhole(parse: (value: unknown) => ReadAnswer): Receiving {
  const { promise, resolve, reject } = Promise.withResolvers<ProviderAnswer>();
  const chunks: Uint8Array[] = [];
  return {
    answer: promise,
    receiver: {
      mediaType: 'application/json',
      maxBytes: MAX_BYTES,
      begin() {},
      data(bytes) {
        chunks.push(bytes);
      },
      end() {
        const [only] = chunks;
        const body = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks);
        const { id, events } = parse(parseAnswerJson(parseUtf8(body)));
        resolve({ events: once(events), ...(id === undefined ? {} : { providerRequestId: id }) });
      },
      fail: reject,
    },
  };
}

/** A batch that can be taken once. */
function once(events: readonly AnswerEvent[]): AsyncIterable<readonly AnswerEvent[]> {
  let isTaken = false;
  const iterator: AsyncIterator<readonly AnswerEvent[]> = {
    next() {
      if (isTaken) return Promise.resolve({ done: true, value: undefined });
      isTaken = true;
      return Promise.resolve({ done: false, value: events });
    },
  };
  return { [Symbol.asyncIterator]: () => iterator };
}
