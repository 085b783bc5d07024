import type { RecordOwner } from '../../core/index.ts';
import { JournalDamageError } from '../journal/journal-error.ts';
import type { LogReader } from '../log/log-reader.ts';
import { leafHash } from '../log/merkle.ts';
import { parseLeaf } from '../record/leaf.ts';
import { type OpenedRecord, openSealed } from '../record/record-cipher.ts';
import type { RecordKeyFinder } from '../record/record-keys.ts';
import { parseSealed } from '../record/sealed-record.ts';
import type { ExportedEntry } from './exchange.ts';

/** An entry of the log, decrypted. */
export interface OpenedEntry extends ExportedEntry, OpenedRecord {
  readonly leaf: Uint8Array;
  /** Hexadecimal. Entries of one writer stand in the order in which it wrote them. */
  readonly writer: string;
  /** Of the key that the record is under, which nobody could have chosen in a request. */
  readonly owner: RecordOwner;
}

/** Why a record cannot be read any more. */
export type Gone = 'erased' | 'removed';

interface EntryReaderOptions {
  readonly reader: LogReader;
  readonly findKey: RecordKeyFinder;
  /** Of the log that is read. */
  readonly size: number;
}

/** Reads entries of a log. All of it rejects with a `JournalDamageError` where a record does not open in its place. */
export interface EntryReader {
  /** All of them, in order; in the place of one that is gone, why. */
  all(): AsyncGenerator<OpenedEntry | Gone>;
  /** One that was read before. Rejects where it is gone since. */
  again(index: number): Promise<OpenedEntry>;
}

export function createEntryReader({ reader, findKey, size }: EntryReaderOptions): EntryReader {
  async function open(index: number, bytes: Uint8Array): Promise<OpenedEntry | Gone> {
    const { tenantAlias, writer } = parseLeaf(bytes);
    const found = await reader.sealed({ index, tenantAlias }, size);
    if (found === undefined) return 'removed';
    const key = await findKey(parseSealed(found.sealed).keyId);
    if (key === undefined) return 'erased';
    try {
      const opened = openSealed(found.sealed, bytes, key);
      // A copy: the leaf is a view of its bundle, which would stay for as long as this entry does.
      const place = { index, leafHash: leafHash(bytes), leaf: Uint8Array.from(bytes) };
      const owner = { tenant: key.tenant, principal: key.subject };
      return { ...opened, ...place, writer: Buffer.from(writer).toString('hex'), owner };
    } catch (cause) {
      throw new JournalDamageError(
        { file: found.path, offset: index },
        'a record does not decrypt in its place',
        cause,
      );
    }
  }

  return {
    async *all() {
      for (let from = 0; from < size; ) {
        const leaves = await reader.leaves(from, size);
        if (leaves.length === 0) throw new Error(`the log lacks entry ${from}`);
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
