import { writeSync } from 'node:fs';
import { type FaultCode, faults, findingTypes } from '../core/index.ts';
import { createDurations } from './durations.ts';
import type { RecordState } from './record-metrics.ts';
import type { EndedRequest, RequestMetrics } from './request-metrics.ts';

export interface EmfOptions {
  /** Of CloudWatch. */
  readonly namespace: string;
  /** Names that the configuration has; whatever else is counted as `other`. */
  readonly tenants: readonly string[];
  readonly models: readonly string[];
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Takes a line with its end; standard output unless given. What it throws is dropped. */
  readonly write?: (line: string) => void;
}

/**
 * Counts for CloudWatch, told as lines in its embedded metric format (Amazon CloudWatch user guide, "Specification:
 * Embedded metric format").
 *
 * INVARIANT: every name and dimension is of a closed set: outcomes, types of findings, and what the configuration names.
 */
export interface EmfMetrics extends RequestMetrics {
  /** Tells of the record too, as `read` gives it at each flush. */
  watchRecord(read: () => RecordState): void;
  /** Tells at the next flush of a run that took the record into the log. */
  sequencerRan(run: SequencerRun): void;
  /** Writes what was counted since the last time, a line for each tenant, model and outcome that there was; at once. */
  flush(): void;
}

/** What a run came to of the function that takes the record into the log. */
export interface SequencerRun {
  /** Whether a part of it could not be done. */
  readonly hasFailed: boolean;
  /** Exchanges that it closed, whose process ended before they did. */
  readonly interrupted: number;
  /** What was not in the published log when it ended; absent where that could not be looked at. */
  readonly backlog?: {
    /** Age of the oldest entry; 0 where there is none. */
    readonly lagMs: number;
    readonly entries: number;
    readonly bytes: number;
  };
}

const OTHER = 'other';
/** Where no tenant or model was named, as of a request that nobody was verified for. */
const NONE = 'none';
/** Of a dimension's value. */
const LONGEST = 1_024;

const DIMENSIONS = [['tenant'], ['tenant', 'model'], ['tenant', 'outcome'], ['outcome']] as const;

interface Series {
  readonly dimensions: Readonly<Record<'tenant' | 'model' | 'outcome', string>>;
  /** By name of a metric. */
  readonly sums: Map<string, number>;
  readonly durations: ReturnType<typeof createDurations>;
}

type Unit = 'Count' | 'Bytes' | 'Milliseconds' | 'Seconds';

export function createEmf({ namespace, write = writeOut, now, ...names }: EmfOptions): EmfMetrics {
  const tenants = new Set(names.tenants);
  const models = new Set(names.models);
  const series = new Map<string, Series>();
  let readRecord: (() => RecordState) | undefined;
  const runs: SequencerRun[] = [];

  function seriesOf({ tenant, model, outcome = 'refused' }: EndedRequest): Series {
    const dimensions = { tenant: known(tenants, tenant), model: known(models, model), outcome };
    const key = JSON.stringify(dimensions);
    const found = series.get(key) ?? { dimensions, sums: new Map(), durations: createDurations() };
    series.set(key, found);
    return found;
  }

  function tell(directive: Directive, members: object): void {
    const head = { Timestamp: now(), CloudWatchMetrics: [{ Namespace: namespace, ...directive }] };
    try {
      write(`${JSON.stringify({ _aws: head, ...members })}\n`);
    } catch {
      // Nobody reads standard output, or not fast enough. Requests must not wait for it, nor fail with it.
    }
  }

  function tellValues(values: readonly Value[]): void {
    const Metrics = values.map(([Name, Unit]) => ({ Name, Unit }));
    tell({ Dimensions: [[]], Metrics }, Object.fromEntries(values.map(([name, , value]) => [name, value])));
  }

  function tellRecord(state: RecordState): void {
    tellValues([
      ['RecordWaiting', 'Bytes', state.waitingBytes],
      ['RecordUnavailable', 'Count', Number(!state.isJournalAvailable || state.isLogBehind)],
      // Before the first round nothing is known.
      ...lagOf(state.lastRoundAt > 0 ? Math.max(0, now() - state.lastRoundAt) : undefined),
    ]);
  }

  function tellRun({ hasFailed, interrupted, backlog }: SequencerRun): void {
    tellValues([
      ['RecordFaults', 'Count', Number(hasFailed)],
      ['RecordInterrupted', 'Count', interrupted],
      ...lagOf(backlog?.lagMs),
      ...(backlog === undefined ? [] : backlogOf(backlog)),
    ]);
  }

  return {
    // It is counted when it has ended.
    requestBegun() {},

    requestEnded(request) {
      const { sums, durations } = seriesOf(request);
      for (const [name, value] of countsOf(request)) sums.set(name, (sums.get(name) ?? 0) + value);
      durations.add(request.durationMs ?? 0);
    },

    watchRecord(read) {
      readRecord = read;
    },

    sequencerRan: (run) => void runs.push(run),

    flush() {
      for (const { dimensions, sums, durations } of series.values()) {
        const Metrics = [...sums.keys()].map((Name) => ({ Name, Unit: unitOf(Name) }));
        const Latency = durations.take();
        const directive = {
          Dimensions: DIMENSIONS,
          Metrics: [...Metrics, { Name: 'Latency', Unit: 'Milliseconds' as const }],
        };
        tell(directive, { ...dimensions, ...Object.fromEntries(sums), Latency });
      }
      // Let go of: what is idle is not told as zero, which would cost as much as what is not.
      series.clear();
      if (readRecord !== undefined) tellRecord(readRecord());
      for (const run of runs.splice(0)) tellRun(run);
    },
  };
}

type Value = readonly [name: string, unit: Unit, value: number];

function lagOf(ms: number | undefined): readonly Value[] {
  return ms === undefined ? [] : [['RecordLag', 'Seconds', ms / 1_000]];
}

function backlogOf({ entries, bytes }: NonNullable<SequencerRun['backlog']>): readonly Value[] {
  return [
    ['RecordBacklog', 'Count', entries],
    ['RecordWaiting', 'Bytes', bytes],
  ];
}

interface Directive {
  readonly Dimensions: readonly (readonly string[])[];
  readonly Metrics: readonly { readonly Name: string; readonly Unit: Unit }[];
}

function known(names: ReadonlySet<string>, name: string | undefined): string {
  if (name === undefined) return NONE;
  return names.has(name) ? name.slice(0, LONGEST) : OTHER;
}

function* countsOf(request: EndedRequest): Iterable<readonly [name: string, value: number]> {
  const { outcome, code, findings = {}, inputTokens = 0, outputTokens = 0, bytesIn = 0, bytesOut = 0 } = request;
  yield ['Requests', 1];
  yield ['Blocked', Number(outcome === 'blocked')];
  if (code !== undefined) yield [faultNames[toFaultClass(code)], 1];
  yield ['InputTokens', inputTokens];
  yield ['OutputTokens', outputTokens];
  yield ['BytesIn', bytesIn];
  yield ['BytesOut', bytesOut];
  for (const type of findingTypes) {
    const count = findings[type] ?? 0;
    if (count > 0) yield [`Findings.${type}`, count];
  }
}

/** Whose fault it is. */
type FaultClass = 'caller' | 'gateway' | 'provider';

const faultNames: Readonly<Record<FaultClass, string>> = {
  caller: 'CallerFaults',
  gateway: 'GatewayFaults',
  provider: 'ProviderFaults',
};

function toFaultClass(code: FaultCode): FaultClass {
  if (code.startsWith('upstream')) return 'provider';
  return faults[code].status < 500 ? 'caller' : 'gateway';
}

function unitOf(name: string): Unit {
  return name.startsWith('Bytes') ? 'Bytes' : 'Count';
}

/** A line is shorter than what a pipe takes at once, so that it goes whole or not at all. */
function writeOut(line: string): void {
  writeSync(1, line);
}
