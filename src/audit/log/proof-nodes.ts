import { hashesOf, rootOfTile, TILE_WIDTH, toTilePath } from './tile.ts';

/** Tree levels from one row of tiles to the next. */
const TILE_HEIGHT = 8;
const HASH_BYTES = 32;

/** Reads an object of a log by its path; undefined where there is none. */
export type TileReader = (path: string) => Promise<Uint8Array | undefined>;

/** The root of the perfect subtree over the leaves from `index * 2^level` on, `2^level` of them. */
export type NodeReader = (level: number, index: number) => Promise<Uint8Array>;

/**
 * Reads nodes of a tree of `size` off its tiles. Rejects where a tile is missing or has another length than it must;
 * its hashes are not checked.
 *
 * It keeps every tile it has read, so that a proof reads none twice: make one for each proof.
 */
export function createNodeReader(readTile: TileReader, size: number): NodeReader {
  const tiles = new Map<string, Promise<Uint8Array>>();

  return async (level, index) => {
    const tileLevel = Math.floor(level / TILE_HEIGHT);
    // Rows between those that tiles have are hashed anew, from the tile's hashes below the node.
    const count = 2 ** (level % TILE_HEIGHT);
    const first = index * count;
    const tile = Math.floor(first / TILE_WIDTH);
    const width = Math.min(TILE_WIDTH, Math.floor(size / TILE_WIDTH ** tileLevel) - tile * TILE_WIDTH);
    const at = first % TILE_WIDTH;
    if (at + count > width) throw new RangeError(`a tree of ${size} has no node ${index} at level ${level}`);
    const place = { level: tileLevel, index: tile, width };
    const path = toTilePath(place);
    const bytes = tiles.get(path) ?? readWhole(readTile, place);
    tiles.set(path, bytes);
    return rootOfTile(hashesOf((await bytes).subarray(at * HASH_BYTES, (at + count) * HASH_BYTES)));
  };
}

interface TilePlace {
  readonly level: number;
  readonly index: number;
  readonly width: number;
}

/** A tile's bytes; of the full tile where the log has filled it since and taken the partial one away. */
async function readWhole(readTile: TileReader, place: TilePlace): Promise<Uint8Array> {
  const widths = place.width === TILE_WIDTH ? [TILE_WIDTH] : [place.width, TILE_WIDTH];
  for (const width of widths) {
    const path = toTilePath({ ...place, width });
    const bytes = await readTile(path);
    if (bytes === undefined) continue;
    if (bytes.length !== width * HASH_BYTES) throw new Error(`\`${path}\` has ${bytes.length} bytes`);
    return bytes;
  }
  throw new Error(`the log lacks \`${toTilePath(place)}\``);
}
