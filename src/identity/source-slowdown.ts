import { setTimeout } from 'node:timers/promises';
import { type Clock, type FaultCode, GatewayError } from '../core/index.ts';
import { createRecentMap } from './recent-map.ts';

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

/** The address, or for IPv6 its network of 64 bits: every host has that many addresses to fail from. */
function toNetwork(source: string): string {
  if (!source.includes(':') || source.startsWith('::ffff:')) return source;
  const [before, after] = source.split('::') as [string, string?];
  const groups = before.split(':');
  // `::` stands for as many groups of zeros as there is room for.
  const zeros = after === undefined ? 0 : 8 - groups.length - after.split(':').length;
  return [...groups, ...Array<string>(Math.max(zeros, 0)).fill('0'), after].slice(0, 4).join(':');
}
