import type { ObjectStore } from '../log/contracts.ts';
import { rootOfTile, TILE_WIDTH, type TileName, toBundle, toTilePath } from '../log/tile.ts';
import type { FaultList } from './findings.ts';
import type { Inventory } from './inventory.ts';

/** Holds every tile and bundle of a log, superseded ones too, against the leaves. */
export interface TileCheck {
  /** The bytes of a bundle, full or as far as it goes. */
  bundle(index: number): Promise<{ readonly path: string; readonly bytes: Uint8Array } | undefined>;
  /** Takes a bundle's leaves, in order. */
  check(
    index: number,
    row: { readonly leaves: readonly Uint8Array[]; readonly hashes: readonly Uint8Array[] },
  ): Promise<void>;
  /** All leaves have been taken. */
  end(): Promise<void>;
}

interface TileCheckOptions {
  readonly objects: ObjectStore;
  readonly inventory: Inventory;
  readonly size: number;
  readonly faults: FaultList;
}

export function createTileCheck({ objects, inventory, size, faults }: TileCheckOptions): TileCheck {
  /** The tiles that are there, by level and index: a full one, partial ones, or both. */
  const byPlace = new Map<string, [string, TileName][]>();
  for (const [path, tile] of inventory.tiles) {
    const place = `${tile.level}/${tile.index}`;
    const own = byPlace.get(place) ?? [];
    own.push([path, tile]);
    byPlace.set(place, own);
  }
  /** Hashes of each level. Those of the leaves are held against their tiles as they come, and not kept. */
  const rows: Uint8Array[][] = [[]];

  async function compare(
    level: TileName['level'],
    index: number,
    expected: (width: number) => Uint8Array,
    width: number,
  ) {
    const first = index * TILE_WIDTH ** (level === 'entries' ? 1 : level + 1);
    const place = `${level}/${index}`;
    const own = byPlace.get(place) ?? [];
    byPlace.delete(place);
    // A batch that is being published may have a wider one already.
    if (!own.some(([, tile]) => tile.width >= width)) {
      faults.add({ index: first, path: toTilePath({ level, index, width }), message: 'it is missing' });
    }
    for (const [path, tile] of own) {
      const bytes = await objects.read(path);
      // Removed since it was listed: a partial tile, once it is full.
      if (bytes === undefined) continue;
      const common = expected(Math.min(tile.width, width));
      const isWhole = tile.width <= width ? bytes.length === common.length : bytes.length > common.length;
      if (!isWhole || Buffer.compare(bytes.subarray(0, common.length), common) !== 0) {
        faults.add({ index: first, path, message: 'it is not what the leaves come to' });
      }
    }
  }

  async function addHash(level: number, hash: Uint8Array): Promise<void> {
    const row = rows[level] ?? [];
    rows[level] = row;
    row.push(hash);
    if (row.length % TILE_WIDTH !== 0) return;
    await closeRow(level, row.length / TILE_WIDTH - 1, row.slice(-TILE_WIDTH));
  }

  async function closeRow(level: number, index: number, hashes: readonly Uint8Array[]): Promise<void> {
    await compare(level, index, (width) => Buffer.concat(hashes.slice(0, width)), hashes.length);
    if (hashes.length === TILE_WIDTH) await addHash(level + 1, rootOfTile(hashes));
  }

  return {
    async bundle(index) {
      const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
      for (const own of [width, TILE_WIDTH]) {
        const path = toTilePath({ level: 'entries', index, width: own });
        const bytes = await objects.read(path);
        if (bytes !== undefined) return { path, bytes };
      }
      return undefined;
    },

    async check(index, { leaves, hashes }) {
      const width = Math.min(TILE_WIDTH, size - index * TILE_WIDTH);
      await compare('entries', index, (own) => toBundle(leaves.slice(0, own)), width);
      if (hashes.length === width) await closeRow(0, index, hashes);
    },

    async end() {
      for (const [at, row] of rows.entries()) {
        const rest = row.length % TILE_WIDTH;
        if (rest > 0) await closeRow(at, Math.floor(row.length / TILE_WIDTH), row.slice(-rest));
      }
      for (const own of byPlace.values()) {
        for (const [path] of own) faults.add({ path, message: 'no leaves stand behind it' });
      }
    },
  };
}
