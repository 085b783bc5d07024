import { constants } from 'node:fs';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as pause } from 'node:timers/promises';
import type { Journal } from '../../src/core/index.ts';
import { toLogDirectories } from '../../src/server/data-directory.ts';
import { startSequencing } from '../../src/server/sequencing/sequencing.ts';
import { percentile, spreadOf } from '../statistics.ts';
import { createExchanges, owner, type Sort } from './exchanges.ts';
import { atLeast, atMost, type Figure, toFigure } from './figures.ts';
import { createPlace, ORIGIN, type Place } from './place.ts';

/** Milliseconds between two looks at the event loop; a delay is what a look came late by. */
const RESOLUTION_MS = 10;
const WARM_UP_MS = 500;
const RAW_ROUNDS = 3;
const MAX_JOURNAL_BYTES = 2 ** 40;

const aims = { perSecond: atLeast(5_000), p99Ms: atMost(10), loopP99Ms: atMost(5) };

export interface AppendTrial {
  readonly sort: Sort;
  readonly callers: number;
  /** Whether the thread that takes the journal into the log works beside it. */
  readonly isSequenced: boolean;
  readonly durationMs: number;
}

interface Load {
  readonly records: number;
  readonly seconds: number;
  readonly p99Ms: number;
  readonly loopP99Ms: number;
  readonly cpuMicros: number;
}

/** Appends from so many callers at once, each waiting until its record is durable; then the same bytes, raw. */
export async function measureAppending(parent: string, trial: AppendTrial): Promise<readonly Figure[]> {
  const { sort, callers, isSequenced, durationMs } = trial;
  await using place = await createPlace(parent);
  const journal = await place.openJournal();
  const sequencing = isSequenced ? startThread(place) : undefined;
  const load = createLoad(journal, trial);
  await load(WARM_UP_MS);
  place.commits.clear();
  const { records, seconds, p99Ms, loopP99Ms, cpuMicros } = await load(durationMs);
  const sizes = [...place.commits.sizes];
  await journal.close();
  await sequencing?.close();
  const raw: number[] = [];
  for (let round = 0; round < RAW_ROUNDS; round += 1) raw.push(await writeRaw(join(parent, 'raw'), sizes));
  const name = `append, ${sort.name}, ${callers} callers${isSequenced ? ', sequencing beside it' : ''}`;
  return [
    toFigure({
      name,
      value: records / seconds,
      unit: 'records/s',
      aim: aims.perSecond,
      floor: records / spreadOf(raw).median,
    }),
    toFigure({ name: `${name}: p99`, value: p99Ms, unit: 'ms', aim: aims.p99Ms }),
    toFigure({ name: `${name}: event loop p99`, value: loopP99Ms, unit: 'ms', aim: aims.loopP99Ms }),
    toFigure({ name: `${name}: CPU of all threads`, value: cpuMicros / records, unit: 'µs/record' }),
    toFigure({ name: `${name}: records in a write`, value: records / sizes.length, unit: 'records' }),
  ];
}

function startThread({ directory }: Place) {
  const { keyFile, stateFile } = directory;
  const stateSource = { kind: 'file', file: stateFile } as const;
  const keyRingSource = { keyFile };
  const task = {
    place: { kind: 'disk', directories: toLogDirectories(directory) } as const,
    keyRingSource,
    stateSource,
    origin: ORIGIN,
    sinks: [],
  };
  const fail = (event: string, fields?: object) => process.stderr.write(`${event} ${JSON.stringify(fields)}\n`);
  const logger = { info: () => {}, warn: fail, error: fail };
  return startSequencing({
    task: { ...task, intervalMs: 1_000, maximumMergeDelayMs: 5_000 },
    maxJournalBytes: MAX_JOURNAL_BYTES,
    logger,
  });
}

/** The load of a trial. Called again it goes on with the exchanges behind the last. */
function createLoad(journal: Journal, { sort, callers }: AppendTrial): (durationMs: number) => Promise<Load> {
  const toExchange = createExchanges(sort);
  let next = 0;
  return async (durationMs) => {
    const latencies: number[] = [];
    const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    delay.enable();
    const cpu = process.cpuUsage();
    const started = performance.now();
    const until = started + durationMs;
    const call = async () => {
      while (performance.now() < until) {
        next += 1;
        const { request, response } = toExchange(next);
        for (const record of [request, response]) {
          const begun = performance.now();
          await journal.append(record, owner);
          latencies.push(performance.now() - begun);
        }
      }
    };
    await Promise.all(Array.from({ length: callers }, call));
    const seconds = (performance.now() - started) / 1_000;
    const { user, system } = process.cpuUsage(cpu);
    delay.disable();
    const ascending = Float64Array.from(latencies).sort();
    return {
      records: latencies.length,
      seconds,
      p99Ms: percentile(ascending, 0.99),
      loopP99Ms: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS),
      cpuMicros: user + system,
    };
  };
}

/** Writes as many bytes in the same groups, each write durable before the next. Gives the seconds it took. */
async function writeRaw(file: string, sizes: readonly number[]): Promise<number> {
  const block = Buffer.alloc(Math.max(0, ...sizes), 1);
  const handle = await open(file, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_DSYNC);
  try {
    await pause(0);
    const started = performance.now();
    for (const size of sizes) await handle.write(block, 0, size);
    return (performance.now() - started) / 1_000;
  } finally {
    await handle.close();
    await rm(file);
  }
}
