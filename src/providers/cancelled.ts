import { GatewayError } from '../core/index.ts';

/** The fault of a call that was cancelled: `upstreamTimeout` if its time was over, else `upstreamInterrupted`. */
export function toCancelled(signal: AbortSignal): GatewayError {
  const cause: unknown = signal.reason;
  const isLate = cause instanceof DOMException && cause.name === 'TimeoutError';
  return new GatewayError(isLate ? 'upstreamTimeout' : 'upstreamInterrupted', { cause });
}

/** Throws the fault of a cancelled call if `signal` is aborted. */
export function throwIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw toCancelled(signal);
}
