import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendToFrontier, leafHash, nodeHash, rootOf, verifyConsistency, verifyInclusion } from './merkle.ts';
import { proveConsistency, proveInclusion } from './proof.ts';
import { createNodeReader } from './proof-nodes.ts';
import { parseTilePath, partialPathsOf, TILE_WIDTH, tilesOf } from './tile.ts';

const LARGEST = 1_500;
const leaves = Array.from({ length: LARGEST }, (_, at) => Buffer.from(String(at)));
const hashes = leaves.map(leafHash);
const rootAt = (size: number) => rootOf(appendToFrontier({ size: 0, frontier: [] }, hashes.slice(0, size)).frontier);

/** The tiles of a log that had a checkpoint at each of these sizes; full tiles take the place of partial ones. */
function tilesAt(...sizes: readonly number[]) {
  const tiles = new Map<string, Uint8Array>();
  let oldSize = 0;
  for (const size of sizes) {
    for (const tile of tilesOf({ oldSize, leaves: leaves.slice(oldSize, size), partials: tiles })) {
      tiles.set(tile.path, tile.bytes);
      if (tile.isFull) for (const path of tiles.keys()) if (path.startsWith(`${tile.path}.p/`)) tiles.delete(path);
    }
    oldSize = size;
  }
  return { tiles, readTile: async (path: string) => tiles.get(path) };
}

const edges = [1, 2, 3, 255, 256, 257, 511, 512, 513, 1_024, LARGEST];
const size = fc.oneof(fc.constantFrom(...edges), fc.integer({ min: 1, max: LARGEST }));
/** Two sizes, ascending. */
const sizes = fc.tuple(size, size).map(([one, other]): [number, number] => (one < other ? [one, other] : [other, one]));

describe('a proof of inclusion', () => {
  it('convinces of every leaf of a tree, and of no other leaf, place, tree or root', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.nat(), async ([treeSize, logSize], one, other) => {
        const { readTile } = tilesAt(treeSize, logSize);
        const [index, elsewhere] = [one % treeSize, other % treeSize];
        const proof = await proveInclusion({ readTile, index, size: treeSize });
        const leaf = leafHash(Buffer.from(String(index)));
        const claim = { index, size: treeSize, leafHash: leaf, proof, root: rootAt(treeSize) };
        expect(verifyInclusion(claim)).toBe(true);
        expect(verifyInclusion({ ...claim, leafHash: leafHash(Buffer.of()) })).toBe(false);
        expect(verifyInclusion({ ...claim, index: elsewhere })).toBe(elsewhere === index);
        expect(verifyInclusion({ ...claim, root: leafHash(Buffer.of()) })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: [...proof, leaf] })).toBe(false);
        expect(verifyInclusion({ ...claim, proof: proof.slice(1) })).toBe(proof.length === 0);
      }),
    );
  });

  it('is what RFC 9162 gives for its tree of seven', async () => {
    const [a, b, c, d, e, f, j] = hashes.map((hash) => hash);
    const node = (left = leafHash(Buffer.of()), right = left) => nodeHash(left, right);
    const [g, h, i] = [node(a, b), node(c, d), node(e, f)];
    const { readTile } = tilesAt(7);
    const prove = (index: number) => proveInclusion({ readTile, index, size: 7 });
    const l = node(i, j);
    expect(await prove(0)).toEqual([b, h, l]);
    expect(await prove(3)).toEqual([c, g, l]);
    expect(await prove(4)).toEqual([f, j, node(g, h)]);
    expect(await prove(6)).toEqual([i, node(g, h)]);
  });

  it.each([
    [0, 0],
    [7, 7],
    [8, 7],
    [-1, 7],
    [0.5, 7],
    [0, 2 ** 53],
    [0, Number.NaN],
  ])('is refused of leaf %d in a tree of %d', async (index, treeSize) => {
    const made = proveInclusion({ ...tilesAt(7), index, size: treeSize });
    await expect(made).rejects.toThrow(new RangeError(`a tree of ${treeSize} has no leaf ${index}`));
  });
});

describe('a proof of consistency', () => {
  it('convinces of every smaller tree, and of no other', async () => {
    await fc.assert(
      fc.asyncProperty(sizes, size, async ([oldSize, newSize], other) => {
        const { readTile } = tilesAt(oldSize, newSize);
        const proof = await proveConsistency({ readTile, oldSize, newSize });
        const claim = { oldSize, newSize, oldRoot: rootAt(oldSize), newRoot: rootAt(newSize), proof };
        expect(verifyConsistency(claim)).toBe(true);
        expect(verifyConsistency({ ...claim, oldRoot: rootAt(other) })).toBe(other === oldSize);
        expect(verifyConsistency({ ...claim, newRoot: rootAt(other) })).toBe(other === newSize);
        expect(verifyConsistency({ ...claim, proof: [...proof, rootAt(1)] })).toBe(false);
      }),
    );
  });

  it('is what RFC 9162 gives for its tree of seven', async () => {
    const [a, b, c, d, e, f, j] = hashes.map((hash) => hash);
    const node = (left = leafHash(Buffer.of()), right = left) => nodeHash(left, right);
    const [g, h, i] = [node(a, b), node(c, d), node(e, f)];
    const { readTile } = tilesAt(7);
    const prove = (oldSize: number) => proveConsistency({ readTile, oldSize, newSize: 7 });
    const l = node(i, j);
    expect(await prove(3)).toEqual([c, d, g, l]);
    expect(await prove(4)).toEqual([l]);
    expect(await prove(6)).toEqual([i, j, node(g, h)]);
    expect(await prove(7)).toEqual([]);
  });

  it.each([
    [0, 7],
    [8, 7],
    [1.5, 7],
    [1, 2 ** 53],
  ])('is refused of %d in %d', async (oldSize, newSize) => {
    const made = proveConsistency({ ...tilesAt(7), oldSize, newSize });
    await expect(made).rejects.toThrow(new RangeError(`no tree of ${oldSize} can be shown in one of ${newSize}`));
  });
});

describe('a log that proofs are made from', () => {
  it('has to have the tiles, whole', async () => {
    const { tiles, readTile } = tilesAt(700);
    const query = { readTile, index: 300, size: 700 };
    const tile = tiles.get('tile/0/001') ?? Buffer.of();
    tiles.delete('tile/0/001');
    await expect(proveInclusion(query)).rejects.toThrow('the log lacks `tile/0/001`');
    for (const length of [0, 31, 32, tile.length - 32, tile.length + 32]) {
      tiles.set('tile/0/001', Buffer.concat([tile, tile], length));
      await expect(proveInclusion(query)).rejects.toThrow(`\`tile/0/001\` has ${length} bytes`);
    }
    tiles.set('tile/0/001', tile);
    expect(await proveInclusion(query)).toHaveLength(10);
    tiles.delete('tile/0/002.p/188');
    await expect(proveInclusion(query)).rejects.toThrow('the log lacks `tile/0/002.p/188`');
  });

  it('is asked for no node that the tree has not', async () => {
    const readNode = createNodeReader(tilesAt(300).readTile, 300);
    expect(await readNode(8, 0)).toEqual(rootAt(256));
    for (const [level, index] of [
      [0, 300],
      [5, 9],
      [8, 1],
      [9, 0],
      [16, 0],
    ] as const) {
      await expect(readNode(level, index)).rejects.toThrow(RangeError);
    }
  });
});

/** Leaves of a log that are all the same: every full tile of a level is the same, however many there are. */
function createUniformLog() {
  const rows = [leafHash(Buffer.from('the same'))];
  for (let level = 1; level < 8; level += 1) {
    rows.push(
      Array(8)
        .fill(0)
        .reduce<Uint8Array>((hash) => nodeHash(hash, hash), rows[level - 1] ?? Buffer.of()),
    );
  }
  const full = rows.map((hash) => Buffer.concat(Array<Uint8Array>(TILE_WIDTH).fill(hash)));
  const paths: string[] = [];
  return {
    paths,
    async readTile(path: string) {
      paths.push(path);
      const { level, width } = parseTilePath(path) ?? { level: 0, width: 0 };
      return full[Number(level)]?.subarray(0, width * 32);
    },
    /** By doubling: it would take too long to append them. */
    rootAt(treeSize: number): Uint8Array {
      const frontier: Uint8Array[] = [];
      let perfect = rows[0] ?? Buffer.of();
      for (let rest = treeSize; rest > 0; rest = Math.floor(rest / 2), perfect = nodeHash(perfect, perfect)) {
        if (rest % 2 === 1) frontier.unshift(perfect);
      }
      return rootOf(frontier);
    },
  };
}

describe('a log of many million entries', () => {
  it('is proved from a tile of each row and the tiles at its edge, in a moment', async () => {
    const log = createUniformLog();
    const [treeSize, oldSize] = [10_000_001, 7_654_321];
    const took: number[] = [];
    for (let index = 17; index < treeSize; index += 99_991) {
      log.paths.length = 0;
      const start = performance.now();
      const proof = await proveInclusion({ readTile: log.readTile, index, size: treeSize });
      took.push(performance.now() - start);
      const claim = { index, size: treeSize, proof, root: log.rootAt(treeSize) };
      expect(verifyInclusion({ ...claim, leafHash: leafHash(Buffer.from('the same')) })).toBe(true);
      expect(new Set(log.paths).size).toBe(log.paths.length);
      expect(log.paths.length).toBeLessThanOrEqual(3 + partialPathsOf(treeSize).length - 1);
    }
    expect(took.toSorted((one, other) => one - other)[took.length >> 1]).toBeLessThan(100);
    log.paths.length = 0;
    const proof = await proveConsistency({ readTile: log.readTile, oldSize, newSize: treeSize });
    const roots = { oldRoot: log.rootAt(oldSize), newRoot: log.rootAt(treeSize) };
    expect(verifyConsistency({ oldSize, newSize: treeSize, ...roots, proof })).toBe(true);
    expect(log.paths.length).toBeLessThanOrEqual(6);
  });

  it('may be as large as numbers can count', async () => {
    const log = createUniformLog();
    const treeSize = Number.MAX_SAFE_INTEGER;
    for (const index of [0, 1, 2 ** 52 - 1, 2 ** 52, treeSize - 1]) {
      const proof = await proveInclusion({ readTile: log.readTile, index, size: treeSize });
      const claim = { index, size: treeSize, proof, root: log.rootAt(treeSize) };
      expect(verifyInclusion({ ...claim, leafHash: leafHash(Buffer.from('the same')) })).toBe(true);
    }
  });
});
