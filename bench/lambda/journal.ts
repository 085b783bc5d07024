import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { journalTable as definition } from '../../src/audit/dynamodb/journal-table.ts';
import { createJournalTable } from '../../src/audit/dynamodb/journal-table-store.ts';
import { openTableJournal } from '../../src/audit/dynamodb/table-journal.ts';
import { createTableSource } from '../../src/audit/dynamodb/table-source.ts';
import type { OpenedJournal } from '../../src/audit/journal/journal.ts';
import {
  callerOf,
  createKeyStore,
  keyRingOf,
  releaseOf,
  requestOf,
  responseOf,
} from '../../src/audit/journal/journal-fixture.suite.ts';
import { createMemoryObjects } from '../../src/audit/log/log-fixture.suite.ts';
import { createDynamoDB } from '../../src/aws/index.ts';
import { createRequestId, type RequestId } from '../../src/core/index.ts';
import { findDynamoDBLocal, startDynamoDBLocal } from '../../tools/dynamodb-local/dynamodb-local.ts';
import { type Figure, toFigure, toFigureTable } from '../audit/figures.ts';
import { progress } from '../bed.ts';
import { otherCores, startCpuWindow } from '../measure.ts';
import type { BenchOptions } from '../options.ts';
import { writeJson, writePart } from '../report.ts';
import { percentile } from '../statistics.ts';
import { describeMachine } from './page.ts';

const PAGE = 'dynamodb-journal.md';
/** What a store takes to answer, where it is a timer. */
const STORE_MS = 5;
const PACE_MS = 10;
const full = { exchanges: 100, releases: 100, streams: [1, 8, 32] };
const quick: typeof full = { exchanges: 20, releases: 30, streams: [1, 8] };

const caller = callerOf();
const newId = (): RequestId => createRequestId(Date.now(), randomBytes(10));
const textOf = (bytes: number) => randomBytes(bytes).toString('hex').slice(0, bytes);

/**
 * Measures what a journal in DynamoDB takes: units on DynamoDB Local, by its own count, and the time of an append, there
 * and with a timer in its place. Gives the exit code.
 */
export async function benchJournal(options: BenchOptions): Promise<number> {
  const place = await findDynamoDBLocal();
  if ('reason' in place) throw new Error(place.reason);
  const plan = options.quick ? quick : full;
  const endWindow = startCpuWindow([process.pid]);
  await using server = toDisposable(await startDynamoDBLocal(place));
  const client = await createDynamoDB({
    region: 'eu-central-1',
    endpoint: server.endpoint,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
    // On a busy machine a call may take seconds, and one that is made again would count twice.
    requestTimeoutMs: 60_000,
  });
  const counts = countCalls(client);
  progress('units of exchanges of 4 KB each way');
  const figures = [...(await measureUnits(await openScene(client), counts, plan.exchanges))];
  // The first of them warms up.
  for (const [at, streams] of [1, ...plan.streams].entries()) {
    progress(`${streams} streams before DynamoDB Local`);
    counts.times.length = 0;
    const { journal } = await openScene(client);
    const appends = await measureAppends(journal, streams, plan.releases);
    if (at > 0) figures.push(...toFigures(`append, ${streams} at once, DynamoDB Local`, appends, counts.times));
  }
  for (const streams of plan.streams) {
    progress(`${streams} streams before a timer`);
    const appends = await measureAppends(await openTimedJournal(), streams, plan.releases);
    figures.push(...toFigures(`append, ${streams} at once, a store of ${STORE_MS} ms`, appends));
  }
  client.destroy();
  const text = toPart(figures, otherCores(endWindow(), process.pid));
  process.stdout.write(`${text}\n`);
  if (options.jsonFile !== undefined) writeJson(options.jsonFile, figures);
  if (!options.quick) progress(`written to ${writePart('journal', text, PAGE)}`);
  return 0;
}

function toDisposable<Server extends { stop(): Promise<void> }>(server: Server): Server & AsyncDisposable {
  return Object.assign(server, { [Symbol.asyncDispose]: () => server.stop() });
}

const parts = () => ({ keys: createKeyStore(), keyRing: keyRingOf('a root secret'), clock: { now: Date.now } });

interface Scene {
  readonly journal: OpenedJournal;
  readonly source: ReturnType<typeof createTableSource>;
}

async function openScene(client: DynamoDB): Promise<Scene> {
  const { timeToLiveAttribute: _, ...schema } = definition;
  const table = `journal-${randomBytes(4).toString('hex')}`;
  await client.createTable({ TableName: table, ...schema });
  const own = {
    table: createJournalTable({ table, connect: async () => client, clock: { now: Date.now } }),
    large: createMemoryObjects(),
  };
  return { journal: await openTableJournal({ ...own, ...parts() }), source: createTableSource(own) };
}

/** A store that takes exactly so long: what the journal adds of its own, without the noise of a database beside it. */
function openTimedJournal(): Promise<OpenedJournal> {
  const table = { prepare: async () => {}, put: () => pause(STORE_MS) };
  return openTableJournal({ table, large: createMemoryObjects(), ...parts() });
}

interface Counts {
  read: number;
  write: number;
  /** What each call took, in milliseconds. */
  readonly times: number[];
}

function countCalls(client: DynamoDB): Counts {
  const counts: Counts = { read: 0, write: 0, times: [] };
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'CreateTableCommand') return next(args);
        const began = performance.now();
        const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
        counts.times.push(performance.now() - began);
        const output: object = result.output;
        const consumed = 'ConsumedCapacity' in output ? Object(output.ConsumedCapacity).CapacityUnits : 0;
        const isRead = commandName === 'GetItemCommand' || commandName === 'QueryCommand';
        counts[isRead ? 'read' : 'write'] += Number(consumed);
        return result;
      },
    { step: 'initialize', name: 'count' },
  );
  return counts;
}

async function measureUnits({ journal, source }: Scene, counts: Counts, exchanges: number): Promise<readonly Figure[]> {
  async function measure(name: string, work: () => Promise<unknown>): Promise<readonly Figure[]> {
    counts.read = 0;
    counts.write = 0;
    await work();
    return [
      { name, value: counts.write / exchanges, unit: 'WRU' },
      { name, value: counts.read / exchanges, unit: 'RRU' },
    ].flatMap((measured) => (measured.value > 0 ? toFigure(measured) : []));
  }

  const appended = await measure('append of a request and a response of 4 KB', async () => {
    for (let n = 0; n < exchanges; n += 1) {
      const id = newId();
      await journal.append(requestOf(id, textOf(4_096)), caller);
      const released = [{ kind: 'delta', index: 0, text: textOf(4_096) }] as const;
      await journal.append({ ...responseOf(id), released }, caller);
    }
  });
  const swept = await measure('their share of a sweep', () => source.writers());
  const [writer = ''] = await source.writers();
  const read = await measure('reading both', () => source.read(writer, 0, 2 ** 30));
  const letGo = await measure('letting go of both', () =>
    source.settle(new Map([[writer, { counter: 2 * exchanges }]])),
  );
  return [...appended, ...swept, ...read, ...letGo];
}

/** What each release of so many streams waited, in milliseconds, behind a tenth that warms up. */
async function measureAppends(
  journal: Pick<OpenedJournal, 'append'>,
  streams: number,
  releases: number,
): Promise<readonly number[]> {
  const waited: number[] = [];
  async function stream(): Promise<void> {
    const id = newId();
    await journal.append(requestOf(id, textOf(1_024)), caller);
    for (let n = 0; n < releases; n += 1) {
      const began = performance.now();
      await journal.append(releaseOf(id, n), caller);
      waited.push(performance.now() - began);
      await pause(PACE_MS);
    }
    await journal.append(responseOf(id), caller);
  }
  await Promise.all(Array.from({ length: streams }, stream));
  return waited.slice(Math.floor(waited.length / 10));
}

function toFigures(name: string, appends: readonly number[], store: readonly number[] = []): readonly Figure[] {
  const ascending = (values: readonly number[]) => values.toSorted((a, b) => a - b);
  return [0.5, 0.99].map((share) => {
    const value = percentile(ascending(appends), share);
    const floor = store.length === 0 ? STORE_MS : percentile(ascending(store), share);
    return toFigure({ name: `${name}: p${share * 100}`, value, unit: 'ms', floor });
  });
}

function toPart(figures: readonly Figure[], busyElsewhere: number): string {
  return [
    '*Emulator* figures, of `npm run bench -- journal`, on DynamoDB Local: units of a request and a response of 4 KB each, ' +
      "by its own count, which is AWS's rule by bytes; a sweep takes 8 RRU at least, since AWS counts an empty query as " +
      `half a unit. Appends are releases of streams, ${PACE_MS} ms after the one before; their floor is what the store ` +
      'itself took at the same share of its calls.',
    describeMachine(busyElsewhere),
    toFigureTable(figures),
  ].join('\n\n');
}
