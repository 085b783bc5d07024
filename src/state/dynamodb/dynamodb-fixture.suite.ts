import { randomUUID } from 'node:crypto';
import { afterAll } from 'vitest';
import { describeWithDynamoDBLocal } from '../../../tools/dynamodb-local/shared.ts';
import { createDynamoDB } from '../../aws/index.ts';
import type { State } from '../state.ts';
import { openDynamoDBState } from './open-dynamodb-state.ts';
import { stateTable } from './state-table.ts';

/** Tests with a DynamoDB, which are skipped where there can be none. */
export function describeWithDynamoDB(name: string, suite: (dynamoDB: TestDynamoDB) => void): void {
  describeWithDynamoDBLocal(name, (endpoint) => {
    const opened: State[] = [];
    const options = () => ({
      region: 'eu-central-1',
      endpoint: endpoint(),
      credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
      requestTimeoutMs: 20_000,
    });
    afterAll(() => {
      for (const state of opened.splice(0)) state.close();
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
    readonly endpoint: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly requestTimeoutMs: number;
  };
  /** A new table, empty. */
  createTable(): Promise<string>;
  open(table: string): Promise<State>;
  /** Two handles, with a client each, on a new table. */
  openTwice(): Promise<readonly [State, State]>;
}
