import type { IndexedRecord, RecordIndex } from '../../core/index.ts';
import { toIndexedRecord } from '../export/index-row.ts';
import type { RecordKeyFinder } from '../record/record-keys.ts';
import { LogDamageError } from './log-damage.ts';
import type { LogReader } from './log-reader.ts';
import { type RecordReading, readRecord } from './log-record.ts';

/** What indexing came to. */
export interface Indexed {
  /** Records that were added, or put in the place of what stood there. */
  readonly records: number;
  /** Entries that were left out because they do not open, and the first of them. */
  readonly damaged: number;
  readonly damage?: LogDamageError;
}

/** Keeps the index up to what the log has. */
export interface Indexer {
  /** Adds what the published log has and the index has not. */
  run(): Promise<Indexed>;
  /**
   * Makes the index anew. What it has stays until what the log has is put in its place, some hundred records at a time,
   * and beyond that where a record does not open: one that is not done leaves no less than there was.
   */
  renew(): Promise<Indexed>;
}

interface IndexerOptions {
  readonly reader: LogReader;
  readonly index: RecordIndex;
  /** Gives what finds keys during one run. */
  readonly openKeys: () => RecordKeyFinder;
}

/** A bundle's rest, or less. */
interface Page {
  readonly rows: readonly IndexedRecord[];
  /** Places that were read, whatever stands there. */
  readonly places: readonly number[];
  readonly damage: readonly LogDamageError[];
  /** Where the next begins. */
  readonly until: number;
}

/**
 * Makes the index from the log. What cannot be read any more, because its key or its segment is gone, is left out, and
 * what is damaged too: it must not keep the rest from being found. Of indexers that run at once one adds each record.
 */
export function createIndexer({ reader, index, openKeys }: IndexerOptions): Indexer {
  async function toRow(place: number, leaf: Uint8Array, reading: RecordReading): Promise<IndexedRecord | undefined> {
    const found = await readRecord(place, leaf, reading);
    if (typeof found === 'string') return undefined;
    const { record, key, path: segment } = found;
    return toIndexedRecord(record, { index: place, segment, tenant: key.tenant, principal: key.subject });
  }

  async function readPage(from: number, until: number, reading: RecordReading): Promise<Page> {
    const leaves = (await reader.leaves(from, reading.size)).slice(0, until - from);
    const rows: IndexedRecord[] = [];
    const places: number[] = [];
    const damage: LogDamageError[] = [];
    for (const [at, leaf] of leaves.entries()) {
      try {
        const row = await toRow(from + at, leaf, reading);
        if (row !== undefined) rows.push(row);
        places.push(from + at);
      } catch (error) {
        if (!(error instanceof LogDamageError)) throw error;
        damage.push(error);
      }
    }
    return { rows, places, damage, until: from + leaves.length };
  }

  async function openReading(): Promise<RecordReading> {
    return { reader, findKey: openKeys(), size: (await reader.checkpoint())?.size ?? 0 };
  }

  async function addTo(indexed: Indexed, reading: RecordReading): Promise<Indexed> {
    let sum = indexed;
    for (let from = await index.position(); from < reading.size; from = await index.position()) {
      const page = await readPage(from, reading.size, reading);
      // Where another was first, its position is where this one goes on.
      if (await index.add(page.rows, from, page.until)) sum = withPage(sum, page);
    }
    return sum;
  }

  return {
    run: async () => addTo(NOTHING, await openReading()),

    async renew() {
      // In this order: a gateway beside it takes the index no further than the log.
      const position = await index.position();
      const reading = await openReading();
      if (position > reading.size) await index.cut(reading.size);
      const known = Math.min(position, reading.size);
      let sum = NOTHING;
      for (let from = 0; from < known; ) {
        const page = await readPage(from, known, reading);
        await index.replace(page.rows, page.places);
        sum = withPage(sum, page);
        from = page.until;
      }
      return addTo(sum, reading);
    },
  };
}

const NOTHING: Indexed = { records: 0, damaged: 0 };

function withPage({ records, damaged, damage }: Indexed, page: Page): Indexed {
  const first = damage ?? page.damage[0];
  return {
    records: records + page.rows.length,
    damaged: damaged + page.damage.length,
    ...(first === undefined ? {} : { damage: first }),
  };
}
