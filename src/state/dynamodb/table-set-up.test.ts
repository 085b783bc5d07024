import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
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
