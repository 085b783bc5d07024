import { setTimeout as pause } from 'node:timers/promises';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { readBytes, readNumber } from './item.ts';
import { positionKey } from './keys.ts';
import { type Condition, newMark, type Table } from './table.ts';

/** How much of the log the index covers, as it was when it was read. */
export interface IndexPosition {
  readonly position: number;
  /** Another one once records were taken out: what was read of the log before may not be written any more. */
  readonly epoch: number;
  /** Another one with every write of the index. Undefined where there was none yet. */
  readonly mark: Uint8Array | undefined;
}

/** How long another writer may be silent before it is taken for gone. To be wrong there costs it its work, no more. */
const SILENCE_MS = 200;

/**
 * The one item that says how far the index goes. INVARIANT: every write of records changes its mark, under the condition
 * that it has not changed since the writer looked at what it is about to change. So writers are one behind the other.
 */
export function createIndexPosition(table: Table) {
  async function read(operation: string): Promise<IndexPosition> {
    const item = await table.get(operation, positionKey);
    if (item === undefined) return { position: 0, epoch: 0, mark: undefined };
    return {
      position: readNumber(item, 'position'),
      epoch: readNumber(item, 'epoch'),
      mark: readBytes(item, 'mark'),
    };
  }

  async function change(operation: string, from: IndexPosition, set: Omit<IndexPosition, 'mark'>): Promise<boolean> {
    return (await table.update(operation, positionKey, { set, condition: unmoved(from) })).isDone;
  }

  return {
    read,

    /** Moves on from where it was read to be; false where another has written since. */
    move: (operation: string, from: IndexPosition, position: number) =>
      change(operation, from, { position, epoch: from.epoch }),

    /** Begins another epoch, with a position of no more than `most`: nothing that is being written lands behind this. */
    async beginEpoch(operation: string, most = Number.POSITIVE_INFINITY): Promise<void> {
      for (;;) {
        const from = await read(operation);
        const next = { position: Math.min(from.position, most), epoch: from.epoch + 1 };
        if (await change(operation, from, next)) return;
      }
    },

    /** The part of a transaction that says that records are written, and what the position is behind it. */
    touch(from: IndexPosition): {
      readonly write: TransactWriteItem;
      readonly next: IndexPosition & { mark: Uint8Array };
    } {
      const { position, epoch } = from;
      const next = { position, epoch, mark: newMark() };
      return { write: table.writes.update(positionKey, { set: next, condition: unmoved(from) }), next };
    },

    /** Waits while another is adding from there: who would begin anew at once, would take it the work away. */
    async settle(operation: string, from: number): Promise<void> {
      for (let seen = await read(operation); seen.position === from; ) {
        await pause(SILENCE_MS);
        const now = await read(operation);
        if (isSame(now.mark, seen.mark)) return;
        seen = now;
      }
    },
  };
}

function unmoved({ mark }: IndexPosition): Condition {
  if (mark === undefined) return { expression: 'attribute_not_exists(#pk)' };
  return { expression: '#mark = :mark', values: { mark } };
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one === other || (one !== undefined && other !== undefined && Buffer.from(one).equals(other));
}
