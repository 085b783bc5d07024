import { setTimeout } from 'node:timers/promises';
import { type Clock, type FaultCode, GatewayError } from '../core/index.ts';
import { createRecentMap } from './recent-map.ts';
import { toNetwork } from './source-network.ts';

/** Slows what answers to a source that fails often; what succeeds is never slowed. */
export interface SourceSlowdown {
  /** Runs `action`. Where it rejects for want of a valid credential, the rejection comes the later the more there were. */
  guard<T>(source: string, action: () => Promise<T>): Promise<T>;
}

const WINDOW_MS = 60_000;
const FREE_FAILURES = 20;
const STEP_MS = 50;
const LONGEST_MS = 1_000;
const CAPACITY = 10_000;
const FAILURES: ReadonlySet<FaultCode> = new Set<FaultCode>([
  'unauthenticated',
  'ambiguousCredentials',
  'signatureMismatch',
  'signatureExpired',
]);

interface Count {
  readonly since: number;
  readonly failures: number;
}

export function createSourceSlowdown(
  clock: Clock,
  wait: (milliseconds: number) => Promise<unknown> = setTimeout,
): SourceSlowdown {
  const counts = createRecentMap<Count>(CAPACITY);
  const countFailure = (source: string): number => {
    const now = clock.now();
    const kept = counts.get(source);
    const isCurrent = kept !== undefined && now >= kept.since && now - kept.since < WINDOW_MS;
    const count = isCurrent ? { ...kept, failures: kept.failures + 1 } : { since: now, failures: 1 };
    counts.set(source, count);
    return count.failures;
  };
  return {
    async guard(source, action) {
      try {
        return await action();
      } catch (error) {
        if (error instanceof GatewayError && FAILURES.has(error.code)) {
          const over = countFailure(toNetwork(source)) - FREE_FAILURES;
          if (over >= 0) await wait(Math.min((over + 1) * STEP_MS, LONGEST_MS));
        }
        throw error;
      }
    },
  };
}
