import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { IndexedRecord } from '../../core/index.ts';
import { createIndexPosition, type IndexPosition } from './index-position.ts';
import { type Item, readText } from './item.ts';
import { firstPlaceOf, padded, recordPartitionOf } from './keys.ts';
import { toItems, toRecord } from './record-items.ts';
import { hasMark, type Table } from './table.ts';

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
  /** As it was before `old` was read. */
  readonly position: IndexPosition;
}

/**
 * Has other records in a block, with all items that lead to them. Gives the position behind that; undefined where another
 * has written since, and then it is done in part at most.
 *
 * One transaction, but for a block of very many tenants and segments. Then it goes in several, in such an order that
 * what was begun is found again and put right by the next change of the block.
 */
export async function changeBlock(
  table: Table,
  { operation, old, next, position }: BlockChange,
): Promise<IndexPosition | undefined> {
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
  const { touch } = createIndexPosition(table);
  let current = position;
  for (let at = 0; at < writes.length; at += MOST_WRITES - 1) {
    const { write, next: touched } = touch(current);
    const failed = await table.transact(operation, [write, ...writes.slice(at, at + MOST_WRITES - 1)]);
    if (failed !== undefined && !hasMark(failed[0]?.Item, touched.mark)) return undefined;
    current = touched;
  }
  return current;
}

const keyOf = (item: Item) => ({ pk: readText(item, 'pk'), sk: readText(item, 'sk') });
const nameOf = (item: Item) => JSON.stringify(keyOf(item));
