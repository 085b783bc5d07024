import type { Prices } from './prices.data.ts';
import type { Use } from './use.ts';

export type Architecture = 'x64' | 'arm64';

/** US dollars, by what they are for. */
export interface Cost {
  readonly lambda: number;
  readonly apiGateway: number;
  readonly dynamodb: number;
  readonly s3: number;
  readonly kms: number;
  readonly logs: number;
}

/** What a use costs at the prices of one Region. */
export function toCost(use: Use, prices: Prices, architecture: Architecture): Cost {
  const of = (count: number, { dollars, per }: Prices[keyof Prices]) => (count / per) * dollars;
  return {
    lambda:
      of(use.gibSeconds, architecture === 'x64' ? prices.lambdaX64 : prices.lambdaArm64) +
      of(use.invocations, prices.invocation),
    apiGateway: of(use.requests, prices.request),
    dynamodb: of(use.reads, prices.read) + of(use.writes, prices.write),
    s3: of(use.puts, prices.put) + of(use.gets, prices.get),
    kms: of(use.keys, prices.key),
    logs: of(use.logBytes, prices.log),
  };
}

export function totalOf(cost: Cost): number {
  return Object.values(cost).reduce((sum, dollars) => sum + dollars, 0);
}

/** Calls that come evenly, and what wakes the sequencer. */
export interface Traffic {
  readonly callsPerSecond: number;
  /** How often a call that nothing overlaps wakes it: once for each window in which it has something recorded. */
  readonly wakesAlone: number;
  /** Least seconds between two wakes: the batching window of the stream. */
  readonly windowSeconds: number;
}

/** Wakes of the sequencer for each call: calls that come close together share them. */
export function toWakesPerCall({ callsPerSecond, wakesAlone, windowSeconds }: Traffic): number {
  return Math.min(wakesAlone, 1 / (callsPerSecond * windowSeconds));
}
