import { rootOf } from './merkle.ts';
import { createNodeReader, type NodeReader, type TileReader } from './proof-nodes.ts';

export interface InclusionQuery {
  readonly readTile: TileReader;
  readonly index: number;
  /** Of the tree that the proof is for; the log may have grown since. */
  readonly size: number;
}

/**
 * The hashes that show the leaf at `index` to be in the tree of `size`, from its sibling to the root's child (RFC 9162,
 * section 2.1.3.1). They are as good as the tiles: `verifyInclusion` holds them against a root.
 *
 * Rejects with a `RangeError` where the tree has no such leaf.
 */
export async function proveInclusion({ readTile, index, size }: InclusionQuery): Promise<readonly Uint8Array[]> {
  if (!Number.isSafeInteger(size) || !Number.isSafeInteger(index) || index < 0 || index >= size) {
    throw new RangeError(`a tree of ${size} has no leaf ${index}`);
  }
  const { passed } = descend({ size, leaf: index, isReached: ({ start, end }) => end - start === 1 });
  return hashAll(createNodeReader(readTile, size), passed);
}

/** The root that the tiles come to at a size of the log. Rejects where one that it takes is not there, or not whole. */
export async function rootOfTiles(readTile: TileReader, size: number): Promise<Uint8Array> {
  const readNode = createNodeReader(readTile, size);
  const subtrees: Promise<Uint8Array>[] = [];
  for (let at = 0, height = 52; height >= 0; height -= 1) {
    if (Math.floor(size / 2 ** height) % 2 === 0) continue;
    subtrees.push(readNode(height, at / 2 ** height));
    at += 2 ** height;
  }
  return rootOf(await Promise.all(subtrees));
}

export interface ConsistencyQuery {
  readonly readTile: TileReader;
  readonly oldSize: number;
  readonly newSize: number;
}

/**
 * The hashes that show the tree of `newSize` to begin with the one of `oldSize` (RFC 9162, section 2.1.4.1). They are as
 * good as the tiles: `verifyConsistency` holds them against both roots.
 *
 * Rejects with a `RangeError` where the old tree is empty, of which there is nothing to show, or larger than the new one.
 */
export async function proveConsistency(query: ConsistencyQuery): Promise<readonly Uint8Array[]> {
  const { readTile, oldSize, newSize } = query;
  if (!Number.isSafeInteger(newSize) || !Number.isSafeInteger(oldSize) || oldSize < 1 || oldSize > newSize) {
    throw new RangeError(`no tree of ${oldSize} can be shown in one of ${newSize}`);
  }
  const { reached, passed } = descend({ size: newSize, leaf: oldSize - 1, isReached: ({ end }) => end === oldSize });
  // From the first leaf on it is the old tree itself, whose root the verifier has.
  const own = reached.start === 0 ? [] : [reached];
  return hashAll(createNodeReader(readTile, newSize), [...own, ...passed]);
}

/** The leaves from `start` up to `end`, under a node of the tree or what of it is there. */
interface Leaves {
  readonly start: number;
  readonly end: number;
}

interface Descent {
  readonly size: number;
  /** The leaf to go down to. */
  readonly leaf: number;
  /** Whether to go no further. */
  readonly isReached: (leaves: Leaves) => boolean;
}

/** Goes down from the root, and gives what it comes to and the halves it passes by, the lowest first. */
function descend({ size, leaf, isReached }: Descent) {
  const passed: Leaves[] = [];
  let reached: Leaves = { start: 0, end: size };
  while (!isReached(reached)) {
    const { start, end } = reached;
    // RFC 9162 splits behind the largest power of two of leaves that is not all of them.
    const middle = start + 2 ** heightWithin(end - start - 1);
    const [left, right] = [
      { start, end: middle },
      { start: middle, end },
    ];
    passed.unshift(leaf < middle ? right : left);
    reached = leaf < middle ? left : right;
  }
  return { reached, passed };
}

/** Height of the largest perfect tree of at most so many leaves, which are at least one. */
function heightWithin(leaves: number): number {
  let height = 0;
  while (2 ** (height + 1) <= leaves) height += 1;
  return height;
}

function hashAll(readNode: NodeReader, all: readonly Leaves[]): Promise<readonly Uint8Array[]> {
  return Promise.all(all.map((leaves) => hashOf(readNode, leaves)));
}

/** Merkle tree hash of leaves: the perfect subtrees they are made of, largest first, put together. */
async function hashOf(readNode: NodeReader, { start, end }: Leaves): Promise<Uint8Array> {
  const subtrees: Promise<Uint8Array>[] = [];
  for (let at = start; at < end; ) {
    const height = heightWithin(end - at);
    subtrees.push(readNode(height, at / 2 ** height));
    at += 2 ** height;
  }
  return rootOf(await Promise.all(subtrees));
}
