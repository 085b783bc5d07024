import { JournalDamageError } from '../journal/journal-error.ts';
import type { PlacedEntry } from '../journal/series.ts';
import type { JournalSource, LogEntry, ObjectStore, WriterPosition } from '../log/contracts.ts';
import { createBatchReader, type ReadBatch } from './batch-reader.ts';
import { type BatchPlace, type PendingBatch, toBatchName, toLargeEntryPath } from './journal-table.ts';
import type { JournalTable } from './journal-table-store.ts';

/** A batch that is in the log, and exchanges that began in it and have no end there. Ids in hexadecimal. */
export interface OpenBatch {
  readonly batch: PendingBatch;
  readonly exchanges: readonly string[];
}

/** The journal of a table, as the sequencer reads it. */
export interface TableSource extends JournalSource {
  /**
   * Lets go of what is in the log, up to these positions and to those of `discard`, and gives the batches that stay
   * because of exchanges that are open, and have no end in what waits for the log either.
   */
  settle(positions: ReadonlyMap<string, Pick<WriterPosition, 'counter'>>): Promise<readonly OpenBatch[]>;
  /** Says of an exchange that nothing follows in it. */
  noteClosed(exchange: string): void;
}

interface TableSourceOptions {
  readonly table: JournalTable;
  readonly large: Pick<ObjectStore, 'read' | 'remove'>;
}

/** Batches that are read, or let go of, at once. */
const AT_ONCE = 16;

/**
 * The table is the source, by its index of what is not done with, which `writers` asks for as a whole; `read` reads what
 * that told, from the table itself. What the index does not know yet comes in the next round, and a batch that it lacks
 * among others of its writer is read by its key.
 *
 * Rejects with a `JournalDamageError` where a batch is missing, or not as it was written.
 */
export function createTableSource({ table, large }: TableSourceOptions): TableSource {
  const reader = createBatchReader({ table, large });
  /** By writer, ascending. */
  let pending: ReadonlyMap<string, readonly PendingBatch[]> = new Map();
  /** Names of batches that were let go of, as long as the index still has them. */
  const finished = new Set<string>();
  /** How far writers are in the published log. */
  const inLog = new Map<string, number>();
  /** Exchanges that have their end, of those that began in a batch the index still has. */
  const closed = new Set<string>();

  const reached = (writer: string) => inLog.get(writer) ?? 0;

  async function sweep(): Promise<void> {
    const found = await table.pending();
    const names = new Set(found.map(toBatchName));
    for (const name of finished) if (!names.has(name)) finished.delete(name);
    pending = byWriter(found.filter((batch) => !finished.has(toBatchName(batch))));
    for (const writer of inLog.keys()) if (!pending.has(writer)) inLog.delete(writer);
    const opened = new Set(found.flatMap((batch) => batch.opened));
    for (const id of closed) if (!opened.has(id)) closed.delete(id);
  }

  /**
   * Where a writer stands that the log's head has forgotten: behind its batches that are done with. Undefined where its
   * first batch is not.
   */
  async function positionOf(tenant: string, writer: string): Promise<WriterPosition | undefined> {
    let position: WriterPosition | undefined;
    for (let first = 0; ; ) {
      const batch = await table.get({ tenant, writer, first });
      if (batch === undefined || !batch.isDone) return position;
      // Of a count that was tampered with this would never come to an end.
      if (!(batch.count >= 1))
        throw new JournalDamageError({ file: toBatchName(batch), offset: 0 }, 'entries are missing');
      first += batch.count;
      position = { counter: first, previous: Uint8Array.from(batch.last) };
    }
  }

  /** The batch with an entry, whether the index knows of it or not. */
  async function readAt(place: BatchPlace): Promise<ReadBatch> {
    const found = await reader.read(place);
    if (found !== undefined) return found;
    throw new JournalDamageError({ file: toBatchName(place), offset: 0 }, 'entries are missing');
  }

  return {
    async writers() {
      await sweep();
      return [...pending.keys()];
    },

    async read(writer, counter, maxBytes) {
      const known = pending.get(writer) ?? [];
      const [{ tenant } = { tenant: '' }] = known;
      const isNew = ({ first, count }: PendingBatch) => first + count > counter;
      if (!known.some(isNew)) return { entries: [], hasMore: false };
      const isBehindStart = counter === 0 && known[0]?.first !== 0;
      const start = isBehindStart ? await positionOf(tenant, writer) : undefined;
      const from = start?.counter ?? counter;
      const wanted = known.filter(({ first, count }) => first + count > from);
      const entries: LogEntry[] = [];
      let next = from;
      let left = maxBytes;
      while (wanted.length > 0 && (left > 0 || entries.length === 0)) {
        const ready = takeRun(wanted, next, left);
        const places = ready.length > 0 ? ready : [{ tenant, writer, first: next }];
        for (const { batch, entries: found } of await Promise.all(places.map(readAt))) {
          next = batch.first + batch.count;
          left -= batch.bytes;
          entries.push(...found.filter(({ entry }) => entry.counter >= from).map(toLogEntry));
        }
        // The index may know of what was read by its key by now.
        while (wanted[0] !== undefined && wanted[0].first < next) wanted.shift();
      }
      return { entries, hasMore: wanted.length > 0, ...(start === undefined ? {} : { start }) };
    },

    async discard(writer, counter) {
      if (pending.has(writer)) inLog.set(writer, Math.max(reached(writer), counter));
    },

    noteClosed: (exchange) => void closed.add(exchange),

    async settle(positions) {
      for (const writer of pending.keys()) {
        inLog.set(writer, Math.max(reached(writer), positions.get(writer)?.counter ?? 0));
      }
      const batches = [...pending.values()].flat();
      const sequenced = batches.filter(({ writer, first, count }) => first + count <= reached(writer));
      for (const batch of sequenced) for (const id of batch.closed) closed.add(id);
      // Of these the end is in the table and not in the log yet: it is not to be given another.
      const ending = new Set(batches.flatMap((batch) => batch.closed));
      const open: OpenBatch[] = [];
      const done: PendingBatch[] = [];
      for (const batch of sequenced) {
        const exchanges = batch.opened.filter((id) => !closed.has(id));
        const endless = exchanges.filter((id) => !ending.has(id));
        if (exchanges.length === 0) done.push(batch);
        else if (endless.length > 0) open.push({ batch, exchanges: endless });
      }
      for (let at = 0; at < done.length; at += AT_ONCE) await Promise.all(done.slice(at, at + AT_ONCE).map(finish));
      const isKept = (batch: PendingBatch) => !finished.has(toBatchName(batch));
      pending = byWriter(batches.filter(isKept));
      return open;
    },
  };

  async function finish(batch: PendingBatch): Promise<void> {
    await table.finish(batch);
    finished.add(toBatchName(batch));
    // Behind that: whoever reads a batch that is not done with finds what it names.
    if (batch.elsewhere !== undefined) await large.remove(toLargeEntryPath(batch));
  }
}

/** The batches that follow each other from `counter` on, up to `maxBytes` and as many as are read at once. */
function takeRun(batches: readonly PendingBatch[], counter: number, maxBytes: number): readonly PendingBatch[] {
  const run: PendingBatch[] = [];
  let next = counter;
  let bytes = 0;
  for (const batch of batches) {
    const isNext = run.length === 0 ? batch.first <= next : batch.first === next;
    if (!isNext || run.length === AT_ONCE || (run.length > 0 && bytes >= maxBytes)) break;
    run.push(batch);
    next = batch.first + batch.count;
    bytes += batch.bytes;
  }
  return run;
}

function byWriter(batches: readonly PendingBatch[]): ReadonlyMap<string, readonly PendingBatch[]> {
  const writers = new Map<string, PendingBatch[]>();
  for (const batch of batches.toSorted((one, other) => one.first - other.first)) {
    const known = writers.get(batch.writer);
    if (known === undefined) writers.set(batch.writer, [batch]);
    else known.push(batch);
  }
  return writers;
}

function toLogEntry({ entry, leafHash }: PlacedEntry): LogEntry {
  return { leaf: entry.leaf, sealed: entry.sealed, leafHash };
}
