import { appendToFrontier, leafHash, rootOf } from './merkle.ts';

/** Hashes of a full tile, and entries of a full bundle (C2SP tlog-tiles). */
export const TILE_WIDTH = 256;
/** The last level that a tree of 64-bit indices could have tiles at (C2SP tlog-tiles). */
const HIGHEST_LEVEL = 63;
const HASH_BYTES = 32;
const LONGEST_ENTRY = 0xffff;
const ENTRIES = 'entries';

/** A tile of hashes at `level`, or a bundle of entries. */
export interface TileName {
  readonly level: number | typeof ENTRIES;
  readonly index: number;
  /** Hashes or entries in it, from 1 to 256. */
  readonly width: number;
}

export interface Tile {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly isFull: boolean;
}

/** `tile/<level>/<index>`, with `.p/<width>` behind it where it is partial. */
export function toTilePath({ level, index, width }: TileName): string {
  return `tile/${level}/${toGroups(index)}${width === TILE_WIDTH ? '' : `.p/${width}`}`;
}

/** The path of the `index`-th bundle, where it has `width` entries. */
export function bundlePath(index: number, width: number): string {
  return toTilePath({ level: ENTRIES, index, width });
}

/** The tile or bundle of a path; undefined where it is none, or is written otherwise than `toTilePath` does. */
export function parseTilePath(path: string): TileName | undefined {
  const match = /^tile\/(entries|[0-9]{1,2})\/((?:x[0-9]{3}\/)*[0-9]{3})(?:\.p\/([0-9]{1,3}))?$/.exec(path);
  if (match === null) return undefined;
  const [, level = '', groups = '', width = TILE_WIDTH] = match;
  const name: TileName = {
    level: level === ENTRIES ? ENTRIES : Number(level),
    index: Number(groups.replaceAll(/[x/]/g, '')),
    width: Number(width),
  };
  const isLevel = name.level === ENTRIES || name.level <= HIGHEST_LEVEL;
  const isTile = isLevel && Number.isSafeInteger(name.index) && name.width > 0 && name.width <= TILE_WIDTH;
  return isTile && toTilePath(name) === path ? name : undefined;
}

/** Groups of three digits, all but the last after an `x`: `x001/x234/067`. */
function toGroups(index: number): string {
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  return padded.replaceAll(/\d{3}(?=\d)/g, 'x$&/');
}

/** Each entry after its length in two bytes, big-endian. Throws `RangeError` for one of more than 65,535 bytes. */
export function toBundle(entries: readonly Uint8Array[]): Buffer {
  const bundle = Buffer.allocUnsafe(entries.reduce((sum, { length }) => sum + 2 + length, 0));
  let at = 0;
  for (const entry of entries) {
    if (entry.length > LONGEST_ENTRY) throw new RangeError('an entry of a bundle has at most 65,535 bytes');
    bundle.writeUInt16BE(entry.length, at);
    bundle.set(entry, at + 2);
    at += 2 + entry.length;
  }
  return bundle;
}

/** The entries of a bundle, views of its bytes; throws where an entry is not whole. */
export function parseBundle(bytes: Uint8Array): readonly Uint8Array[] {
  const entries: Uint8Array[] = [];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length; ) {
    const start = at + 2;
    at = start > bytes.length ? start : start + view.getUint16(at);
    if (at > bytes.length) throw new Error('not a bundle of entries');
    entries.push(bytes.subarray(start, at));
  }
  return entries;
}

/** The partial tiles and the partial bundle of a tree of `size`. */
export function partialPathsOf(size: number): readonly string[] {
  const paths: string[] = [];
  for (let level = 0, count = size; count > 0; level += 1, count = Math.floor(count / TILE_WIDTH)) {
    const width = count % TILE_WIDTH;
    const index = Math.floor(count / TILE_WIDTH);
    if (width === 0) continue;
    if (level === 0) paths.push(bundlePath(index, width));
    paths.push(toTilePath({ level, index, width }));
  }
  return paths;
}

export interface Growth {
  readonly oldSize: number;
  /** The entries that come behind it. */
  readonly leaves: readonly Uint8Array[];
  /** The tiles at `partialPathsOf(oldSize)`, by path. */
  readonly partials: ReadonlyMap<string, Uint8Array>;
}

/** Every tile and bundle that the grown tree has and the old one had not, those that others are made of first. */
export function tilesOf({ oldSize, leaves, partials }: Growth): readonly Tile[] {
  if (leaves.length === 0) return [];
  const tiles: Tile[] = [];
  const bundle = startOf(partials, { level: ENTRIES, count: oldSize });
  const entries = bundle === undefined ? [] : parseBundle(bundle);
  pushTiles(tiles, { level: ENTRIES, count: oldSize, items: [...entries, ...leaves], join: toBundle });
  let added: readonly Uint8Array[] = leaves.map(leafHash);
  for (let level = 0, count = oldSize; added.length > 0; level += 1, count = Math.floor(count / TILE_WIDTH)) {
    const items = [...hashesOf(startOf(partials, { level, count }) ?? new Uint8Array(0)), ...added];
    pushTiles(tiles, { level, count, items, join: (hashes) => Buffer.concat(hashes) });
    added = fullTiles(items).map(rootOfTile);
  }
  return tiles;
}

interface Row {
  readonly level: TileName['level'];
  /** Hashes or entries of this level in the old tree. */
  readonly count: number;
}

/** What a row's last tile has so far. */
function startOf(partials: Growth['partials'], { level, count }: Row): Uint8Array | undefined {
  const width = count % TILE_WIDTH;
  if (width === 0) return undefined;
  const path = toTilePath({ level, index: Math.floor(count / TILE_WIDTH), width });
  const bytes = partials.get(path);
  if (bytes === undefined) throw new Error(`the log lacks \`${path}\``);
  return bytes;
}

interface GrownRow extends Row {
  /** From the beginning of the row's last tile on. */
  readonly items: readonly Uint8Array[];
  readonly join: (items: readonly Uint8Array[]) => Uint8Array;
}

function pushTiles(into: Tile[], { level, count, items, join }: GrownRow): void {
  const first = Math.floor(count / TILE_WIDTH);
  for (let at = 0; at < items.length; at += TILE_WIDTH) {
    const own = items.slice(at, at + TILE_WIDTH);
    const path = toTilePath({ level, index: first + at / TILE_WIDTH, width: own.length });
    into.push({ path, bytes: join(own), isFull: own.length === TILE_WIDTH });
  }
}

function fullTiles(items: readonly Uint8Array[]): readonly (readonly Uint8Array[])[] {
  const count = Math.floor(items.length / TILE_WIDTH);
  return Array.from({ length: count }, (_, tile) => items.slice(tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH));
}

/** The root of the subtree over a full tile's hashes; or over any that a power of two counts. */
export function rootOfTile(hashes: readonly Uint8Array[]): Uint8Array {
  return rootOf(appendToFrontier({ size: 0, frontier: [] }, hashes).frontier);
}

/** The hashes of a tile, views of its bytes; throws where it does not consist of hashes. */
export function hashesOf(tile: Uint8Array): readonly Uint8Array[] {
  if (tile.length % HASH_BYTES !== 0) throw new Error('not a tile of hashes');
  return Array.from({ length: tile.length / HASH_BYTES }, (_, at) =>
    tile.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
  );
}
