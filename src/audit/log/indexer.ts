import type { IndexedRecord, RecordIndex } from '../../core/index.ts';
import { toIndexedRecord } from '../export/index-row.ts';
import { parseLeaf } from '../record/leaf.ts';
import { openSealed } from '../record/record-cipher.ts';
import type { RecordKeyFinder } from '../record/record-keys.ts';
import { parseSealed } from '../record/sealed-record.ts';
import type { LogReader } from './log-reader.ts';

/** Keeps the index up to what the log has. */
export interface Indexer {
  /** Adds what the published log has and the index has not. Gives how many records. */
  run(): Promise<number>;
}

interface IndexerOptions {
  readonly reader: LogReader;
  readonly index: RecordIndex;
  /** Gives what finds keys during one run. */
  readonly openKeys: () => RecordKeyFinder;
}

interface Run {
  readonly size: number;
  readonly findKey: RecordKeyFinder;
}

/**
 * Makes the index from the log. What cannot be read any more, because its key or its segment is gone, is left out. Of
 * indexers that run at once one adds each record.
 */
export function createIndexer({ reader, index, openKeys }: IndexerOptions): Indexer {
  async function toRow(
    place: number,
    leafBytes: Uint8Array,
    { size, findKey }: Run,
  ): Promise<IndexedRecord | undefined> {
    const { tenantAlias } = parseLeaf(leafBytes);
    const found = await reader.sealed({ index: place, tenantAlias }, size);
    if (found === undefined) return undefined;
    const key = await findKey(parseSealed(found.sealed).keyId);
    if (key === undefined) return undefined;
    const { record } = openSealed(found.sealed, leafBytes, key);
    return toIndexedRecord(record, { index: place, segment: found.path, tenant: key.tenant, principal: key.subject });
  }

  return {
    async run() {
      const size = (await reader.checkpoint())?.size ?? 0;
      const run = { size, findKey: openKeys() };
      let added = 0;
      for (let from = await index.position(); from < size; from = await index.position()) {
        const leaves = await reader.leaves(from, size);
        const rows: IndexedRecord[] = [];
        for (const [at, leaf] of leaves.entries()) {
          const row = await toRow(from + at, leaf, run);
          if (row !== undefined) rows.push(row);
        }
        // Where another was first, its position is where this one goes on.
        if (await index.add(rows, from, from + leaves.length)) added += rows.length;
      }
      return added;
    },
  };
}
