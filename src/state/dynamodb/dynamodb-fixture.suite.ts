import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import {
  type DynamoDBLocal,
  findDynamoDBLocal,
  startDynamoDBLocal,
} from '../../../tools/dynamodb-local/dynamodb-local.ts';
import { createDynamoDB } from '../../aws/index.ts';
import type { State } from '../state.ts';
import { openDynamoDBState } from './open-dynamodb-state.ts';
import { stateTable } from './state-table.ts';

export const place = await findDynamoDBLocal();

const START_MS = 90_000;

/** Tests with a DynamoDB of their own, which are skipped where there can be none. */
export function describeWithDynamoDB(name: string, suite: (dynamoDB: TestDynamoDB) => void): void {
  describe.skipIf('reason' in place)(name, () => {
    let server: DynamoDBLocal | undefined;
    const opened: State[] = [];
    const options = () => ({
      region: 'eu-central-1',
      endpoint: server?.endpoint,
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestTimeoutMs: 20_000,
    });
    beforeAll(async () => {
      if ('directory' in place) server = await startDynamoDBLocal(place);
    }, START_MS);
    afterAll(async () => {
      for (const state of opened.splice(0)) state.close();
      await server?.stop();
    });

    async function createTable(): Promise<string> {
      const TableName = `state-${randomUUID()}`;
      const client = await createDynamoDB(options());
      await client.createTable({ ...stateTable, TableName });
      client.destroy();
      return TableName;
    }
    async function open(table: string): Promise<State> {
      const state = await openDynamoDBState({ ...options(), table });
      opened.push(state);
      return state;
    }
    async function openTwice(): Promise<readonly [State, State]> {
      const table = await createTable();
      return [await open(table), await open(table)];
    }
    suite({ options, createTable, open, openTwice });
  });
}

export interface TestDynamoDB {
  options(): {
    readonly region: string;
    readonly endpoint: string | undefined;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly requestTimeoutMs: number;
  };
  /** A new table, empty. */
  createTable(): Promise<string>;
  open(table: string): Promise<State>;
  /** Two handles, with a client each, on a new table. */
  openTwice(): Promise<readonly [State, State]>;
}
