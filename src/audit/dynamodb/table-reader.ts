import type { RequestId } from '../../core/index.ts';
import { JournalDamageError } from '../journal/journal-error.ts';
import type { PlacedEntry } from '../journal/series.ts';
import type { ObjectStore } from '../log/contracts.ts';
import type { JournaledRun, ScannedJournal } from '../verify/verify-journal.ts';
import { type BatchReader, createBatchReader, type ReadBatch } from './batch-reader.ts';
import { type PendingBatch, toBatchName } from './journal-table.ts';
import type { JournalTable } from './journal-table-store.ts';

interface TableReaderOptions {
  readonly table: JournalTable;
  readonly large: Pick<ObjectStore, 'read'>;
}

/** Batches that are read at once. */
const AT_ONCE = 16;

/**
 * The entries of an exchange that the table has and may not be in the log, in the order they were written. Reads every
 * batch that is not done with. Rejects with a `JournalDamageError`.
 */
export async function findTableEntries(
  { table, large }: TableReaderOptions,
  id: RequestId,
): Promise<readonly PlacedEntry[]> {
  const reader = createBatchReader({ table, large });
  const found: PlacedEntry[] = [];
  await forEachBatch(reader, await table.pending(), ({ entries }) => {
    found.push(...entries.filter(({ entry }) => entry.requestId === id));
  });
  // An exchange may go on in another chain than it began in.
  const rank = ({ entry: { type } }: PlacedEntry) => (type === 'response' ? 2 : type === 'release' ? 1 : 0);
  return found.toSorted(
    (one, other) =>
      rank(one) - rank(other) || one.entry.time - other.entry.time || one.entry.counter - other.entry.counter,
  );
}

/** Reads all that the table has and is not done with, and checks all that can be checked of it alone. */
export async function scanTableJournal({ table, large }: TableReaderOptions): Promise<ScannedJournal> {
  const reader = createBatchReader({ table, large });
  const runs: JournaledRun[] = [];
  const faults: ScannedJournal['faults'][number][] = [];
  const last = new Map<string, { run: JournaledRun & { readonly leafHashes: Uint8Array[] }; next: number }>();

  function take({ batch, entries }: ReadBatch): void {
    const { writer, first, count } = batch;
    const known = last.get(writer);
    const leafHashes = entries.map(({ leafHash }) => Uint8Array.from(leafHash));
    if (known?.next === first) {
      known.run.leafHashes.push(...leafHashes);
      known.next += count;
      return;
    }
    for (const { entry } of entries.slice(0, 1)) {
      const position = { counter: first, previous: Uint8Array.from(entry.previous) };
      const run = { writer, file: toBatchName(batch), first: position, leafHashes };
      runs.push(run);
      last.set(writer, { run, next: first + count });
    }
  }

  const batches = (await table.pending()).toSorted((one, other) => one.first - other.first);
  const known = new Map<string, number>();
  for (const batch of batches) {
    try {
      // What the index lacks between two batches, or before the first, is done with; or it does not know it yet.
      for (let first = known.get(batch.writer) ?? 0; first < batch.first; ) {
        const between = await reader.read({ ...batch, first });
        if (between === undefined || between.batch.isDone) break;
        take(between);
        first += between.batch.count;
      }
      const found = await reader.read(batch);
      // Of what is not there `verifyJournal` says so, by the entries that lack in the log.
      if (found !== undefined) take(found);
    } catch (error) {
      if (!(error instanceof JournalDamageError)) throw error;
      faults.push({ path: error.file, message: error.message });
    }
    known.set(batch.writer, batch.first + batch.count);
  }
  return { runs, faults };
}

async function forEachBatch(
  reader: BatchReader,
  batches: readonly PendingBatch[],
  visit: (read: ReadBatch) => void,
): Promise<void> {
  for (let at = 0; at < batches.length; at += AT_ONCE) {
    const read = await Promise.all(batches.slice(at, at + AT_ONCE).map((batch) => reader.read(batch)));
    // Gone from the table, and so long in the log: the index is behind.
    for (const found of read) if (found !== undefined) visit(found);
  }
}
