import type { JournalReader, JournalRecord, KeyRing, RequestId, WrappedKeyStore } from '../../core/index.ts';
import { createKeyWrapping } from '../record/key-wrapping.ts';
import { openSealed } from '../record/record-cipher.ts';
import { createRecordKeyFinder, createTenantAliases, type RecordKeyFinder } from '../record/record-keys.ts';
import type { JournalDisk } from './disk.ts';
import { localDisk } from './disk-store.ts';
import { JournalDamageError, RecordErasedError } from './journal-error.ts';
import { listSeries, type PlacedEntry, readSeries } from './series.ts';

export interface JournalReaderOptions {
  /** The journal's own directory. Where it does not exist, there are no records. */
  readonly directory: string;
  readonly keyRing: KeyRing;
  readonly keys: WrappedKeyStore;
}

/**
 * Reads a journal, beside its writer or without one.
 *
 * `find` reads every file and checks every chain, because an exchange that is not found must not be one whose file is
 * damaged. It rejects with `JournalDamageError`, or with `RecordErasedError` where the record's key was destroyed.
 */
export function openJournalReader({ directory, keyRing, keys }: JournalReaderOptions): JournalReader {
  const reading = { store: keys, wrapping: createKeyWrapping(keyRing), toAlias: createTenantAliases(keyRing) };
  return {
    async find(requestId) {
      return decrypt(await findEntries(localDisk, directory, requestId), createRecordKeyFinder(reading));
    },
  };
}

/** The entries of an exchange in the order they were written. */
async function findEntries(disk: JournalDisk, directory: string, id: RequestId): Promise<readonly PlacedEntry[]> {
  const found: PlacedEntry[][] = [];
  for (const series of await listSeries(disk, directory)) {
    const entries: PlacedEntry[] = [];
    await readSeries({ disk, directory, series }, (placed) => {
      if (placed.entry.requestId === id) entries.push(placed);
    });
    // Two writers have entries of one exchange only where the second closed what the first had begun.
    if (entries[0]?.entry.type === 'request') found.unshift(entries);
    else found.push(entries);
  }
  return found.flat();
}

async function decrypt(placed: readonly PlacedEntry[], findKey: RecordKeyFinder): Promise<readonly JournalRecord[]> {
  const records: JournalRecord[] = [];
  for (const place of placed) {
    const key = await findKey(place.entry.keyId);
    if (key === undefined) throw new RecordErasedError();
    try {
      records.push(openSealed(place.entry.sealed, place.entry.leaf, key).record);
    } catch (cause) {
      throw new JournalDamageError(place, 'a record does not decrypt in its place', cause);
    }
  }
  return records;
}
