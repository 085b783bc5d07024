import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { type AwsClientOptions, createDynamoDB, type DynamoDBTableOptions } from '../../aws/index.ts';
import type { State } from '../state.ts';
import { createCredentialStore } from './credential-store.ts';
import { createHeadStore } from './head-store.ts';
import { createHoldStore } from './hold-store.ts';
import { positionKey } from './keys.ts';
import { createRecordIndex } from './record-index.ts';
import { createTable, type Table } from './table.ts';
import { createWrappedKeyStore } from './wrapped-key-store.ts';

export interface DynamoDBStateOptions extends DynamoDBTableOptions, Pick<AwsClientOptions, 'credentials'> {}

/**
 * Opens the state in a table of DynamoDB, which any number of gateways share. A write is durable once it resolves, in
 * three zones of the Region, and every process reads it at once.
 *
 * Rejects with a `StateError` where the table is not there or cannot be read.
 *
 * Trust: what IAM lets at the table. Record keys and secrets in it are wrapped under other keys; names of tenants,
 * principals and models, times and sizes are not. Whoever can write it can put back what was there before, and so undo a
 * revocation; credentials bind their owner themselves.
 */
export async function openDynamoDBState({ table: name, ...options }: DynamoDBStateOptions): Promise<State> {
  const client = await createDynamoDB(options);
  const table = createTable(client, name);
  try {
    await table.get('be opened', positionKey);
  } catch (error) {
    client.destroy();
    throw error;
  }
  return createDynamoDBState(client, table);
}

/** The state in a table that may be there. */
export function createDynamoDBState(client: Pick<DynamoDB, 'destroy'>, table: Table): State {
  return {
    credentials: createCredentialStore(table),
    wrappedKeys: createWrappedKeyStore(table),
    heads: createHeadStore(table, 'main'),
    index: createRecordIndex(table),
    holds: createHoldStore(table),
    marks: (name) => createHeadStore(table, `mark/${name}`),
    close: () => client.destroy(),
  };
}
