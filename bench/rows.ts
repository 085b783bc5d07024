import { type Spread, spreadOf } from './statistics.ts';
import type { Trial } from './trial.ts';

/** One target in one case: medians over its rounds. What could not be had is `null`. */
export interface Row {
  readonly target: string;
  readonly case: string;
  readonly requestsPerSecond: number | null;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  /** Of `direct` that of the upstream. */
  readonly cpuMicrosPerRequest: number | null;
  /** Milliseconds to the answer's first byte, less those of `direct` in the same round. */
  readonly addedFirstByteMs: number | null;
  /** The same for the first byte of text: what is held back from a stream shows here. */
  readonly addedFirstTextMs: number | null;
  readonly rssMiB: number | null;
  readonly rssIdleMiB: number | null;
  readonly eventLoopP99Ms: number | null;
  readonly range: {
    readonly requestsPerSecond: readonly [number, number] | null;
    readonly p50Ms: readonly [number, number] | null;
    readonly cpuMicrosPerRequest: readonly [number, number] | null;
  };
  readonly errors: Readonly<Record<string, number>>;
  readonly rounds: number;
  /** Something else took part of the machine in some round. */
  readonly disturbed: boolean;
  /** The load generator or the upstream was busy throughout: the target could have done more. */
  readonly limitedByLoad: boolean;
}

export interface RowSubject {
  readonly target: string;
  readonly case: string;
  readonly rssIdleMiB: number;
}

/** Cores busy elsewhere above which a measurement is discarded. */
export const OTHER_CORES_LIMIT = 0.3;

/** Of a core: above it a process of one thread is taken to have been the limit. */
const BUSY_CORES = 0.9;

/** Joins the rounds of a row; `direct` are the rounds of `direct` in the same case, in the same order. */
export function toRow(subject: RowSubject, trials: readonly Trial[], direct: readonly Trial[]): Row {
  const requestsPerSecond = spreadOf(trials.map((trial) => trial.requestsPerSecond));
  const p50Ms = spreadOf(trials.map((trial) => trial.p50Ms));
  const cpu = spreadOf(trials.map((trial) => trial.cpuMicrosPerRequest));
  const median = (of: (trial: Trial) => number) => orNull(spreadOf(trials.map(of)).median);
  const added = (of: (trial: Trial) => number) =>
    orNull(
      spreadOf(
        trials.map((trial, round) => {
          const base = direct[round];
          return base === undefined ? Number.NaN : of(trial) - of(base);
        }),
      ).median,
    );
  return {
    target: subject.target,
    case: subject.case,
    requestsPerSecond: orNull(requestsPerSecond.median),
    p50Ms: orNull(p50Ms.median),
    p99Ms: median((trial) => trial.p99Ms),
    cpuMicrosPerRequest: orNull(cpu.median),
    addedFirstByteMs: added((trial) => trial.firstByteMs),
    addedFirstTextMs: added((trial) => trial.firstTextMs),
    rssMiB: median((trial) => trial.rssMiB),
    rssIdleMiB: orNull(subject.rssIdleMiB),
    eventLoopP99Ms: median((trial) => trial.eventLoopP99Ms),
    range: { requestsPerSecond: toRange(requestsPerSecond), p50Ms: toRange(p50Ms), cpuMicrosPerRequest: toRange(cpu) },
    errors: addUp(trials),
    rounds: trials.length,
    disturbed: trials.some(({ otherCores }) => otherCores > OTHER_CORES_LIMIT),
    limitedByLoad: trials.some((trial) => Math.max(trial.loadCores, trial.upstreamCores) > BUSY_CORES),
  };
}

function addUp(trials: readonly Trial[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [reason, count] of trials.flatMap(({ errors }) => Object.entries(errors))) {
    sum[reason] = (sum[reason] ?? 0) + count;
  }
  return sum;
}

function toRange({ min, max }: Spread): readonly [number, number] | null {
  return Number.isNaN(min) || Number.isNaN(max) ? null : [round(min), round(max)];
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : round(value);
}

/** Four digits say all that a measurement knows. */
function round(value: number): number {
  return Number(value.toPrecision(4));
}
