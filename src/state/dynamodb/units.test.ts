import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttributeValue, DynamoDB, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDynamoDB } from '../../aws/index.ts';
import {
  type Credential,
  type IndexedRecord,
  parsePrincipalId,
  parseRequestId,
  parseTenantId,
  type WrappedKey,
} from '../../core/index.ts';
import type { State } from '../state.ts';
import { describeWithDynamoDB } from './dynamodb-fixture.suite.ts';
import { createDynamoDBState } from './open-dynamodb-state.ts';
import { createTable as toTable } from './table.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/reference/dynamodb.md'), 'utf8');

const credential: Credential = {
  id: '3k9f2m1x8q7z5w4v',
  kind: 'apiKey',
  tenant: parseTenantId('bank'),
  principal: parsePrincipalId('teller-app'),
  secret: new Uint8Array(32),
  createdAt: 1_795_469_743_056,
};

const key: WrappedKey = {
  tenant: 'bank',
  subject: 'teller-app',
  keyId: new Uint8Array(16).fill(1),
  wrapped: new Uint8Array(400),
  generation: 1,
};

const record = (index: number): IndexedRecord => ({
  index,
  time: 1_764_000_000_000 + index,
  type: index % 2 === 0 ? 'request' : 'response',
  requestId: parseRequestId(
    `019ab2c4-7d00-7a5c-9f1e-${Math.floor(index / 2)
      .toString(16)
      .padStart(12, '0')}`,
  ),
  tenant: 'bank',
  principal: 'teller-app',
  model: 'anthropic.claude-3-5-sonnet-20241022-v2:0',
  action: 'InvokeModelWithResponseStream',
  decision: 'pass',
  findings: ['EMAIL', 'PHONE'],
  segment: 'segments/0123456789abcdef/0000000000000000-0123456789abcdef',
});
const records = (from: number, until: number) => Array.from({ length: until - from }, (_, at) => record(from + at));

const head = (kilobytes: number) => new Uint8Array(kilobytes * 1_000).fill(kilobytes);

/** In the order in which they are done, each on what those before it have left. */
const operations: readonly (readonly [name: string, act: (state: State) => Promise<unknown>])[] = [
  ['find a credential', ({ credentials }) => credentials.find(credential.id)],
  ['create a credential', ({ credentials }) => credentials.create(credential)],
  ['revoke a credential', ({ credentials }) => credentials.revoke(credential.id, 7)],
  ['count a wrap', ({ wrappedKeys }) => wrappedKeys.countWrap()],
  ['create a record key', ({ wrappedKeys }) => wrappedKeys.createIfAbsent(key)],
  ['find a record key by its subject', ({ wrappedKeys }) => wrappedKeys.find('bank', 'teller-app')],
  ['find a record key by its id', ({ wrappedKeys }) => wrappedKeys.findById(key.keyId)],
  ['destroy a record key', ({ wrappedKeys }) => wrappedKeys.destroy(key.keyId, 1_764_000_000_000)],
  ['ask what was destroyed', ({ wrappedKeys }) => wrappedKeys.destroyedSince(1_764_000_000_001)],
  ["write the log's head, 3 KB", ({ heads }) => heads.replace(undefined, head(3))],
  ["replace the log's head, 10 KB", ({ heads }) => heads.replace(head(3), head(10))],
  ["read the log's head, 10 KB", ({ heads }) => heads.read()],
  ['list the legal holds', ({ holds }) => holds.list()],
  ['add 240 records to the index', ({ index }) => index.add(records(0, 240), 0, 240)],
  ['add 2 records to the index', ({ index }) => index.add(records(240, 242), 240, 242)],
  ['list the newest 50 of a tenant', ({ index }) => index.list({ tenant: 'bank', limit: 50 })],
  ['list the newest 50 of all', ({ index }) => index.list({ limit: 50 })],
  ['list the last act of a kind', ({ index }) => index.list({ type: 'change', limit: 1 })],
  ['find the records of a request', ({ index }) => index.find(record(4).requestId)],
  ['find segments past their time', ({ index }) => index.expired('bank', 1, [])],
];

/**
 * DynamoDB Local counts a transaction as two units, whatever is in it. By AWS's rule ("DynamoDB read and write
 * operations") each item of it takes two for each KB that is begun.
 */
function transactionUnitsOf(input: object): number {
  const { TransactItems = [] }: { readonly TransactItems?: readonly TransactWriteItem[] } = input;
  return TransactItems.reduce((sum, { Put }) => sum + 2 * Math.ceil(sizeOf(Put?.Item ?? {}) / 1_024), 0);
}

function sizeOf(item: Readonly<Record<string, AttributeValue>>): number {
  const sizes = Object.entries(item).map(([name, { S, N, B, L }]) => {
    if (L !== undefined) return name.length + 3 + L.reduce((sum, entry) => sum + 1 + (entry.S?.length ?? 0), 0);
    return name.length + (S ?? N ?? B ?? '').length;
  });
  // What is deleted or only looked at is small, and there.
  return Math.max(
    1,
    sizes.reduce((sum, size) => sum + size, 0),
  );
}

describeWithDynamoDB('the page about DynamoDB', ({ createTable, options }) => {
  let client: DynamoDB;
  const used = { reads: 0, writes: 0, requests: 0 };
  const commands = new Set<string>();
  beforeAll(async () => {
    client = await createDynamoDB(options());
    client.middlewareStack.add(
      (next, context) => async (given) => {
        const command = String(context['commandName']).replace(/Command$/, '');
        commands.add(command);
        const result = await next({ ...given, input: { ...given.input, ReturnConsumedCapacity: 'TOTAL' } });
        used.requests += 1;
        if (command === 'TransactWriteItems') {
          used.writes += transactionUnitsOf(given.input);
          return result;
        }
        const { ConsumedCapacity } = Object(result.output);
        for (const { CapacityUnits = 0 } of [ConsumedCapacity ?? []].flat()) {
          used[command === 'GetItem' || command === 'Query' ? 'reads' : 'writes'] += CapacityUnits;
        }
        return result;
      },
      { step: 'initialize', name: 'units' },
    );
  });
  afterAll(() => client.destroy());

  it('has the units that each operation takes, and a policy of no more than what is called', async () => {
    const state = createDynamoDBState(client, toTable(client, await createTable()));
    const rows: string[] = [];
    for (const [name, act] of operations) {
      Object.assign(used, { reads: 0, writes: 0, requests: 0 });
      await act(state);
      rows.push(`| ${name} | ${used.reads} | ${used.writes} | ${used.requests} |`);
    }
    const [, table = ''] = /\n\| operation \|.*\n\|[-|]+\|\n((?:\|.*\n)+)/.exec(page) ?? [];
    expect(table.trim().split('\n')).toEqual(rows);

    expect([...commands].toSorted()).toEqual(['GetItem', 'PutItem', 'Query', 'TransactWriteItems', 'UpdateItem']);
    const [policy = '{}'] = /(?<=```json\n)[\s\S]*?(?=```)/.exec(page) ?? [];
    const [own] = JSON.parse(policy).Statement;
    // What a transaction does is permitted as what is in it.
    expect(own.Action).toEqual(
      ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'].map(
        (name) => `dynamodb:${name}`,
      ),
    );
  });
});
