import { GatewayError } from '../core/index.ts';
import { toCancelled } from './cancelled.ts';

/**
 * What a hook for credentials gives. Waits no longer than the call may take: its owner may be waiting for another service.
 * Rejects with the fault that it has, and for any other reason with `upstreamForbidden`.
 */
export async function askForCredentials<Credentials>(
  ask: () => Promise<Credentials>,
  signal: AbortSignal,
): Promise<Credentials> {
  const aborted = Promise.withResolvers<never>();
  const abort = () => aborted.reject(toCancelled(signal));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([ask(), aborted.promise]);
  } catch (cause) {
    throw cause instanceof GatewayError ? cause : new GatewayError('upstreamForbidden', { cause });
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
