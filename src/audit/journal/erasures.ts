import type { Clock, WrappedKeyStore } from '../../core/index.ts';

interface ErasureOptions {
  readonly keys: Pick<WrappedKeyStore, 'destroyedSince'>;
  readonly forget: (keyId: Uint8Array) => void;
  readonly clock: Clock;
}

const PERIOD_MS = 1_000;
/** Clocks of two processes, and the time an erasure takes to be written. */
const OVERLAP_MS = 5_000;

/**
 * Heeds erasures by other processes: what this one holds of keys that were destroyed is let go. Gives a look that is due
 * once a second, and costs nothing where it is not: a process that was frozen has no timer that would have looked.
 */
export function createErasureWatch({ keys, forget, clock }: ErasureOptions): () => Promise<void> {
  let seen = clock.now();
  let looking: Promise<void> | undefined;

  async function look(): Promise<void> {
    const now = clock.now();
    for (const keyId of await keys.destroyedSince(seen - OVERLAP_MS)) forget(keyId);
    seen = now;
  }

  return () => {
    if (looking === undefined && clock.now() - seen < PERIOD_MS) return Promise.resolve();
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };
}
