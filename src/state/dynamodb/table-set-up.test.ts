import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startFaultyProxy } from '../../../tools/faulty-proxy.ts';
import { createDynamoDB } from '../../aws/index.ts';
import { describeWithDynamoDB } from './dynamodb-fixture.suite.ts';
import { stateTable, type TableDefinition } from './state-table.ts';
import { checkDynamoDBTable, createDynamoDBTable } from './table-set-up.ts';

const index = {
  IndexName: 'unsequenced',
  KeySchema: [{ AttributeName: 'sk', KeyType: 'HASH' }],
  Projection: { ProjectionType: 'KEYS_ONLY' },
} as const satisfies NonNullable<TableDefinition['GlobalSecondaryIndexes']>[number];

const definition: TableDefinition = {
  ...stateTable,
  GlobalSecondaryIndexes: [{ ...index, KeySchema: [...index.KeySchema] }],
  timeToLiveAttribute: 'expiresAt',
};

describeWithDynamoDB('a table with an index, whose items expire', ({ options }) => {
  it('is made whole, and found so', async () => {
    const asked = { ...options(), table: randomUUID(), definition };
    expect(await createDynamoDBTable(asked)).toEqual({ isCreated: true, pointInTimeRecovery: false });
    expect(await checkDynamoDBTable(asked)).toEqual([]);
    const client = await createDynamoDB(options());
    const { TimeToLiveDescription } = await client.describeTimeToLive({ TableName: asked.table });
    expect(TimeToLiveDescription).toEqual({ AttributeName: 'expiresAt', TimeToLiveStatus: 'ENABLED' });
    client.destroy();
  });

  it.each(['CreateTable', 'UpdateTimeToLive'])('is made whole where the reply of %s is lost', async (operation) => {
    const { endpoint = '', ...settings } = options();
    const proxy = await startFaultyProxy({ dynamodb: endpoint });
    proxy.plan({ call: `dynamodb ${operation} journal`, times: 1, fault: { kind: 'lose' } });
    const asked = { ...settings, endpoint: proxy.url, table: `journal-${randomUUID()}`, definition };
    expect(await createDynamoDBTable(asked)).toMatchObject({ isCreated: true });
    expect(proxy.calls.filter(({ fault }) => fault !== undefined)).toHaveLength(1);
    expect(await checkDynamoDBTable(asked)).toEqual([]);
    await proxy.close();
  });

  it('is told from one without them, and from one with another index', async () => {
    const table = randomUUID();
    await createDynamoDBTable({ ...options(), table, definition: stateTable });
    expect(await checkDynamoDBTable({ ...options(), table, definition })).toEqual([
      'it has no index unsequenced',
      'its items do not expire by expiresAt',
    ]);
    const other = randomUUID();
    await createDynamoDBTable({ ...options(), table: other, definition });
    const wider = { ...index, KeySchema: [...index.KeySchema], Projection: { ProjectionType: 'ALL' as const } };
    const asked = { ...options(), table: other, definition: { ...definition, GlobalSecondaryIndexes: [wider] } };
    expect(await checkDynamoDBTable(asked)).toEqual(['its index unsequenced is another']);
  });
});

/** Answers in turn to each operation, as the service says it; again with the last one. */
async function serve(answers: Readonly<Record<string, readonly (readonly [status: number, body: object])[]>>) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    await Array.fromAsync(request);
    const operation = String(request.headers['x-amz-target']).split('.')[1] ?? '';
    const before = asked.filter((one) => one === operation).length;
    asked.push(operation);
    const own = answers[operation] ?? [[400, { __type: 'UnknownOperationException' }]];
    const [status, body] = own[Math.min(before, own.length - 1)] ?? [500, {}];
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const options = { region: 'eu-central-1', endpoint: `http://127.0.0.1:${port}`, credentials };
  return { asked, options, [Symbol.asyncDispose]: async () => void server.close() };
}

const NOT_THERE = [400, { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException' }] as const;
const ACTIVE = [200, { Table: { TableStatus: 'ACTIVE' } }] as const;

describe('point-in-time recovery', () => {
  it('is turned on once the table is ready for it', async () => {
    await using service = await serve({
      DescribeTable: [NOT_THERE, ACTIVE],
      CreateTable: [[200, {}]],
      UpdateContinuousBackups: [
        [400, { __type: 'com.amazonaws.dynamodb.v20120810#ContinuousBackupsUnavailableException' }],
        [200, {}],
      ],
    });
    const asked = { ...service.options, table: 'state', definition: stateTable };
    expect(await createDynamoDBTable(asked)).toEqual({ isCreated: true, pointInTimeRecovery: true });
    expect(service.asked.filter((one) => one === 'UpdateContinuousBackups')).toHaveLength(2);
  });

  it('that may not be turned on is told', async () => {
    await using service = await serve({
      DescribeTable: [NOT_THERE, ACTIVE],
      CreateTable: [[200, {}]],
      UpdateContinuousBackups: [[400, { __type: 'com.amazonaws.dynamodb.v20120810#AccessDeniedException' }]],
    });
    const asked = { ...service.options, table: 'state', definition: stateTable };
    await expect(createDynamoDBTable(asked)).rejects.toThrow(
      'the state in DynamoDB could not make or read a table: AccessDeniedException',
    );
  });
});

describe('a table that is not ready', () => {
  it('is told by its status', async () => {
    await using service = await serve({
      DescribeTable: [[200, { Table: { TableStatus: 'UPDATING', ...stateTable } }]],
    });
    const asked = { ...service.options, table: 'state', definition: stateTable };
    expect(await checkDynamoDBTable(asked)).toEqual(['its status is UPDATING']);
  });
});
