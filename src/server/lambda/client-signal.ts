import type { ClientSignal } from '../passage/outlet.ts';

/** A signal of a client's leaving that somebody else sees. */
export interface ClientWatch {
  readonly signal: ClientSignal;
  /** Says, once, that nobody is there any more. */
  leave(): void;
}

export function createClientWatch(): ClientWatch {
  const listeners = new Set<() => void>();
  const signal = {
    aborted: false,
    addEventListener: (_type: 'abort', listener: () => void) => void listeners.add(listener),
    removeEventListener: (_type: 'abort', listener: () => void) => void listeners.delete(listener),
  };
  return {
    signal,
    leave() {
      if (signal.aborted) return;
      signal.aborted = true;
      for (const listener of listeners) listener();
    },
  };
}
