import { type CallRange, isWithin } from './call-range.ts';
import { compareCalls, type Difference } from './differences.ts';
import { createFirstOf } from './first-of.ts';
import type { LoggedCall } from './logged-call.ts';
import type { MatchedCalls } from './match-calls.ts';
import { isRefused, type RecordedCall } from './recorded-call.ts';

export interface ReportOptions {
  readonly range: CallRange;
  /** Epoch milliseconds. */
  readonly now: number;
  /** How old a call must be before it is missed: both records take minutes to come to where they are read. */
  readonly graceMs: number;
  /** The gateway's. */
  readonly environment: string;
  /** How many of each list are given; all are counted. */
  readonly limit: number;
}

/** How two records of the same calls agree. Lists are in the order of time, each of at most `limit`. */
export interface Reconciliation {
  readonly counts: {
    /** Records of AWS in the range. */
    readonly logged: number;
    /** Calls of ours to Bedrock in the range. */
    readonly recorded: number;
    readonly matched: number;
    /** More calls under a request id that is matched: tries, choices, and texts of an embedding. */
    readonly further: number;
    /** Copies of a record of AWS. */
    readonly repeated: number;
    readonly bypassed: number;
    readonly missing: number;
    readonly differences: number;
    /** Calls of ours that the provider turned away, and did not log. */
    readonly refused: number;
    /** Calls of ours of which no answer came, and that AWS did not log: whether they reached it is not known. */
    readonly unanswered: number;
    /** Calls without a match that are too new to miss one. */
    readonly tooRecent: number;
  };
  /** Calls that AWS logged and we did not record. */
  readonly bypassed: readonly LoggedCall[];
  /** Calls that we recorded, with an answer, and AWS did not log. */
  readonly missing: readonly RecordedCall[];
  readonly differences: readonly Difference[];
}

export interface Report {
  countLogged(call: LoggedCall): void;
  addMatched(matched: Pick<MatchedCalls, 'matches' | 'differences' | 'repeated'>): void;
  addAlone(calls: readonly RecordedCall[]): void;
  addBypassed(calls: readonly LoggedCall[]): void;
  finish(): Reconciliation;
}

export function createReport({ range, now, graceMs, environment, limit }: ReportOptions): Report {
  const bypassed = createFirstOf<LoggedCall>(limit, toKey);
  const missing = createFirstOf<RecordedCall>(limit, toKey);
  const differences = createFirstOf<Difference>(limit, (difference) =>
    toKey({ time: difference.logged.time, ...difference }),
  );
  const counts = {
    logged: 0,
    recorded: 0,
    matched: 0,
    further: 0,
    repeated: 0,
    refused: 0,
    unanswered: 0,
    tooRecent: 0,
  };
  const isRecent = (time: number) => time > now - graceMs;

  function addDifference(difference: Difference): void {
    if (isWithin(range, difference.logged.time)) differences.add(difference);
  }

  return {
    countLogged({ time }) {
      if (isWithin(range, time)) counts.logged += 1;
    },

    addMatched(matched) {
      counts.repeated += matched.repeated;
      for (const { kind, logged, recorded } of matched.matches) {
        for (const difference of compareCalls({ logged, recorded }, environment)) {
          addDifference({ kind: difference, logged, recorded });
        }
        if (!isWithin(range, recorded.time)) continue;
        counts[kind] += 1;
        if (kind === 'matched') counts.recorded += 1;
      }
      for (const difference of matched.differences) addDifference(difference);
    },

    addAlone(calls) {
      for (const call of calls) {
        if (!isWithin(range, call.time)) continue;
        counts.recorded += 1;
        if (isRefused(call)) counts.refused += 1;
        else if (isRecent(call.time)) counts.tooRecent += 1;
        else if (call.providerRequestId === undefined) counts.unanswered += 1;
        else missing.add(call);
      }
    },

    addBypassed(calls) {
      for (const call of calls) {
        if (!isWithin(range, call.time)) continue;
        if (isRecent(call.time)) counts.tooRecent += 1;
        else bypassed.add(call);
      }
    },

    finish: () => ({
      counts: { ...counts, bypassed: bypassed.count(), missing: missing.count(), differences: differences.count() },
      bypassed: bypassed.values(),
      missing: missing.values(),
      differences: differences.values(),
    }),
  };
}

/** Orders by time, and what has the same time by all that is known of it. */
function toKey(value: { readonly time: number }): string {
  return `${String(value.time).padStart(16, '0')} ${JSON.stringify(value)}`;
}
