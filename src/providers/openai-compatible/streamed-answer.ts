import { GatewayError, type ProviderAnswer } from '../../core/index.ts';
import { parseAnswerJson } from './answer-text.ts';
import { BatchQueue } from './batch-queue.ts';
import type { ChatAnswer } from './chat-answer.ts';
import { createChunkTemplate } from './chunk-template.ts';
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

/**
 * Receives an event stream. `answer` resolves with the first events, and rejects if the call fails before any. What one
 * read of the socket brings is one batch.
 */
export function receiveStream(reader: ChatAnswer): Receiving {
  const { promise: answer, resolve, reject } = Promise.withResolvers<ProviderAnswer>();
  const receiver = new StreamReceiver(reader, { resolve, reject });
  return { receiver, answer };
}

class StreamReceiver implements Receiver {
  readonly mediaType = 'text/event-stream';
  readonly maxBytes = MAX_BYTES;
  readonly #reader: ChatAnswer;
  readonly #answer: Pick<PromiseWithResolvers<ProviderAnswer>, 'resolve' | 'reject'>;
  readonly #texts = createChunkTemplate(['content']);
  readonly #thoughts = createChunkTemplate(['reasoning', 'reasoning_content']);
  readonly #feed = createEventLines((data) => this.#read(data));
  readonly #queue = new BatchQueue({ onTaken: () => this.#onTaken(), onLeft: () => this.#flow?.cancel() });
  #flow: Flow | undefined;
  #ahead = 0;
  #isScheduled = false;
  #isAnswered = false;

  constructor(reader: ChatAnswer, answer: Pick<PromiseWithResolvers<ProviderAnswer>, 'resolve' | 'reject'>) {
    this.#reader = reader;
    this.#answer = answer;
  }

  begin(flow: Flow): void {
    this.#flow = flow;
  }

  data(bytes: Uint8Array): void {
    this.#ahead += bytes.length;
    this.#feed(bytes);
    this.#schedule();
    const { ready, isAwaited, isOver } = this.#queue;
    // Only where there is something to take, since taking is what resumes.
    if (this.#ahead >= MAX_AHEAD && ready.length > 0 && !isAwaited && !isOver) this.#flow?.pause();
  }

  /** Without the stream's last word the answer may have been longer. */
  end(): never {
    throw new GatewayError('upstreamInterrupted');
  }

  fail(fault: GatewayError): void {
    this.#queue.end(fault);
    this.#schedule();
  }

  #read(data: string): void {
    const { ready, isOver } = this.#queue;
    // What a server says after its last word is not part of the answer.
    if (isOver) return;
    if (data === '[DONE]') {
      this.#reader.end(ready);
      this.#queue.end();
      this.#flow?.finish();
      return;
    }
    const text = this.#texts.textOf(data);
    if (text !== undefined) {
      if (text !== '') this.#reader.text(text, ready);
      return;
    }
    const thought = this.#thoughts.textOf(data);
    if (thought !== undefined) {
      if (thought !== '') this.#reader.reasoning(thought, ready);
      return;
    }
    const chunk = parseAnswerJson(data);
    this.#reader.chunk(chunk, ready);
    this.#texts.learn(data, chunk);
    this.#thoughts.learn(data, chunk);
  }

  /** One read brings `data` each HTTP chunk in it by itself: they are handed on together once it has been read. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    queueMicrotask(() => this.#deliver());
  }

  #deliver(): void {
    this.#isScheduled = false;
    if (this.#isAnswered) {
      this.#queue.deliver();
    } else if (this.#queue.ready.length > 0) {
      this.#isAnswered = true;
      const { id } = this.#reader;
      this.#answer.resolve({ events: this.#queue, ...(id === undefined ? {} : { providerRequestId: id }) });
    } else if (this.#queue.isOver) {
      this.#queue.next().catch(this.#answer.reject);
    }
  }

  #onTaken(): void {
    this.#ahead = 0;
    this.#flow?.resume();
  }
}
