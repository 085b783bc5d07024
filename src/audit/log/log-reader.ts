import { lastUpTo } from './ascending.ts';
import { parseCheckpoint } from './checkpoint.ts';
import type { ObjectStore } from './contracts.ts';
import { orDamage } from './log-damage.ts';
import { CHECKPOINT_PATH } from './published-checkpoint.ts';
import { parseSegment, parseSegmentPath, toSegmentPath } from './segment.ts';
import { noteText } from './signed-note.ts';
import { bundlePath, parseBundle, TILE_WIDTH } from './tile.ts';

/**
 * A log as it is published, read without keys and without checking it. All of it rejects with a `LogDamageError` where
 * an object is not what it should be.
 */
export interface LogReader {
  /** The published checkpoint's note, and the size it is for; undefined of a log that has none yet. */
  checkpoint(): Promise<PublishedCheckpoint | undefined>;
  /** Leaves from `from` on, ascending, in a log of `size`: the rest of the bundle that `from` is in. */
  leaves(from: number, size: number): Promise<readonly Uint8Array[]>;
  /** The sealed record at a place of a log of `size`; undefined where its segment is gone. */
  sealed(place: RecordPlace, size: number): Promise<PlacedRecord | undefined>;
}

export interface PublishedCheckpoint {
  readonly note: string;
  readonly size: number;
}

export interface RecordPlace {
  readonly index: number;
  /** As the leaf at `index` has it. */
  readonly tenantAlias: Uint8Array;
  /** Path of the segment that it is said to be in: looked into first. */
  readonly segment?: string;
}

export interface PlacedRecord {
  readonly sealed: Uint8Array;
  /** Of the segment it is in. */
  readonly path: string;
}

interface Segment {
  readonly path: string;
  /** By index. */
  readonly records: ReadonlyMap<number, Uint8Array>;
}

/** Where a tenant's segments begin, ascending, as they were listed in a log of `size`. */
interface Listing {
  readonly size: number;
  readonly firsts: readonly number[];
  readonly paths: ReadonlyMap<number, string>;
}

export function createLogReader(objects: ObjectStore): LogReader {
  const listings = new Map<string, Listing>();
  /** Of each tenant, the segment that was read last. */
  const held = new Map<string, Segment>();

  async function list(alias: string, size: number): Promise<Listing> {
    const known = listings.get(alias);
    if (known !== undefined && known.size >= size) return known;
    const paths = new Map<number, string>();
    for await (const path of objects.list(`segments/${alias}/`)) {
      const name = parseSegmentPath(path);
      if (name !== undefined) paths.set(name.first, path);
    }
    const listing = { size, paths, firsts: [...paths.keys()].toSorted((one, other) => one - other) };
    listings.set(alias, listing);
    return listing;
  }

  async function findIn(alias: string, path: string, index: number): Promise<PlacedRecord | undefined> {
    let segment = held.get(alias);
    if (segment?.path !== path) {
      const bytes = await objects.read(path);
      if (bytes === undefined) return undefined;
      const records = orDamage({ path, index }, 'its segment cannot be read', () => parseSegment(bytes));
      segment = { path, records: new Map(records.map((record) => [record.index, record.sealed])) };
      held.set(alias, segment);
    }
    const sealed = segment.records.get(index);
    return sealed === undefined ? undefined : { sealed, path };
  }

  /**
   * Whoever goes through a log finds each record in the segment it has, or at the beginning of the next. To list a
   * tenant's segments takes time that grows with the log.
   */
  async function findUnlisted(alias: string, { index, segment }: RecordPlace): Promise<PlacedRecord | undefined> {
    const beginning = toSegmentPath({ tenantAlias: alias, first: index });
    for (const path of [segment ?? held.get(alias)?.path, beginning]) {
      const found = path === undefined ? undefined : await findIn(alias, path, index);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  return {
    async checkpoint() {
      const bytes = await objects.read(CHECKPOINT_PATH);
      if (bytes === undefined) return undefined;
      const note = Buffer.from(bytes).toString('utf8');
      const place = { path: CHECKPOINT_PATH };
      return { note, size: orDamage(place, 'it is no checkpoint', () => parseCheckpoint(noteText(note)).size) };
    },

    async leaves(from, size) {
      const bundle = Math.floor(from / TILE_WIDTH);
      const width = Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH);
      const path = bundlePath(bundle, width);
      // A bundle that was partial at `size` may have been filled since.
      const bytes = (await objects.read(path)) ?? (await objects.read(bundlePath(bundle, TILE_WIDTH)));
      if (bytes === undefined) throw new Error(`the log lacks \`${path}\``);
      return orDamage({ path, index: from }, 'its leaf cannot be read', () => {
        const leaves = parseBundle(bytes);
        if (leaves.length < width) throw new Error('a bundle lacks leaves');
        return leaves.slice(from - bundle * TILE_WIDTH, width);
      });
    },

    async sealed(place, size) {
      const alias = Buffer.from(place.tenantAlias).toString('hex');
      const found = await findUnlisted(alias, place);
      if (found !== undefined) return found;
      const { firsts, paths } = await list(alias, size);
      const first = lastUpTo(firsts, place.index);
      const path = first === undefined ? undefined : paths.get(first);
      return path === undefined ? undefined : findIn(alias, path, place.index);
    },
  };
}
