import { randomUUID } from 'node:crypto';
import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { describeWithDynamoDBLocal } from '../../../tools/dynamodb-local/shared.ts';
import { createDynamoDB } from '../../aws/index.ts';
import type { RequestId } from '../../core/index.ts';
import type { OpenedJournal } from '../journal/journal.ts';
import { createKeyStore, emptyIndex, keyRingOf } from '../journal/journal-fixture.suite.ts';
import { createMemoryObjects } from '../log/log-fixture.suite.ts';
import { createLogReader } from '../log/log-reader.ts';
import { createRecordFinder } from '../read/record-finder.ts';
import { createKeyWrapping } from '../record/key-wrapping.ts';
import { createRecordKeyFinder, createTenantAliases } from '../record/record-keys.ts';
import { journalTable } from './journal-table.ts';
import { createJournalTable } from './journal-table-store.ts';
import { openTableJournal, type TableJournalOptions } from './table-journal.ts';
import { findTableEntries } from './table-reader.ts';
import { createTableSource } from './table-source.ts';

const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
let endpoint = '';
const clients: DynamoDB[] = [];

/** Tests of journals in tables, which are skipped where there is no DynamoDB. */
export function describeWithTables(name: string, suite: () => void): void {
  describeWithDynamoDBLocal(name, (given) => {
    beforeAll(() => {
      endpoint = given();
    });
    afterAll(() => {
      for (const client of clients.splice(0)) client.destroy();
    });
    suite();
  });
}

/** What becomes of a try: it does not reach the service, its reply does not come back, or it is refused for now. */
export type TableFault = 'failed' | 'lost' | 'throttled';

interface PlannedFault {
  readonly command: string;
  readonly fault: TableFault;
  times: number;
}

/** A new table, a client of it that can fail, and what lives in both. */
export async function createTableScene() {
  const client = await createDynamoDB({ region: 'eu-central-1', endpoint, credentials, requestTimeoutMs: 20_000 });
  clients.push(client);
  const name = `journal-${randomUUID()}`;
  const { timeToLiveAttribute: _, ...definition } = journalTable;
  await client.createTable({ TableName: name, ...definition });
  const faults: PlannedFault[] = [];
  const asked: string[] = [];
  const units = { read: 0, write: 0 };
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const command = String(context.commandName);
      asked.push(command);
      const planned = faults.find((one) => one.command === command && one.times > 0);
      if (planned === undefined) return next(args);
      planned.times -= 1;
      if (planned.fault === 'throttled') throw Object.assign(new Error('slower'), { name: 'ThrottlingException' });
      if (planned.fault === 'lost') await next(args);
      throw Object.assign(new Error('cut off'), { code: 'ECONNRESET', name: 'TimeoutError' });
    },
    { step: 'deserialize', name: 'faults' },
  );
  const clock = { time: 1_764_000_001_000, now: () => clock.time };
  const table = createJournalTable({ table: name, connect: async () => client, clock });
  const large = createMemoryObjects();
  const keys = createKeyStore();
  const keyRing = keyRingOf('a root secret');
  const source = createTableSource({ table, large });
  const reading = { store: keys, wrapping: createKeyWrapping(keyRing), toAlias: createTenantAliases(keyRing) };
  const finder = createRecordFinder({
    reader: createLogReader(createMemoryObjects()),
    index: emptyIndex,
    findEntries: (id) => findTableEntries({ table, large }, id),
    openKeys: () => createRecordKeyFinder(reading),
    keys,
  });
  return {
    client,
    name,
    endpoint,
    clock,
    table,
    large,
    keys,
    keyRing,
    source,
    asked,
    units,
    fail: (command: string, fault: TableFault, times = 1) => void faults.push({ command, fault, times }),
    open: (given: Partial<TableJournalOptions> = {}): Promise<OpenedJournal> =>
      openTableJournal({ table, large, keys, keyRing, clock, ...given }),
    find: async (id: RequestId) => (await finder.find(id)).map(({ record }) => record),
    async discard(positions: ReadonlyMap<string, number>) {
      await source.writers();
      for (const [writer, counter] of positions) await source.discard(writer, counter);
      return source.settle(new Map());
    },
    /** The items that the table has. */
    async items() {
      const { Items = [] } = await client.scan({ TableName: name, ConsistentRead: true });
      return Items;
    },
  };
}
