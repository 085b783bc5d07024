import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { journalTable } from '../../../src/audit/index.ts';
import { createDynamoDB } from '../../../src/aws/index.ts';
import { checkDynamoDBTable, stateTable } from '../../../src/state/index.ts';
import {
  type DynamoDBLocal,
  findDynamoDBLocal,
  startDynamoDBLocal,
} from '../../../tools/dynamodb-local/dynamodb-local.ts';
import { ACCOUNT, propertyOf, REGION, resourcesOf } from '../policy/resolved.suite.ts';
import { decide } from '../policy/simulation.suite.ts';
import { GatewayState } from './gateway-state.ts';
import { RecordJournal } from './record-journal.ts';

type Properties = Readonly<Record<string, unknown>>;

let tables: Readonly<Record<string, Properties>>;
beforeAll(() => {
  const stack = new Stack(new App(), 'Tables');
  const key = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
  new GatewayState(stack, 'State', { prefix: 'sallyport-prod', tableName: 'state', key });
  new RecordJournal(stack, 'Journal', { prefix: 'sallyport-prod', tableName: 'journal', key, recoveryDays: 7 });
  const found = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::DynamoDB::Table'));
  expect(found.map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Retain', 'Retain']);
  tables = Object.fromEntries(found.map(({ Properties }) => [String(Properties['TableName']), Properties]));
});

const ANYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'dynamodb:*', Resource: '*' }] };

function atTable(name: string, role: string, action: string, context: Readonly<Record<string, string>> = {}) {
  const principal = `arn:aws:iam::${ACCOUNT}:role/${role}`;
  const { PolicyDocument } = propertyOf<{ PolicyDocument: unknown }>(tables[name], 'ResourcePolicy');
  return decide(
    {
      principal,
      action: `dynamodb:${action}`,
      resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/${name}`,
      context: { 'aws:PrincipalArn': principal, 'aws:PrincipalIsAWSService': 'false', ...context },
    },
    { identity: [ANYTHING], resource: PolicyDocument },
  );
}

describe('tables', () => {
  it('are under a key of ours, put back to any second, and not deleted by mistake', () => {
    expect(tables['state']).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: expect.stringContaining(':key/1234abcd') },
    });
    expect(tables['journal']).toMatchObject({
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 7 },
      StreamSpecification: { StreamViewType: 'KEYS_ONLY' },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
  });

  it('give items to the gateway and its commands, and to no administrator', async () => {
    expect(
      await Promise.all([
        atTable('state', 'sallyport-prod-gateway', 'GetItem'),
        atTable('journal', 'sallyport-prod-sequencer', 'UpdateItem'),
        atTable('state', 'sallyport-prod-tenant-bank', 'Query'),
        atTable('state', 'Admin', 'GetItem'),
        atTable('journal', 'sallyport-prod-tenant-bank', 'Query'),
        atTable('state', 'sallyport-prod-gateway', 'Scan'),
        atTable('state', 'sallyport-prod-gateway', 'PartiQLSelect'),
        atTable('state', 'Admin', 'DescribeTable'),
      ]),
    ).toEqual([
      'Allowed',
      'Allowed',
      'Allowed',
      'ExplicitlyDenied',
      'ExplicitlyDenied',
      'ExplicitlyDenied',
      'ExplicitlyDenied',
      'Allowed',
    ]);
  });
});

const installed = await findDynamoDBLocal();

describe.skipIf('reason' in installed)('tables made of their templates', () => {
  let dynamoDB: DynamoDBLocal;
  beforeAll(async () => {
    if ('directory' in installed) dynamoDB = await startDynamoDBLocal(installed);
    return () => dynamoDB.stop();
  }, 90_000);

  it('are what `sallyport state check` takes', async () => {
    const place = { region: REGION, endpoint: dynamoDB.endpoint, requestTimeoutMs: 30_000 };
    const credentials = { accessKeyId: 'test', secretAccessKey: 'secret' };
    process.env['AWS_ACCESS_KEY_ID'] ??= credentials.accessKeyId;
    process.env['AWS_SECRET_ACCESS_KEY'] ??= credentials.secretAccessKey;
    const client = await createDynamoDB(place);
    for (const [name, definition] of [
      ['state', stateTable],
      ['journal', journalTable],
    ] as const) {
      const { KeySchema, AttributeDefinitions, GlobalSecondaryIndexes, BillingMode, TimeToLiveSpecification } = tables[
        name
      ] as never as Parameters<typeof client.createTable>[0] & {
        readonly TimeToLiveSpecification?: { readonly AttributeName: string; readonly Enabled: boolean };
      };
      await client.createTable({
        TableName: name,
        KeySchema,
        AttributeDefinitions,
        BillingMode,
        ...(GlobalSecondaryIndexes === undefined ? {} : { GlobalSecondaryIndexes }),
      });
      if (TimeToLiveSpecification !== undefined) {
        await client.updateTimeToLive({ TableName: name, TimeToLiveSpecification });
      }
      expect(await checkDynamoDBTable({ ...place, table: name, definition })).toEqual([]);
    }
    client.destroy();
  });
});
