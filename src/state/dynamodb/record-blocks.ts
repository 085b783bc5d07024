import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { IndexedRecord } from '../../core/index.ts';
import { type Item, readText } from './item.ts';
import { firstPlaceOf, padded, positionKey, recordPartitionOf } from './keys.ts';
import { toItems, toRecord } from './record-items.ts';
import type { Condition, Table } from './table.ts';

const MOST_WRITES = 100;

/** The records of a block in the log's order, whatever the position is. */
export async function readBlock(table: Table, operation: string, block: number): Promise<readonly IndexedRecord[]> {
  const sk = [padded(firstPlaceOf(block)), padded(firstPlaceOf(block + 1) - 1)] as const;
  const items = await Array.fromAsync(table.query(operation, { pk: recordPartitionOf(block), sk }));
  return items.map(toRecord);
}

export interface BlockChange {
  readonly operation: string;
  /** All records of the block, as they are and as they are to be. */
  readonly old: readonly IndexedRecord[];
  readonly next: readonly IndexedRecord[];
  /** What must hold of the position all the while. */
  readonly fence: Condition;
}

/**
 * Has other records in a block, with all items that lead to them. False, where the fence does not hold (any more).
 *
 * One transaction, but for a block of very many tenants and segments. Then it goes in several, in such an order that
 * what was begun is found again and put right by the next change of the block.
 */
export async function changeBlock(table: Table, { operation, old, next, fence }: BlockChange): Promise<boolean> {
  const before = new Map(toItems(old).map((item) => [nameOf(item), item]));
  const after = new Map(toItems(next).map((item) => [nameOf(item), item]));
  const kept = (name: string, item: Item) => JSON.stringify(before.get(name)) === JSON.stringify(item);
  const writes: readonly TransactWriteItem[] = [
    ...[...after].filter(([name, item]) => !kept(name, item)).map(([, item]) => table.writes.put(item)),
    ...[...before.keys()]
      .filter((name) => !after.has(name))
      .reverse()
      .map((name) => table.writes.remove(keyOf(before.get(name) ?? {}))),
  ];
  const check = table.writes.check(positionKey, fence);
  for (let at = 0; at < writes.length; at += MOST_WRITES - 1) {
    const failed = await table.transact(operation, [check, ...writes.slice(at, at + MOST_WRITES - 1)]);
    if (failed !== undefined) return false;
  }
  return true;
}

const keyOf = (item: Item) => ({ pk: readText(item, 'pk'), sk: readText(item, 'sk') });
const nameOf = (item: Item) => JSON.stringify(keyOf(item));
