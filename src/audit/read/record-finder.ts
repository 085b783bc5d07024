import type { JournalRecord, RecordIndex, RecordOwner, RequestId, WrappedKeyStore } from '../../core/index.ts';
import { JournalDamageError, RecordErasedError, RecordKeyLostError } from '../journal/journal-error.ts';
import type { PlacedEntry } from '../journal/series.ts';
import { LogDamageError, orDamage } from '../log/log-damage.ts';
import type { LogReader, RecordPlace } from '../log/log-reader.ts';
import { parseLeafAt, UNDECRYPTED } from '../log/log-record.ts';
import { leafHash } from '../log/merkle.ts';
import { openSealed } from '../record/record-cipher.ts';
import type { RecordKeyFinder } from '../record/record-keys.ts';
import { parseSealed } from '../record/sealed-record.ts';

/** A record that was read back. */
export interface FoundRecord {
  readonly record: JournalRecord;
  readonly leafHash: Uint8Array;
  /** Of the key that it is under, which nobody could have chosen in a request. */
  readonly owner: RecordOwner;
  /** Its place in the log; absent where it is in the journal only. */
  readonly index?: number;
}

/** Finds records by the id of their exchange or act; in the log, and of what is not there yet in the journal. */
export interface RecordFinder {
  /**
   * In the order they were written; empty if there are none. Rejects with a `RecordErasedError` where their key was
   * destroyed, with a `RecordKeyLostError` where it is gone otherwise, and with a `LogDamageError` or, of what is in the
   * journal only, a `JournalDamageError` where what stands in their place does not open.
   */
  find(requestId: RequestId): Promise<readonly FoundRecord[]>;
  /** The record at a place of the log; undefined where its segment was removed. Rejects as `find` does. */
  at(index: number): Promise<FoundRecord | undefined>;
}

interface RecordFinderOptions {
  readonly reader: LogReader;
  readonly index: RecordIndex;
  /** The entries of the journal with this id, in order. */
  readonly findEntries: (requestId: RequestId) => Promise<readonly PlacedEntry[]>;
  readonly openKeys: () => RecordKeyFinder;
  readonly keys: Pick<WrappedKeyStore, 'erasedAt'>;
}

type Place = Omit<RecordPlace, 'tenantAlias'>;

/** Within an exchange what is begun comes first, and its end last. */
function rankOf({ kind }: JournalRecord): number {
  return kind === 'release' ? 1 : kind === 'response' ? 2 : 0;
}

interface Sealed {
  readonly leaf: Uint8Array;
  readonly sealed: Uint8Array;
  /** The error that it does not open. */
  readonly toDamage: (cause: unknown) => Error;
}

export function createRecordFinder(options: RecordFinderOptions): RecordFinder {
  const { reader, index, findEntries, openKeys, keys } = options;

  async function sizeOfLog(): Promise<number> {
    return (await reader.checkpoint())?.size ?? 0;
  }

  /** Places of records that the index does not have yet. */
  async function findBehind(requestId: RequestId, size: number): Promise<readonly Required<Place>[]> {
    const places: Required<Place>[] = [];
    for (let from = await index.position(); from < size; ) {
      const leaves = await reader.leaves(from, size);
      for (const [at, leaf] of leaves.entries()) {
        const { tenantAlias } = parseLeafAt(from + at, leaf);
        const found = await reader.sealed({ index: from + at, tenantAlias }, size);
        if (found === undefined) continue;
        const place = { index: from + at, path: found.path };
        const sealed = orDamage(place, UNDECRYPTED, () => parseSealed(found.sealed));
        if (sealed.requestId === requestId) places.push({ index: place.index, segment: place.path });
      }
      from += leaves.length;
    }
    return places;
  }

  async function readAt({ index, ...more }: Place, size: number): Promise<Sealed | undefined> {
    const [leaf] = index < size ? await reader.leaves(index, size) : [];
    if (leaf === undefined) return undefined;
    const found = await reader.sealed({ index, tenantAlias: parseLeafAt(index, leaf).tenantAlias, ...more }, size);
    if (found === undefined) return undefined;
    const toDamage = (cause: unknown) => new LogDamageError({ index, path: found.path }, UNDECRYPTED, cause);
    return { leaf, sealed: found.sealed, toDamage };
  }

  async function open({ leaf, sealed, toDamage }: Sealed, findKey: RecordKeyFinder): Promise<FoundRecord> {
    const keyId = orThrow(toDamage, () => parseSealed(sealed).keyId);
    const key = await findKey(keyId);
    if (key === undefined) {
      throw (await keys.erasedAt(keyId)) === undefined ? new RecordKeyLostError() : new RecordErasedError();
    }
    const { record } = orThrow(toDamage, () => openSealed(sealed, leaf, key));
    return { record, leafHash: leafHash(leaf), owner: { tenant: key.tenant, principal: key.subject } };
  }

  async function at(place: Place, { size, findKey }: { size: number; findKey: RecordKeyFinder }) {
    const sealed = await readAt(place, size);
    return sealed === undefined ? undefined : { ...(await open(sealed, findKey)), index: place.index };
  }

  return {
    async find(requestId) {
      const findKey = openKeys();
      // The journal first: what it lets go of in the meantime is in the log by then.
      const entries = await findEntries(requestId);
      const size = await sizeOfLog();
      const indexed = await index.find(requestId);
      const found: FoundRecord[] = [];
      for (const { index: place, segment } of [...indexed, ...(await findBehind(requestId, size))]) {
        const record = await at({ index: place, segment }, { size, findKey });
        if (record !== undefined) found.push(record);
      }
      for (const { entry, file, offset, leafHash: hash } of entries) {
        if (found.some((known) => Buffer.compare(known.leafHash, hash) === 0)) continue;
        const toDamage = (cause: unknown) => new JournalDamageError({ file, offset }, UNDECRYPTED, cause);
        found.push(await open({ ...entry, toDamage }, findKey));
      }
      // Another writer's end of what was begun may stand before the beginning: the log keeps order within writers alone.
      return found.toSorted((one, other) => rankOf(one.record) - rankOf(other.record));
    },

    at: async (place) => at({ index: place }, { size: await sizeOfLog(), findKey: openKeys() }),
  };
}

function orThrow<Read>(toError: (cause: unknown) => Error, read: () => Read): Read {
  try {
    return read();
  } catch (cause) {
    throw toError(cause);
  }
}
