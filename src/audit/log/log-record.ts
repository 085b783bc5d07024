import { type Leaf, parseLeaf } from '../record/leaf.ts';
import { type OpenedRecord, openSealed } from '../record/record-cipher.ts';
import type { RecordKey, RecordKeyFinder } from '../record/record-keys.ts';
import { parseSealed } from '../record/sealed-record.ts';
import { orDamage } from './log-damage.ts';
import type { LogReader } from './log-reader.ts';
import { bundlePath, TILE_WIDTH } from './tile.ts';

/** Why a record cannot be read any more: its key is gone, or its segment. */
export type Gone = 'erased' | 'removed';

/** A record of the log, decrypted. */
export interface DecryptedRecord extends OpenedRecord {
  readonly key: RecordKey;
  /** Of the segment it is in. */
  readonly path: string;
}

export interface RecordReading {
  readonly reader: LogReader;
  readonly findKey: RecordKeyFinder;
  /** Of the log that is read. */
  readonly size: number;
}

export const UNDECRYPTED = 'its record does not decrypt in its place';

/** Decrypts the record of a leaf, which stands at `index`. Rejects with a `LogDamageError` where it does not open. */
export async function readRecord(
  index: number,
  leaf: Uint8Array,
  { reader, findKey, size }: RecordReading,
): Promise<DecryptedRecord | Gone> {
  const { tenantAlias } = parseLeafAt(index, leaf);
  const found = await reader.sealed({ index, tenantAlias }, size);
  if (found === undefined) return 'removed';
  const { sealed, path } = found;
  const { keyId } = orDamage({ index, path }, UNDECRYPTED, () => parseSealed(sealed));
  const key = await findKey(keyId);
  if (key === undefined) return 'erased';
  return orDamage({ index, path }, UNDECRYPTED, () => ({ ...openSealed(sealed, leaf, key), key, path }));
}

/** A leaf that was read from the log. Throws a `LogDamageError` where it is none. */
export function parseLeafAt(index: number, leaf: Uint8Array): Leaf {
  const path = bundlePath(Math.floor(index / TILE_WIDTH), TILE_WIDTH);
  return orDamage({ index, path }, 'its leaf cannot be read', () => parseLeaf(leaf));
}
