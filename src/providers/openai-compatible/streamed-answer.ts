import { type AnswerEvent, GatewayError, type ProviderAnswer } from '../../core/index.ts';
import { parseAnswerJson } from './answer-text.ts';
import type { ChatAnswer } from './chat-answer.ts';
import { createEventLines } from './event-lines.ts';
import type { Flow, Receiver } from './http-call.ts';
import type { Receiving } from './whole-answer.ts';

/**
 * Longest stream, in bytes. It is not held, and a chunk of a few letters takes a few hundred bytes: this is more than
 * a model says at once.
 */
const MAX_BYTES = 128 * 1024 * 1024;

/** Bytes read ahead of the consumer before the connection is paused. */
const MAX_AHEAD = 64 * 1024;

type Batch = readonly AnswerEvent[];
type Waiting = PromiseWithResolvers<IteratorResult<Batch, undefined>>;

/**
 * Receives an event stream. `answer` resolves with the first events, and rejects if the call fails before any.
 *
 * What one read of the socket brings is one batch; what comes while the consumer is busy joins the next. For one
 * consumer that asks for a batch after it has the last.
 */
export function receiveStream(reader: ChatAnswer): Receiving {
  const { promise, resolve, reject } = Promise.withResolvers<ProviderAnswer>();
  let flow: Flow | undefined;
  let ready: AnswerEvent[] = [];
  let ahead = 0;
  let waiting: Waiting | undefined;
  let isScheduled = false;
  let isAnswered = false;
  let isOver = false;
  let failure: GatewayError | undefined;

  const feed = createEventLines((data) => {
    // What a server says after its last word is not part of the answer.
    if (isOver) return;
    if (data !== '[DONE]') {
      reader.chunk(parseAnswerJson(data), ready);
      return;
    }
    reader.end(ready);
    isOver = true;
    flow?.finish();
  });

  /** One read calls `data` for each HTTP chunk in it; what they bring is handed on together once it has been read. */
  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    queueMicrotask(deliver);
  }

  /** Hands on what there is. Events that came before a failure go first: how reads fell must not matter. */
  function deliver(): void {
    isScheduled = false;
    if (!isAnswered) answer();
    if (waiting === undefined || (ready.length === 0 && !isOver)) return;
    const { resolve: give, reject: refuse } = waiting;
    waiting = undefined;
    if (ready.length === 0 && failure !== undefined) refuse(take(failure));
    else give(next());
  }

  function answer(): void {
    if (ready.length > 0) {
      isAnswered = true;
      resolve({ events, ...(reader.id === undefined ? {} : { providerRequestId: reader.id }) });
    } else if (failure !== undefined) {
      reject(failure);
    }
  }

  function next(): IteratorResult<Batch, undefined> {
    if (ready.length === 0) return { done: true, value: undefined };
    const value = ready;
    ready = [];
    ahead = 0;
    return { done: false, value };
  }

  function take(fault: GatewayError): GatewayError {
    failure = undefined;
    return fault;
  }

  const iterator: AsyncIterator<Batch, undefined> = {
    next() {
      if (ready.length > 0) {
        const result = next();
        flow?.resume();
        return Promise.resolve(result);
      }
      if (failure !== undefined) return Promise.reject(take(failure));
      if (isOver) return Promise.resolve({ done: true, value: undefined });
      waiting = Promise.withResolvers();
      return waiting.promise;
    },
    return() {
      if (!isOver) flow?.cancel();
      isOver = true;
      ready = [];
      return Promise.resolve({ done: true, value: undefined });
    },
  };
  const events = { [Symbol.asyncIterator]: () => iterator };

  const receiver: Receiver = {
    mediaType: 'text/event-stream',
    maxBytes: MAX_BYTES,
    begin(from) {
      flow = from;
    },
    data(bytes) {
      ahead += bytes.length;
      feed(bytes);
      schedule();
      if (ahead >= MAX_AHEAD) flow?.pause();
    },
    end() {
      throw new GatewayError('upstreamInterrupted');
    },
    fail(fault) {
      isOver = true;
      failure = fault;
      schedule();
    },
  };
  return { receiver, answer: promise };
}
