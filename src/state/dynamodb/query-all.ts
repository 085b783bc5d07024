import type { Item } from './item.ts';
import type { Querying, Table } from './table.ts';

interface QueryingAll extends Omit<Querying, 'pk'> {
  readonly partitions: readonly string[];
}

/** What several partitions hold, all of it. */
export async function queryAll(table: Table, operation: string, asked: QueryingAll): Promise<readonly Item[]> {
  const { partitions, ...querying } = asked;
  const found = partitions.map((pk) => Array.fromAsync(table.query(operation, { ...querying, pk })));
  return (await Promise.all(found)).flat();
}
