import type { AnswerEvent, GatewayError } from '../../core/index.ts';

type Batch = readonly AnswerEvent[];
type Result = IteratorResult<Batch, undefined>;

/** What the queue tells the other side. */
interface QueueListener {
  /** A batch has been taken. */
  onTaken(): void;
  /** The consumer wants no more, before the end. */
  onLeft(): void;
}

/**
 * Events on their way to one consumer, who asks for a batch after it has the last: what comes while it is busy joins
 * the next. What came before a failure is handed on before it.
 */
export class BatchQueue implements AsyncIterable<Batch, undefined>, AsyncIterator<Batch, undefined> {
  readonly #listener: QueueListener;
  #ready: AnswerEvent[] = [];
  #waiting: PromiseWithResolvers<Result> | undefined;
  #isOver = false;
  #failure: GatewayError | undefined;

  constructor(listener: QueueListener) {
    this.#listener = listener;
  }

  /** Where events are appended; `deliver` hands them on. */
  get ready(): AnswerEvent[] {
    return this.#ready;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether the consumer is not busy with the last batch. */
  get isAwaited(): boolean {
    return this.#waiting !== undefined;
  }

  /** Nothing is appended any more. */
  end(failure?: GatewayError): void {
    this.#isOver = true;
    this.#failure = failure;
  }

  /** Hands on what there is, if it is waited for. */
  deliver(): void {
    if (this.#waiting === undefined || (this.#ready.length === 0 && !this.#isOver)) return;
    const { resolve } = this.#waiting;
    this.#waiting = undefined;
    resolve(this.next());
  }

  next(): Promise<Result> {
    const value = this.#ready;
    if (value.length > 0) {
      this.#ready = [];
      this.#listener.onTaken();
      return Promise.resolve({ done: false, value });
    }
    if (this.#failure !== undefined) {
      const failure = this.#failure;
      this.#failure = undefined;
      return Promise.reject(failure);
    }
    if (this.#isOver) return Promise.resolve({ done: true, value: undefined });
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  return(): Promise<Result> {
    if (!this.#isOver) this.#listener.onLeft();
    this.end();
    this.#ready = [];
    return Promise.resolve({ done: true, value: undefined });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
