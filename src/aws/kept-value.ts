import type { Clock } from '../core/index.ts';

/** Until when a value is used, as epoch milliseconds. */
export interface KeptUntil {
  /** From then on whoever asks has it fetched anew, and gets what there is meanwhile. */
  readonly aheadAt: number;
  /** From then on whoever asks waits for the new one. */
  readonly dueAt: number;
  /** Until then it is given out where no new one can be had; after that nobody gets it. */
  readonly endAt: number;
}

export interface KeptValueOptions<Value> {
  readonly load: () => Promise<Value>;
  readonly until: (value: Value, loadedAt: number) => KeptUntil;
  readonly clock: Clock;
  /** Milliseconds after a fault in which nothing is fetched: the source is down for everybody who asks. */
  readonly holdOffMs: number;
  /** Is told of each fault that `load` has. */
  readonly onFault?: ((cause: unknown) => void) | undefined;
}

interface Kept<Value> extends KeptUntil {
  readonly value: Value;
}

/**
 * A value that is fetched where it is asked for, and kept for a bounded time. Those who ask at once share one fetch.
 *
 * Asking rejects with the fault of the fetch where no value is left that may be given out.
 */
export function createKeptValue<Value>(options: KeptValueOptions<Value>): () => Promise<Value> {
  const { load, until, clock, holdOffMs, onFault } = options;
  let kept: Kept<Value> | undefined;
  let fault: { readonly cause: unknown; readonly until: number } | undefined;
  let fetching: Promise<Kept<Value>> | undefined;

  async function fetchNew(): Promise<Kept<Value>> {
    try {
      const value = await load();
      kept = { value, ...until(value, clock.now()) };
      fault = undefined;
      return kept;
    } catch (cause) {
      fault = { cause, until: clock.now() + holdOffMs };
      onFault?.(cause);
      throw cause;
    } finally {
      fetching = undefined;
    }
  }

  function fetched(): Promise<Kept<Value>> {
    if (fault !== undefined && clock.now() < fault.until) return Promise.reject(fault.cause);
    fetching ??= fetchNew();
    return fetching;
  }

  return async () => {
    const now = clock.now();
    if (kept !== undefined && now < kept.aheadAt) return kept.value;
    if (kept !== undefined && now < kept.dueAt) {
      fetched().catch(() => undefined);
      return kept.value;
    }
    try {
      return (await fetched()).value;
    } catch (cause) {
      if (kept !== undefined && clock.now() < kept.endAt) return kept.value;
      throw cause;
    }
  };
}
