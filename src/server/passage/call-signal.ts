import type { ClientSignal } from './outlet.ts';

/** What ends one model call before its time: the client's leaving, the clock, or the gateway itself. */
export interface CallSignal {
  readonly signal: AbortSignal;
  /** Whether it was the clock. */
  readonly isLate: boolean;
  /** Ends the call. */
  cancel(): void;
  /** Lets go of clock and client; a call that ended well is not cancelled. */
  release(): void;
}

/**
 * A signal with one timer that is cleared with the call. `AbortSignal.timeout` would keep every call's memory until its
 * whole time is over, long after the answer.
 */
export function createCallSignal(client: ClientSignal, timeoutMs: number): CallSignal {
  const controller = new AbortController();
  const cancel = () => controller.abort();
  const timer = setTimeout(() => {
    call.isLate = true;
    cancel();
  }, timeoutMs);
  if (client.aborted) cancel();
  client.addEventListener('abort', cancel);
  const call = {
    signal: controller.signal,
    isLate: false,
    cancel,
    release() {
      clearTimeout(timer);
      client.removeEventListener('abort', cancel);
    },
  };
  return call;
}
