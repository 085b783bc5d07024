import { setTimeout as pause } from 'node:timers/promises';
import type { CreateTableInput, DynamoDB, KeySchemaElement, TableDescription } from '@aws-sdk/client-dynamodb';
import { type AwsClientOptions, createDynamoDB } from '../../aws/index.ts';
import { toStateError } from './retrying.ts';
import type { TableDefinition } from './state-table.ts';

export interface TableSetUpOptions extends AwsClientOptions {
  readonly table: string;
  readonly definition: TableDefinition;
}

/** What was made, or found. */
export interface TableSetUp {
  readonly isCreated: boolean;
  /** Whether the table can be put back to what it was at any second; undefined where it was there already. */
  readonly pointInTimeRecovery?: boolean;
}

const ACTIVE_WITHIN_S = 300;
/** Nobody waits for it as for an answer, and a second try would find what the first has made. */
const REQUEST_TIMEOUT_MS = 20_000;
const TRIES = 20;

/**
 * Makes a table where there is none of its name, and waits until it can be used. One that is there is left as it is.
 * Rejects with a `StateError` that names what could not be done.
 */
export async function createDynamoDBTable(
  options: TableSetUpOptions & { readonly kmsKey?: string },
): Promise<TableSetUp> {
  const { table, definition, kmsKey, ...settings } = options;
  const { timeToLiveAttribute, ...schema } = definition;
  return withClient(settings, async (client) => {
    if ((await describe(client, table)) !== undefined) return { isCreated: false };
    const encryption = kmsKey === undefined ? {} : { Enabled: true, SSEType: 'KMS' as const, KMSMasterKeyId: kmsKey };
    const SSESpecification = kmsKey === undefined ? undefined : encryption;
    await create(client, { ...schema, TableName: table, ...(SSESpecification && { SSESpecification }) });
    const { waitUntilTableExists } = await import('@aws-sdk/client-dynamodb');
    await waitUntilTableExists(
      { client, maxWaitTime: ACTIVE_WITHIN_S, minDelay: 1, maxDelay: 5 },
      { TableName: table },
    );
    if (timeToLiveAttribute !== undefined) {
      const TimeToLiveSpecification = { AttributeName: timeToLiveAttribute, Enabled: true };
      await client.updateTimeToLive({ TableName: table, TimeToLiveSpecification }).catch(async (error: unknown) => {
        // Of a reply that was lost, the SDK's next try is told that it is on already.
        if ((await expiryProblems(client, table, definition)).length > 0) throw error;
      });
    }
    return { isCreated: true, pointInTimeRecovery: await enableRecovery(client, table) };
  });
}

/** Where the reply is lost, the SDK asks again and is told that the table is there: it is the one that was asked for. */
async function create(client: DynamoDB, table: CreateTableInput): Promise<void> {
  await client.createTable(table).catch((error: unknown) => {
    if (Object(error).name !== 'ResourceInUseException') throw error;
  });
}

/** What of a table is not as it is to be, in words: none, and it can be used. Rejects where that cannot be known. */
export async function checkDynamoDBTable({
  table,
  definition,
  ...settings
}: TableSetUpOptions): Promise<readonly string[]> {
  return withClient(settings, async (client) => {
    const found = await describe(client, table);
    if (found === undefined) return ['it is not there'];
    return [...schemaProblems(found, definition), ...(await expiryProblems(client, table, definition))];
  });
}

async function withClient<T>(settings: AwsClientOptions, use: (client: DynamoDB) => Promise<T>): Promise<T> {
  const client = await createDynamoDB({ requestTimeoutMs: REQUEST_TIMEOUT_MS, ...settings });
  try {
    return await use(client);
  } catch (error) {
    throw toStateError('make or read a table', error);
  } finally {
    client.destroy();
  }
}

async function describe(client: DynamoDB, table: string): Promise<TableDescription | undefined> {
  try {
    return (await client.describeTable({ TableName: table })).Table;
  } catch (error) {
    if (Object(error).name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}

/** False where this DynamoDB has no such thing, as DynamoDB Local. */
async function enableRecovery(client: DynamoDB, table: string): Promise<boolean> {
  const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
  for (let tries = 1; ; tries += 1) {
    try {
      await client.updateContinuousBackups({ TableName: table, PointInTimeRecoverySpecification });
      return true;
    } catch (error) {
      const { name } = Object(error);
      if (name === 'UnknownOperationException') return false;
      // A table that was just made is not ready for it at once.
      if (name !== 'ContinuousBackupsUnavailableException' || tries >= TRIES) throw error;
      await pause(1_000);
    }
  }
}

function schemaProblems(found: TableDescription, definition: TableDefinition): readonly string[] {
  const { KeySchema, AttributeDefinitions = [], GlobalSecondaryIndexes = [] } = definition;
  const typeOf = (name: string | undefined) =>
    found.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
  return [
    ...(found.TableStatus === 'ACTIVE' ? [] : [`its status is ${found.TableStatus}`]),
    ...(toText(found.KeySchema) === toText(KeySchema) ? [] : [`its key is not ${toText(KeySchema)}`]),
    ...AttributeDefinitions.filter(({ AttributeName, AttributeType }) => typeOf(AttributeName) !== AttributeType).map(
      ({ AttributeName, AttributeType }) => `its attribute ${AttributeName} is not of type ${AttributeType}`,
    ),
    ...GlobalSecondaryIndexes.flatMap((index) => {
      const own = found.GlobalSecondaryIndexes?.find(({ IndexName }) => IndexName === index.IndexName);
      if (own === undefined) return [`it has no index ${index.IndexName}`];
      const isSame =
        toText(own.KeySchema) === toText(index.KeySchema) &&
        own.Projection?.ProjectionType === index.Projection?.ProjectionType;
      return isSame ? [] : [`its index ${index.IndexName} is another`];
    }),
  ];
}

async function expiryProblems(
  client: DynamoDB,
  table: string,
  definition: TableDefinition,
): Promise<readonly string[]> {
  const { timeToLiveAttribute } = definition;
  if (timeToLiveAttribute === undefined) return [];
  const { TimeToLiveDescription } = await client.describeTimeToLive({ TableName: table });
  const { AttributeName, TimeToLiveStatus } = TimeToLiveDescription ?? {};
  const isOn = TimeToLiveStatus === 'ENABLED' || TimeToLiveStatus === 'ENABLING';
  return isOn && AttributeName === timeToLiveAttribute ? [] : [`its items do not expire by ${timeToLiveAttribute}`];
}

function toText(schema: readonly KeySchemaElement[] | undefined): string {
  return (schema ?? []).map(({ AttributeName, KeyType }) => `${AttributeName} (${KeyType})`).join(', ');
}
