import { toTable } from './report.ts';
import type { Row } from './rows.ts';
import { PACE_MS } from './traffic.ts';

/** What the gateway is to reach, and what a run saw. */
export interface AimResult {
  readonly aim: string;
  /** `null` where the run measured not all that it takes. */
  readonly value: number | null;
  readonly limit: number;
  readonly met: boolean;
}

interface Aim {
  readonly aim: string;
  readonly is: 'at least' | 'at most';
  readonly limit: number;
  /** `NaN` where a row is missing. */
  readonly value: (figures: Figures) => number;
}

type Figure = Extract<
  keyof Row,
  'requestsPerSecond' | 'p99Ms' | 'cpuMicrosPerRequest' | 'addedFirstTextMs' | 'rssMiB' | 'eventLoopP99Ms'
>;

/** A figure of a row by case and target; `NaN` where there is none. */
type Figures = (name: string, figure: Figure, target?: string) => number;

/** Milliseconds that the time to the first text may grow by beyond the one chunk that is held. */
const ADDED_TEXT_MS = 5;
const LONG_KB = 64;
const SHORT_KB = 1;

const paced = ['paced-c1', 'paced-c16', 'paced-c64'];
const json = ['json-c1', 'json-c16', 'json-c64'];

const aims: readonly Aim[] = [
  {
    aim: 'JSON throughput at 64, × portkey',
    is: 'at least',
    limit: 2,
    value: (of) => of('json-c64', 'requestsPerSecond') / of('json-c64', 'requestsPerSecond', 'portkey'),
  },
  {
    aim: 'JSON p99 at 64, × portkey',
    is: 'at most',
    limit: 1,
    value: (of) => of('json-c64', 'p99Ms') / of('json-c64', 'p99Ms', 'portkey'),
  },
  {
    aim: 'unpaced streams, × portkey',
    is: 'at least',
    limit: 3,
    value: (of) => of('stream-c16', 'requestsPerSecond') / of('stream-c16', 'requestsPerSecond', 'portkey'),
  },
  {
    aim: 'CPU a JSON request, × floor, worst case',
    is: 'at most',
    limit: 8,
    value: (of) =>
      Math.max(...json.map((name) => of(name, 'cpuMicrosPerRequest') / of(name, 'cpuMicrosPerRequest', 'floor'))),
  },
  {
    aim: 'CPU the journal adds to a JSON request at 64, %',
    is: 'at most',
    limit: 20,
    value: (of) =>
      (of('json-c64', 'cpuMicrosPerRequest') / of('json-c64', 'cpuMicrosPerRequest', 'unrecorded') - 1) * 100,
  },
  {
    aim: 'CPU a KB of a long prompt, µs',
    is: 'at most',
    limit: 80,
    value: (of) =>
      (of('long-64k', 'cpuMicrosPerRequest') - of('json-c16', 'cpuMicrosPerRequest')) / (LONG_KB - SHORT_KB),
  },
  {
    aim: 'added to the first text of a paced stream, ms, worst case',
    is: 'at most',
    limit: PACE_MS + ADDED_TEXT_MS,
    value: (of) => Math.max(...paced.map((name) => of(name, 'addedFirstTextMs'))),
  },
  {
    aim: 'event-loop delay p99 at 64, ms',
    is: 'at most',
    limit: 5,
    value: (of) => of('json-c64', 'eventLoopP99Ms'),
  },
  {
    aim: 'RSS peak, MiB',
    is: 'at most',
    limit: 200,
    value: (of) => Math.max(...[...json, ...paced, 'stream-c16', 'long-64k'].map((name) => of(name, 'rssMiB'))),
  },
];

/** Holds the rows of a run against the aims. */
export function judgeAims(rows: readonly Row[]): readonly (AimResult & Pick<Aim, 'is'>)[] {
  const figures: Figures = (name, figure, target = 'sallyport') =>
    rows.find((row) => row.case === name && row.target === target)?.[figure] ?? Number.NaN;
  return aims.map(({ aim, is, limit, value }) => {
    const found = value(figures);
    const met = is === 'at least' ? found >= limit : found <= limit;
    return { aim, is, limit, value: Number.isFinite(found) ? Number(found.toPrecision(3)) : null, met };
  });
}

export function toAimTable(results: ReturnType<typeof judgeAims>): string {
  const rows = results.map(({ aim, is, limit, value, met }) => [
    aim,
    value,
    `${is} ${limit}`,
    value === null ? 'not measured' : met ? 'met' : 'missed',
  ]);
  return toTable(['aim', 'value', 'wanted', ''], rows);
}
