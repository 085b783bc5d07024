import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createRecordLog, type VerifiedAudit, verifyAudit } from '../../src/audit/index.ts';
import { splitRecord } from '../../src/audit/record/record-parts.ts';
import type { JournalRecord } from '../../src/core/index.ts';
import { toLogDirectories } from '../../src/server/data-directory.ts';
import { createExchanges, owner, type Sort, sorts } from './exchanges.ts';
import { atLeast, atMost, type Figure, toFigure } from './figures.ts';
import { createPlace, ORIGIN, type Place } from './place.ts';
import { compress } from './sealing.ts';

/** Exchanges that are appended at once while a journal is filled. */
const CALLERS = 256;

/** What is judged: rates on the smallest records, where what an entry costs by itself shows; the disk on longer ones. */
const aims = {
  small: { leaves: atLeast(100_000), bodies: atLeast(15_000), disk: undefined },
  long: { leaves: undefined, bodies: undefined, disk: atMost(1.3) },
};

/** A journal of `exchanges`, taken into the log: how fast, what then lies on disk, and how fast it is verified. */
export async function measureLog(parent: string, sort: Sort, exchanges: number): Promise<readonly Figure[]> {
  await using place = await createPlace(parent);
  const { alone, bodies } = await fill(place, sort, exchanges);
  const entries = 2 * exchanges;
  const sequencing = await sequenceAll(place);
  const bytes = sizeOf(join(place.directory.path, 'audit'));
  const withoutKeys = await timed(() => verify(place, false));
  const withKeys = await timed(() => verify(place, true));
  for (const { result } of [withoutKeys, withKeys]) expectWhole(result, entries);
  const aim = sort === sorts.small ? aims.small : aims.long;
  const log = `${sort.name}, ${entries} entries`;
  return [
    toFigure({ name: `sequence, ${log}`, value: entries / sequencing.seconds, unit: 'entries/s' }),
    toFigure({
      name: `verify without keys, ${log}`,
      value: entries / withoutKeys.seconds,
      unit: 'leaves/s',
      aim: aim.leaves,
    }),
    toFigure({
      name: `verify with keys, ${log}`,
      value: entries / withKeys.seconds,
      unit: 'bodies/s',
      aim: aim.bodies,
    }),
    toFigure({ name: `disk, ${log}: × bodies compressed alone`, value: bytes / bodies, unit: '×', aim: aim.disk }),
    toFigure({ name: `disk, ${log}: × records compressed alone`, value: bytes / alone, unit: '×' }),
    toFigure({ name: `disk, ${log}`, value: bytes / entries, unit: 'bytes/entry' }),
  ];
}

interface Filled {
  /** Sums over the records, each compressed by itself as the product does it. */
  readonly alone: number;
  readonly bodies: number;
}

async function fill(place: Place, sort: Sort, exchanges: number): Promise<Filled> {
  const journal = await place.openJournal();
  const toExchange = createExchanges(sort);
  let alone = 0;
  let bodies = 0;
  const weigh = (record: JournalRecord) => {
    const { header, body } = splitRecord(record);
    const [headerText, bodyText] = [JSON.stringify(header), JSON.stringify(body)];
    alone += shortest(Buffer.from(headerText + bodyText));
    bodies += shortest(Buffer.from(bodyText));
  };
  for (let from = 0; from < exchanges; from += CALLERS) {
    const count = Math.min(CALLERS, exchanges - from);
    const all = Array.from({ length: count }, (_, number) => toExchange(from + number));
    await Promise.all(all.map(({ request }) => journal.append(request, owner)));
    await Promise.all(all.map(({ response }) => journal.append(response, owner)));
    for (const { request, response } of all) for (const record of [request, response]) weigh(record);
  }
  await journal.close();
  return { alone, bodies };
}

function shortest(bytes: Uint8Array): number {
  return Math.min(bytes.length, compress(bytes).length);
}

function sequenceAll({ directory, keyRing, state }: Place) {
  const log = createRecordLog({
    place: { kind: 'disk', directories: toLogDirectories(directory) },
    keyRing,
    keys: state.wrappedKeys,
    heads: state.heads,
    index: state.index,
    origin: ORIGIN,
    sinks: [],
    clock: { now: Date.now },
  });
  return timed(async () => {
    while ((await log.round()).hasMore);
  });
}

function verify({ directory, audit }: Place, isWithKeys: boolean): Promise<VerifiedAudit> {
  return verifyAudit({
    place: { kind: 'disk', directories: toLogDirectories(directory) },
    verifierKeys: [audit.verifierKey],
    ...(isWithKeys ? { reading: audit.reading() } : {}),
  });
}

/** A log that is not whole was not verified in that time: it was refused. */
function expectWhole({ faultCount, faults, size, unsequenced }: VerifiedAudit, entries: number): void {
  if (faultCount === 0 && size === entries && unsequenced === 0) return;
  throw new Error(
    `the log of the bench is damaged: ${JSON.stringify({ size, unsequenced, faults: faults.slice(0, 3) })}`,
  );
}

async function timed<Result>(run: () => Promise<Result>) {
  const started = performance.now();
  const result = await run();
  return { result, seconds: (performance.now() - started) / 1_000 };
}

/** Bytes of the files below a directory. */
function sizeOf(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
