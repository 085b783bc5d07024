// What a journal in DynamoDB costs and takes, on DynamoDB Local: units by its own count, which is AWS's rule by bytes, and
// the time of an append where the store answers in five milliseconds. `node bench/dynamodb-journal.ts`
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { journalTable as definition } from '../src/audit/dynamodb/journal-table.ts';
import { createJournalTable } from '../src/audit/dynamodb/journal-table-store.ts';
import { openTableJournal } from '../src/audit/dynamodb/table-journal.ts';
import { createTableSource } from '../src/audit/dynamodb/table-source.ts';
import type { OpenedJournal } from '../src/audit/journal/journal.ts';
import {
  callerOf,
  createKeyStore,
  keyRingOf,
  releaseOf,
  requestOf,
  responseOf,
} from '../src/audit/journal/journal-fixture.suite.ts';
import { createMemoryObjects } from '../src/audit/log/log-fixture.suite.ts';
import { createDynamoDB } from '../src/aws/index.ts';
import { createRequestId, type RequestId } from '../src/core/index.ts';
import { findDynamoDBLocal, startDynamoDBLocal } from '../tools/dynamodb-local/dynamodb-local.ts';

const STORE_MS = 5;
const EXCHANGES = 100;
const caller = callerOf();
const newId = (): RequestId => createRequestId(Date.now(), randomBytes(10));
const textOf = (bytes: number) => randomBytes(bytes).toString('hex').slice(0, bytes);

const place = await findDynamoDBLocal();
if ('reason' in place) throw new Error(place.reason);
const server = await startDynamoDBLocal(place);
const client = await createDynamoDB({
  region: 'eu-central-1',
  endpoint: server.endpoint,
  credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' },
});
const units = { read: 0, write: 0 };
let storeMs = 0;
const storeTimes: number[] = [];
count(client);

/** A store that takes exactly so long: what the journal adds of its own, without the noise of a database beside it. */
async function createTimedScene() {
  const table = { prepare: async () => {}, put: () => pause(STORE_MS) };
  const own = { table, large: createMemoryObjects() };
  const clock = { now: Date.now };
  return openTableJournal({ ...own, keys: createKeyStore(), keyRing: keyRingOf('a root secret'), clock });
}

async function createScene() {
  const { timeToLiveAttribute: _, ...schema } = definition;
  const table = `journal-${randomBytes(4).toString('hex')}`;
  await client.createTable({ TableName: table, ...schema });
  const clock = { now: Date.now };
  const own = {
    table: createJournalTable({ table, connect: async () => client, clock }),
    large: createMemoryObjects(),
  };
  const journal = await openTableJournal({
    ...own,
    keys: createKeyStore(),
    keyRing: keyRingOf('a root secret'),
    clock,
  });
  return { journal, source: createTableSource(own) };
}

/** Counts units, and makes each request take at least `storeMs`. */
function count(dynamoDB: DynamoDB): void {
  dynamoDB.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'CreateTableCommand') return next(args);
        const began = performance.now();
        const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'TOTAL' } });
        const left = storeMs - (performance.now() - began);
        if (left > 0) await pause(left);
        storeTimes.push(performance.now() - began);
        const output: object = result.output;
        const consumed = 'ConsumedCapacity' in output ? Object(output.ConsumedCapacity).CapacityUnits : 0;
        const isRead = commandName === 'GetItemCommand' || commandName === 'QueryCommand';
        units[isRead ? 'read' : 'write'] += Number(consumed);
        return result;
      },
    { step: 'initialize', name: 'count' },
  );
}

async function unitsOf(work: () => Promise<unknown>): Promise<string> {
  units.read = 0;
  units.write = 0;
  await work();
  const each = (sum: number) => (sum / EXCHANGES).toFixed(2);
  return `${each(units.write)} WCU, ${each(units.read)} RCU an exchange`;
}

async function measureUnits(): Promise<void> {
  const { journal, source } = await createScene();
  process.stdout.write(
    `append of a request and a response of 4 KB: ${await unitsOf(async () => {
      for (let n = 0; n < EXCHANGES; n += 1) {
        const id = newId();
        await journal.append(requestOf(id, textOf(4_096)), caller);
        const released = [{ kind: 'delta', index: 0, text: textOf(4_096) }] as const;
        await journal.append({ ...responseOf(id), released }, caller);
      }
    })}\n`,
  );
  const [writer = ''] = await source.writers();
  process.stdout.write(`sweep of them: ${await unitsOf(() => source.writers())}\n`);
  process.stdout.write(`reading them: ${await unitsOf(() => source.read(writer, 0, 2 ** 30))}\n`);
  const letGo = () => source.settle(new Map([[writer, { counter: 2 * EXCHANGES }]]));
  process.stdout.write(`letting go of them: ${await unitsOf(letGo)}\n`);
  units.read = 0;
  await source.writers();
  process.stdout.write(`sweep of nothing: ${units.read} RCU a run\n`);
}

async function measureTime(streams: number, journal: Pick<OpenedJournal, 'append'>): Promise<void> {
  const times: number[] = [];
  async function stream(): Promise<void> {
    const id = newId();
    await journal.append(requestOf(id, textOf(1_024)), caller);
    for (let n = 0; n < 100; n += 1) {
      const began = performance.now();
      await journal.append(releaseOf(id, n), caller);
      times.push(performance.now() - began);
      await pause(10);
    }
    await journal.append(responseOf(id), caller);
  }
  await Promise.all(Array.from({ length: streams }, stream));
  times.splice(0, Math.floor(times.length / 10));
  const at = (sorted: readonly number[], share: number) => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1);
  const append = times.toSorted((a, b) => a - b);
  const store = storeTimes.splice(0).toSorted((a, b) => a - b);
  process.stdout.write(
    `${streams} streams, append: p50 ${at(append, 0.5)} ms, p99 ${at(append, 0.99)} ms; the store alone: ` +
      `p50 ${at(store, 0.5)} ms, p99 ${at(store, 0.99)} ms\n`,
  );
}

await measureUnits();
storeMs = STORE_MS;
storeTimes.length = 0;
for (const streams of [1, 1, 8, 32]) await measureTime(streams, (await createScene()).journal);
process.stdout.write('in the place of DynamoDB Local a timer:\n');
for (const streams of [1, 8, 32]) await measureTime(streams, await createTimedScene());
client.destroy();
await server.stop();
