import type { Dispatcher } from 'undici';
import { GatewayError } from '../../core/index.ts';
import { toCancelled } from '../cancelled.ts';
import { failed, toConnectionFault, toStatusFault } from './upstream-fault.ts';

type Controller = Dispatcher.DispatchController;
type Head = Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2];

/** What a receiver may do to the call it receives from. */
export interface Flow {
  /** Stops reading from the connection until `resume`. No time is counted meanwhile. */
  pause(): void;
  resume(): void;
  /** The answer is whole: what still comes is read and dropped, so that the connection can be kept. */
  finish(): void;
  /** Nobody wants the answer any more. */
  cancel(): void;
}

/** Takes the body of an answer of status 200, uncompressed and of the right type. May throw a fault, which ends it. */
export interface Receiver {
  readonly mediaType: 'application/json' | 'text/event-stream';
  /** Largest body, in bytes. */
  readonly maxBytes: number;
  begin(flow: Flow): void;
  data(bytes: Uint8Array): void;
  /** The body has ended. */
  end(): void;
  /** The call has failed: the last that is heard of it. */
  fail(fault: GatewayError): void;
}

interface Limits {
  readonly signal: AbortSignal;
  /** Milliseconds for the whole answer; for a stream until it begins, and then from read to read. */
  readonly timeoutMs: number;
  /** Called once, when the pool no longer keeps the call waiting; for one that was cancelled meanwhile, too. */
  readonly onTaken: () => void;
}

/** What is read, in bytes, of a body nobody wants, before the connection is given up instead. */
const MAX_DROPPED = 64 * 1024;

/**
 * One call over HTTP, as the pool tells of it. Time in the pool's queue and for connecting counts as well, so that
 * every call ends.
 */
export class HttpCall implements Dispatcher.DispatchHandler, Flow {
  readonly #receiver: Receiver;
  readonly #limits: Limits;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort = () => this.#stop(toCancelled(this.#limits.signal));
  #controller: Controller | undefined;
  /** `dropping`: whoever waited has been told, and the rest of the body is read for the connection's sake alone. */
  #state: 'waiting' | 'receiving' | 'dropping' | 'over' = 'waiting';
  #bytes = 0;
  #isTaken = false;

  constructor(receiver: Receiver, limits: Limits) {
    this.#receiver = receiver;
    this.#limits = limits;
    this.#timer = setTimeout((call: HttpCall) => call.#onTimeout(), limits.timeoutMs, this);
    limits.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  onRequestStart(controller: Controller): void {
    this.#take();
    this.#controller = controller;
    if (this.#state === 'over') controller.abort(new Error('cancelled'));
  }

  onResponseStart(_: Controller, status: number, headers: Head): void {
    if (status < 200 || this.#state !== 'waiting') return;
    const fault = faultOfHead(status, headers, this.#receiver.mediaType);
    if (fault !== undefined) {
      this.#drop();
      this.#receiver.fail(fault);
      return;
    }
    this.#state = 'receiving';
    this.#receiver.begin(this);
  }

  onResponseData(_: Controller, bytes: Uint8Array): void {
    this.#bytes += bytes.length;
    if (this.#state === 'dropping') {
      if (this.#bytes > MAX_DROPPED) this.cancel();
      return;
    }
    if (this.#state !== 'receiving') return;
    if (this.#receiver.mediaType === 'text/event-stream') this.#timer.refresh();
    try {
      if (this.#bytes > this.#receiver.maxBytes) throw failed('an answer that is too large');
      this.#receiver.data(bytes);
    } catch (error) {
      this.#stop(toFault(error));
    }
  }

  onResponseEnd(): void {
    const isWanted = this.#state === 'receiving';
    this.#settle();
    if (!isWanted) return;
    try {
      this.#receiver.end();
    } catch (error) {
      this.#receiver.fail(toFault(error));
    }
  }

  onResponseError(_: Controller | null, error: Error): void {
    const isAnswering = this.#state === 'receiving';
    const isWanted = isAnswering || this.#state === 'waiting';
    this.#take();
    this.#settle();
    if (isWanted) this.#receiver.fail(toConnectionFault(error, isAnswering));
  }

  pause(): void {
    this.#controller?.pause();
  }

  resume(): void {
    if (this.#controller?.paused !== true) return;
    if (this.#state !== 'over') this.#timer.refresh();
    this.#controller.resume();
  }

  finish(): void {
    if (this.#state === 'receiving') this.#drop();
  }

  cancel(): void {
    this.#settle();
    this.#controller?.abort(new Error('cancelled'));
  }

  #take(): void {
    if (this.#isTaken) return;
    this.#isTaken = true;
    this.#limits.onTaken();
  }

  #drop(): void {
    this.#state = 'dropping';
    this.#bytes = 0;
    this.#limits.signal.removeEventListener('abort', this.#onAbort);
  }

  #onTimeout(): void {
    // A reader that is slow is not a server that is: `resume` sets the timer anew.
    if (this.#controller?.paused === true) return;
    if (this.#state === 'dropping') this.cancel();
    else this.#stop(new GatewayError('upstreamTimeout'));
  }

  /** Ends the call, connection included, with a fault. */
  #stop(fault: GatewayError): void {
    if (this.#state === 'over' || this.#state === 'dropping') return;
    this.cancel();
    this.#receiver.fail(fault);
  }

  #settle(): void {
    this.#state = 'over';
    clearTimeout(this.#timer);
    this.#limits.signal.removeEventListener('abort', this.#onAbort);
  }
}

function toFault(error: unknown): GatewayError {
  return error instanceof GatewayError ? error : new GatewayError('internal', { cause: error });
}

/** Why the body is not read, if so. A redirect is an answer like any other that is not 200: prompts go nowhere else. */
function faultOfHead(status: number, headers: Head, mediaType: Receiver['mediaType']): GatewayError | undefined {
  if (status !== 200) return toStatusFault(status, headers['retry-after']);
  const { 'content-encoding': encoding = 'identity', 'content-type': type } = headers;
  if (encoding !== 'identity') return failed('a compressed answer');
  return isMediaType(type, mediaType) ? undefined : failed('an answer of another media type');
}

function isMediaType(value: unknown, mediaType: Receiver['mediaType']): boolean {
  if (typeof value !== 'string') return false;
  if (value === mediaType) return true;
  const [type = '', ...parameters] = value.toLowerCase().split(';');
  const charsets = parameters.map((parameter) => parameter.trim()).filter((name) => name.startsWith('charset='));
  return type.trim() === mediaType && charsets.every((charset) => /^charset="?utf-8"?$/.test(charset));
}
