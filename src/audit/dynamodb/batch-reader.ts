import { type Entry, parseEntry } from '../journal/entry.ts';
import { readFrame } from '../journal/frame.ts';
import { JournalDamageError } from '../journal/journal-error.ts';
import { checkContinues } from '../journal/scan.ts';
import type { PlacedEntry } from '../journal/series.ts';
import type { ObjectStore } from '../log/contracts.ts';
import { sha256 } from '../record/leaf.ts';
import { type BatchPlace, type StoredBatch, toBatchName, toLargeEntryPath } from './journal-table.ts';
import type { JournalTable } from './journal-table-store.ts';

/** A batch with its entries, each checked against the one before it. */
export interface ReadBatch {
  readonly batch: StoredBatch;
  readonly entries: readonly PlacedEntry[];
}

export interface BatchReader {
  /** Undefined where there is no such batch. Rejects with a `JournalDamageError` where it is not as it was written. */
  read(place: BatchPlace): Promise<ReadBatch | undefined>;
}

interface BatchReaderOptions {
  readonly table: Pick<JournalTable, 'get'>;
  readonly large: Pick<ObjectStore, 'read'>;
}

export function createBatchReader({ table, large }: BatchReaderOptions): BatchReader {
  async function framesOf(batch: StoredBatch): Promise<Buffer> {
    const { elsewhere, frames } = batch;
    if (elsewhere === undefined) return Buffer.from(frames.buffer, frames.byteOffset, frames.length);
    const bytes = await large.read(toLargeEntryPath(batch));
    if (bytes === undefined || Buffer.compare(sha256(bytes), elsewhere) !== 0) {
      throw new JournalDamageError({ file: toLargeEntryPath(batch), offset: 0 }, 'it is not what its batch names');
    }
    return Buffer.from(bytes);
  }

  return {
    async read(place) {
      const batch = await table.get(place);
      if (batch === undefined) return undefined;
      return { batch, entries: toEntries(batch, await framesOf(batch)) };
    },
  };
}

function toEntries(batch: StoredBatch, frames: Buffer): readonly PlacedEntry[] {
  const file = toBatchName(batch);
  const entries: PlacedEntry[] = [];
  for (let offset = 0; offset < frames.length; ) {
    const frame = readFrame(frames, offset);
    if (frame.kind !== 'entry') throw new JournalDamageError({ file, offset }, 'a frame is broken');
    const entry = parsed({ file, offset }, frame.payload);
    if (Buffer.from(entry.writer).toString('hex') !== batch.writer) {
      throw new JournalDamageError({ file, offset }, "an entry is another writer's");
    }
    const before = entries.at(-1);
    const previous = before?.leafHash ?? entry.previous;
    checkContinues({ file, offset, position: { counter: batch.first + entries.length, previous } }, entry);
    entries.push({ entry, offset, file, leafHash: frame.digest });
    offset = frame.end;
  }
  if (entries.length === 0 || entries.length !== batch.count) {
    throw new JournalDamageError({ file, offset: frames.length }, 'entries are missing');
  }
  return entries;
}

function parsed(place: { readonly file: string; readonly offset: number }, payload: Uint8Array): Entry {
  try {
    return parseEntry(payload);
  } catch (cause) {
    throw new JournalDamageError(place, 'it cannot be read', cause);
  }
}
