import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { createDynamoDB, type DynamoDBTableOptions } from '../../aws/index.ts';
import type { Clock } from '../../core/index.ts';
import {
  type BatchPlace,
  fromItem,
  type Item,
  indexShards,
  type JournalBatch,
  type PendingBatch,
  type StoredBatch,
  toBatchKey,
  toItem,
  UNSEQUENCED,
} from './journal-table.ts';

/**
 * Batches of journal entries in a table of DynamoDB. All methods may be called at once, from any process; what they
 * wrote is durable once they resolve. A call that rejects may have landed.
 *
 * Trust: whoever can write the table can remove or put back batches that are not in the log; what a batch holds is
 * encrypted, and bound to its place by its writer's chain.
 */
export interface JournalTable {
  /** Loads what the rest needs, so that the first batch does not wait for it. */
  prepare(): Promise<void>;
  /** Writes a batch where there is none. Resolves too where the same one is there; rejects where another is. */
  put(batch: JournalBatch): Promise<void>;
  /** Reads a batch as it is now. */
  get(place: BatchPlace): Promise<StoredBatch | undefined>;
  /** The batches that are not done with; of the newest, and of those that were just done with, it may not know yet. */
  pending(): Promise<readonly PendingBatch[]>;
  /** The same a page after another, for who does not need to have all of it at once. */
  pendingPages(): AsyncIterable<readonly PendingBatch[]>;
  /** Lets go of a batch: it leaves the index now and the table in seven days. */
  finish(place: BatchPlace): Promise<void>;
  /**
   * Writes the batch that closes these exchanges (ids in hexadecimal) of its tenant, each of which is closed so once:
   * gives those that were before; then nothing is written.
   */
  putClosing(batch: JournalBatch, exchanges: readonly string[]): Promise<readonly string[]>;
}

interface JournalTableOptions {
  readonly table: string;
  /** Gives the client, when it is first needed. */
  readonly connect: () => Promise<DynamoDB>;
  readonly clock: Clock;
}

/** How long a batch is kept that is in the log: a reader that began before that still finds it. */
const KEPT_SECONDS = 7 * 24 * 60 * 60;

/** The table at a place, with credentials of the AWS SDK's chain. Nothing is loaded or connected to before it is asked. */
export function createJournalTableAt({ table, ...place }: DynamoDBTableOptions): JournalTable {
  const clock = { now: Date.now };
  return createJournalTable({ table, clock, connect: () => createDynamoDB(place) });
}

export function createJournalTable({ table: TableName, connect, clock }: JournalTableOptions): JournalTable {
  let connecting: Promise<DynamoDB> | undefined;
  function client(): Promise<DynamoDB> {
    connecting ??= connect();
    return connecting;
  }

  async function get(place: BatchPlace): Promise<StoredBatch | undefined> {
    const input = { TableName, Key: toBatchKey(place), ConsistentRead: true };
    const { Item } = await (await client()).getItem(input);
    return Item === undefined ? undefined : fromItem(Item);
  }

  async function* pagesOf(shard: string): AsyncGenerator<readonly PendingBatch[]> {
    let after: Item | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await (await client()).query({
        TableName,
        IndexName: UNSEQUENCED,
        KeyConditionExpression: 'u = :shard',
        ExpressionAttributeValues: { ':shard': { S: shard } },
        ExclusiveStartKey: after,
      });
      yield Items.map(fromItem);
      after = LastEvaluatedKey;
    } while (after !== undefined);
  }

  return {
    async prepare() {
      await client();
    },
    get,

    async put(batch) {
      const input = { TableName, Item: toItem(batch), ConditionExpression: 'attribute_not_exists(pk)' };
      try {
        await (await client()).putItem(input);
      } catch (error) {
        // An earlier try may have landed, and its reply been lost.
        if (!isFault(error, 'ConditionalCheckFailedException')) throw error;
        if (!isSame(await get(batch), batch)) throw error;
      }
    },

    async pending() {
      return (await Promise.all(indexShards.map((shard) => Array.fromAsync(pagesOf(shard))))).flat(2);
    },

    async *pendingPages() {
      for (const shard of indexShards) yield* pagesOf(shard);
    },

    async finish(place) {
      const until = Math.floor(clock.now() / 1000) + KEPT_SECONDS;
      try {
        await (await client()).updateItem({
          TableName,
          Key: toBatchKey(place),
          UpdateExpression: 'REMOVE u, us SET #ttl = :until',
          // One that is gone is not to come back as an item of which there is only this.
          ConditionExpression: 'attribute_exists(u)',
          ExpressionAttributeNames: { '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':until': { N: String(until) } },
        });
      } catch (error) {
        if (!isFault(error, 'ConditionalCheckFailedException')) throw error;
      }
    },

    async putClosing(batch, exchanges) {
      const until = Math.floor(clock.now() / 1000) + KEPT_SECONDS;
      const ConditionExpression = 'attribute_not_exists(pk)';
      const markers = exchanges.map((id) => ({
        Put: { TableName, Item: { ...toMarkerKey(batch, id), ttl: { N: String(until) } }, ConditionExpression },
      }));
      try {
        await (await client()).transactWriteItems({
          TransactItems: [...markers, { Put: { TableName, Item: toItem(batch), ConditionExpression } }],
        });
        return [];
      } catch (error) {
        const reasons =
          error instanceof Error && 'CancellationReasons' in error ? error.CancellationReasons : undefined;
        const known = exchanges.filter((_, at) => isRefusal(Array.isArray(reasons) ? reasons[at] : undefined));
        if (known.length === 0) throw error;
        return known;
      }
    },
  };
}

function toMarkerKey({ tenant }: BatchPlace, exchange: string): Item {
  return { pk: { S: `t#${tenant}#closed` }, sk: { S: `closed#${exchange}` } };
}

function isRefusal(reason: unknown): boolean {
  return typeof reason === 'object' && reason !== null && 'Code' in reason && reason.Code === 'ConditionalCheckFailed';
}

function isFault(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}

function isSame(stored: StoredBatch | undefined, { frames, elsewhere }: JournalBatch): boolean {
  if (stored === undefined) return false;
  const isSameObject = Buffer.compare(stored.elsewhere ?? Buffer.of(), elsewhere ?? Buffer.of()) === 0;
  return isSameObject && Buffer.compare(stored.frames, frames) === 0;
}
