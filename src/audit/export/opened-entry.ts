import type { RecordOwner } from '../../core/index.ts';
import { type Gone, type RecordReading, readRecord } from '../log/log-record.ts';
import { leafHash } from '../log/merkle.ts';
import { parseLeaf } from '../record/leaf.ts';
import type { OpenedRecord } from '../record/record-cipher.ts';
import type { ExportedEntry } from './exchange.ts';

/** An entry of the log, decrypted. */
export interface OpenedEntry extends ExportedEntry, OpenedRecord {
  readonly leaf: Uint8Array;
  /** Hexadecimal. Entries of one writer stand in the order in which it wrote them. */
  readonly writer: string;
  /** Of the key that the record is under, which nobody could have chosen in a request. */
  readonly owner: RecordOwner;
}

/** Reads entries of a log. All of it rejects with a `LogDamageError` where a record does not open in its place. */
export interface EntryReader {
  /** All of them, in order; in the place of one that is gone, why. */
  all(): AsyncGenerator<OpenedEntry | Gone>;
  /** One that was read before. Rejects where it is gone since. */
  again(index: number): Promise<OpenedEntry>;
}

export function createEntryReader(reading: RecordReading): EntryReader {
  const { reader, size } = reading;

  async function open(index: number, bytes: Uint8Array): Promise<OpenedEntry | Gone> {
    const opened = await readRecord(index, bytes, reading);
    if (typeof opened === 'string') return opened;
    const { key, record, content } = opened;
    // A copy: the leaf is a view of its bundle, which would stay for as long as this entry does.
    const place = { index, leafHash: leafHash(bytes), leaf: Uint8Array.from(bytes) };
    const writer = Buffer.from(parseLeaf(bytes).writer).toString('hex');
    return { record, content, ...place, writer, owner: { tenant: key.tenant, principal: key.subject } };
  }

  return {
    async *all() {
      for (let from = 0; from < size; ) {
        const leaves = await reader.leaves(from, size);
        for (const [at, leaf] of leaves.entries()) yield await open(from + at, leaf);
        from += leaves.length;
      }
    },

    async again(index) {
      const [leaf] = await reader.leaves(index, size);
      const entry = leaf === undefined ? 'removed' : await open(index, leaf);
      if (typeof entry === 'string') throw new Error(`entry ${index} was ${entry} while the log was read`);
      return entry;
    },
  };
}
