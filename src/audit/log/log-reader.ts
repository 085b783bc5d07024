import { lastUpTo } from './ascending.ts';
import { parseCheckpoint } from './checkpoint.ts';
import type { ObjectStore } from './contracts.ts';
import { CHECKPOINT_PATH } from './publisher.ts';
import { parseSegment, parseSegmentPath, type SegmentRecord } from './segment.ts';
import { noteText } from './signed-note.ts';
import { bundlePath, parseBundle, TILE_WIDTH } from './tile.ts';

/** A log as it is published, read without keys and without checking it. */
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
}

export interface PlacedRecord {
  readonly sealed: Uint8Array;
  /** Of the segment it is in. */
  readonly path: string;
}

interface Segment {
  readonly path: string;
  readonly records: readonly SegmentRecord[];
}

/** Where a tenant's segments begin, ascending, as they were listed in a log of `size`, and the one that was read last. */
interface Segments {
  readonly size: number;
  readonly firsts: readonly number[];
  readonly paths: ReadonlyMap<number, string>;
  last?: Segment;
}

export function createLogReader(objects: ObjectStore): LogReader {
  const known = new Map<string, Segments>();

  async function list(alias: string, size: number): Promise<Segments> {
    const held = known.get(alias);
    if (held !== undefined && held.size >= size) return held;
    const paths = new Map<number, string>();
    for await (const path of objects.list(`segments/${alias}/`)) {
      const name = parseSegmentPath(path);
      if (name !== undefined) paths.set(name.first, path);
    }
    const segments = { size, paths, firsts: [...paths.keys()].toSorted((one, other) => one - other) };
    known.set(alias, segments);
    return segments;
  }

  async function findIn(segments: Segments, index: number): Promise<PlacedRecord | undefined> {
    const first = lastUpTo(segments.firsts, index);
    const path = first === undefined ? undefined : segments.paths.get(first);
    if (path === undefined) return undefined;
    if (segments.last?.path !== path) {
      const bytes = await objects.read(path);
      if (bytes === undefined) return undefined;
      segments.last = { path, records: parseSegment(bytes) };
    }
    const record = segments.last.records.find((candidate) => candidate.index === index);
    return record === undefined ? undefined : { sealed: record.sealed, path };
  }

  return {
    async checkpoint() {
      const bytes = await objects.read(CHECKPOINT_PATH);
      if (bytes === undefined) return undefined;
      const note = Buffer.from(bytes).toString('utf8');
      return { note, size: parseCheckpoint(noteText(note)).size };
    },

    async leaves(from, size) {
      const bundle = Math.floor(from / TILE_WIDTH);
      const width = Math.min(TILE_WIDTH, size - bundle * TILE_WIDTH);
      const path = bundlePath(bundle, width);
      // A bundle that was partial at `size` may have been filled since.
      const bytes = (await objects.read(path)) ?? (await objects.read(bundlePath(bundle, TILE_WIDTH)));
      if (bytes === undefined) throw new Error(`the log lacks \`${path}\``);
      return parseBundle(bytes).slice(from - bundle * TILE_WIDTH, width);
    },

    async sealed({ index, tenantAlias }, size) {
      return findIn(await list(Buffer.from(tenantAlias).toString('hex'), size), index);
    },
  };
}
