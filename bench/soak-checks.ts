import type { OpenFiles } from './measure.ts';
import type { SoakResult } from './soak-clients.ts';
import { slopeOf } from './statistics.ts';

/** One look at the gateway while it is used. */
export interface SoakSample extends OpenFiles {
  /** Since the traffic began. */
  readonly minutes: number;
  readonly rssMiB: number;
  /** After a full garbage collection. */
  readonly heapMiB: number;
  readonly eventLoopP99Ms: number;
}

export interface SoakEvidence {
  readonly clients: SoakResult;
  readonly samples: readonly SoakSample[];
  /** Before the first call, and when every client and the upstream were gone. */
  readonly idle: OpenFiles;
  readonly left: OpenFiles;
  /** What a start on the journal found after the idle gateway was killed. */
  readonly openExchanges: number;
  readonly repairs: number;
}

export interface SoakCheck {
  readonly check: string;
  readonly value: number;
  /** The most that passes; `Infinity`, in JSON `null`, where it is told but not judged. */
  readonly limit: number;
  readonly ok: boolean;
}

/** MiB in a minute: what a gateway may seem to grow by, over the second half of ten minutes, without a leak. */
const HEAP_GROWTH_LIMIT = 0.5;
const RSS_GROWTH_LIMIT = 4;

/** Journal files come and go, and a database opens its files when it needs them. */
const FILES_LIMIT = 4;

/** Minutes below which the compiler and its caches still grow, and a slope says nothing. */
const SLOPE_MINUTES = 5;

/** Judges a soak. Growth is judged only where it ran long enough for a slope to mean something. */
export function judge({ clients, samples, idle, left, openExchanges, repairs }: SoakEvidence): readonly SoakCheck[] {
  const unexpected = Object.values(clients).flatMap((client) => Object.values(client.unexpected));
  const silent = Object.values(clients).filter(({ expected }) => expected === 0).length;
  const isLong = (samples.at(-1)?.minutes ?? 0) >= SLOPE_MINUTES;
  const growth = (of: (sample: SoakSample) => number) => growthOf(samples, of);
  return [
    check('calls that ended as they should not', sum(unexpected), 0),
    check('kinds of client that never got through', silent, 0),
    check(
      'heap growth, MiB a minute',
      growth(({ heapMiB }) => heapMiB),
      isLong ? HEAP_GROWTH_LIMIT : Infinity,
    ),
    check(
      'RSS growth, MiB a minute',
      growth(({ rssMiB }) => rssMiB),
      isLong ? RSS_GROWTH_LIMIT : Infinity,
    ),
    check('sockets left open', left.sockets - idle.sockets, 0),
    check('files left open', left.files - idle.files, FILES_LIMIT),
    check('journal: exchanges left open', openExchanges, 0),
    check('journal: ends to be repaired', repairs, 0),
  ];
}

/** The slope over the second half, when everything that is made once has been made. */
function growthOf(samples: readonly SoakSample[], of: (sample: SoakSample) => number): number {
  const half = samples.slice(Math.floor(samples.length / 2));
  return slopeOf(half.map((sample) => [sample.minutes, of(sample)]));
}

function check(name: string, value: number, limit: number): SoakCheck {
  return { check: name, value: Number(value.toFixed(3)), limit, ok: value <= limit };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
