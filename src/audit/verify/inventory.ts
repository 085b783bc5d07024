import type { ObjectStore } from '../log/contracts.ts';
import { CHECKPOINT_PATH } from '../log/published-checkpoint.ts';
import { parseSegmentPath } from '../log/segment.ts';
import { parseTilePath, TILE_WIDTH, type TileName } from '../log/tile.ts';
import type { FaultList } from './findings.ts';

/** A tenant's segment by its path. */
export interface ListedSegment {
  readonly path: string;
  readonly first: number;
}

/** What objects a log consists of, by their paths. */
export interface Inventory {
  readonly tiles: ReadonlyMap<string, TileName>;
  /** By the tenant's alias in hexadecimal, ascending. */
  readonly segments: ReadonlyMap<string, readonly ListedSegment[]>;
  /** Objects that lie wholly behind the size. */
  readonly pending: number;
}

/** Lists a log of `size`. What has no place in one is a fault: nobody may hide something among what is verified. */
export async function readInventory(
  objects: ObjectStore,
  { size, faults }: { readonly size: number; readonly faults: FaultList },
): Promise<Inventory> {
  const tiles = new Map<string, TileName>();
  const segments = new Map<string, ListedSegment[]>();
  let pending = 0;
  for await (const path of objects.list('')) {
    const tile = parseTilePath(path);
    const segment = tile === undefined ? parseSegmentPath(path) : undefined;
    if (tile !== undefined) {
      if (firstLeafOf(tile) >= size) pending += 1;
      else tiles.set(path, tile);
    } else if (segment !== undefined) {
      const own = segments.get(segment.tenantAlias) ?? [];
      if (segment.first >= size) pending += 1;
      else own.push({ path, first: segment.first });
      segments.set(segment.tenantAlias, own);
    } else if (path !== CHECKPOINT_PATH) {
      faults.add({ path, message: 'it is no part of a log' });
    }
  }
  for (const own of segments.values()) own.sort((one, other) => one.first - other.first);
  return { tiles, segments, pending };
}

function firstLeafOf({ level, index }: TileName): number {
  return index * TILE_WIDTH * (level === 'entries' ? 1 : TILE_WIDTH ** level);
}
