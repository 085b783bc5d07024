import { readBytes, readNumber } from './item.ts';
import { positionKey } from './keys.ts';
import type { Condition, Table } from './table.ts';

/** How much of the log the index covers, and what tells whether anyone moved that or took records out. */
export interface IndexPosition {
  readonly position: number;
  /** Another one once records were taken out: what was read of the log before may not be written any more. */
  readonly epoch: number;
  /** Holds while there is neither another position nor another epoch. */
  readonly unmoved: Condition;
}

/** The one item that says how far the index goes. Every write of records holds it fast. */
export function createIndexPosition(table: Table) {
  async function read(operation: string): Promise<IndexPosition> {
    const item = await table.get(operation, positionKey);
    if (item === undefined) return { position: 0, epoch: 0, unmoved: { expression: 'attribute_not_exists(#pk)' } };
    const unmoved = { expression: '#mark = :mark', values: { mark: readBytes(item, 'mark') } };
    return { position: readNumber(item, 'position'), epoch: readNumber(item, 'epoch'), unmoved };
  }
  return {
    read,
    /** Moves on from where it was read to be; false where another was first. */
    async move(operation: string, from: IndexPosition, position: number): Promise<boolean> {
      const change = { set: { position, epoch: from.epoch }, condition: from.unmoved };
      return (await table.update(operation, positionKey, change)).isDone;
    },
    /** Begins another epoch, with a position of no more than `most`: nothing that is being written lands behind this. */
    async beginEpoch(operation: string, most = Number.POSITIVE_INFINITY): Promise<void> {
      for (;;) {
        const { position, epoch, unmoved } = await read(operation);
        const set = { position: Math.min(position, most), epoch: epoch + 1 };
        if ((await table.update(operation, positionKey, { set, condition: unmoved })).isDone) return;
      }
    },
  };
}
