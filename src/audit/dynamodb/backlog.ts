import type { Clock } from '../../core/index.ts';
import { JournalDamageError } from '../journal/journal-error.ts';
import { isCount } from '../record/leaf.ts';
import { type PendingBatch, toBatchName } from './journal-table.ts';
import type { JournalTable } from './journal-table-store.ts';

/** How much of a journal is not in the published log, as somebody found it. */
export interface Backlog {
  /** When it was looked for, epoch milliseconds. */
  readonly time: number;
  /** What was durable by then is in the published log; epoch milliseconds, 0 where nobody knows. */
  readonly takenUntil: number;
  readonly entries: number;
  /** Of their frames. */
  readonly bytes: number;
}

export interface Weighing {
  /** How far a writer is in the published log. Unless told, all that the index has is taken for what is not there. */
  readonly reached?: (writer: string) => number;
  /** Where it comes to so many bytes, the rest is not looked at. */
  readonly mostBytes?: number;
  /** Ends it between two pages. */
  readonly signal?: AbortSignal;
}

interface WeighedJournal {
  readonly table: Pick<JournalTable, 'pendingPages'>;
  readonly clock: Clock;
}

/**
 * Goes through the index of what is not done with, a page at a time. A batch is as old as its last entry. Rejects with a
 * `JournalDamageError` where the index does not say how much a batch is: nothing is less than what nobody knows.
 */
export async function weighBacklog(
  { table, clock }: WeighedJournal,
  { reached = () => 0, mostBytes = Number.POSITIVE_INFINITY, signal }: Weighing = {},
): Promise<Backlog> {
  const time = clock.now();
  let oldest = time;
  let entries = 0;
  let bytes = 0;
  for await (const page of table.pendingPages()) {
    signal?.throwIfAborted();
    for (const batch of page) {
      requireCounts(batch);
      const waiting = batch.first + batch.count - Math.max(batch.first, reached(batch.writer));
      if (waiting <= 0) continue;
      entries += waiting;
      bytes += batch.bytes;
      oldest = Math.min(oldest, batch.time);
    }
    if (bytes >= mostBytes) return { time, takenUntil: 0, entries, bytes };
  }
  return { time, takenUntil: oldest, entries, bytes };
}

function requireCounts(batch: PendingBatch): void {
  const { first, count, bytes, time } = batch;
  if ([first, count, bytes, time].every(isCount)) return;
  throw new JournalDamageError({ file: toBatchName(batch), offset: 0 }, 'its index does not say how much it is');
}
