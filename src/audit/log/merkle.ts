import { hash } from 'node:crypto';

const HASH_BYTES = 32;
const NODE_PREFIX = 0x01;

/** Written anew for each inner node: both halves are copied in before anything else runs. */
const node = Buffer.alloc(1 + 2 * HASH_BYTES);
node[0] = NODE_PREFIX;

/** MTH of an empty tree (RFC 9162, section 2.1.1). */
export const EMPTY_ROOT: Uint8Array = hash('sha256', '', 'buffer');

/** Hash of a leaf's data (RFC 9162, section 2.1.1). */
export function leafHash(data: Uint8Array): Uint8Array {
  return hash('sha256', Buffer.concat([Buffer.of(0x00), data]), 'buffer');
}

/** Hash of an inner node (RFC 9162, section 2.1.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return hash('sha256', node, 'buffer');
}

/**
 * A tree that only grows, without its leaves: the roots of the perfect subtrees that `size` is made of, largest first.
 */
export interface Frontier {
  readonly size: number;
  readonly frontier: readonly Uint8Array[];
}

/** The tree with the leaves of these hashes behind it. Throws where the frontier is not one of its size. */
export function appendToFrontier({ size, frontier }: Frontier, leafHashes: readonly Uint8Array[]): Frontier {
  const roots = [...frontier];
  let count = size;
  for (const leaf of leafHashes) {
    let root = leaf;
    // Each trailing one bit of the count is a subtree as large as the one at hand: together they are one of the next size.
    for (let rest = count; rest % 2 === 1; rest = (rest - 1) / 2) {
      const left = roots.pop();
      if (left === undefined) throw new Error('the frontier is not one of its size');
      root = nodeHash(left, root);
    }
    roots.push(root);
    count += 1;
  }
  return { size: count, frontier: roots };
}

/** The root of a tree with this frontier. */
export function rootOf(frontier: readonly Uint8Array[]): Uint8Array {
  return (
    frontier.reduceRight<Uint8Array | undefined>(
      (right, left) => (right === undefined ? left : nodeHash(left, right)),
      undefined,
    ) ?? EMPTY_ROOT
  );
}

export interface Inclusion {
  readonly index: number | bigint;
  readonly size: number | bigint;
  readonly leafHash: Uint8Array;
  readonly proof: readonly Uint8Array[];
  readonly root: Uint8Array;
}

/** Whether a proof shows that a leaf is at `index` of the tree of `size` with `root` (RFC 9162, section 2.1.3.2). */
export function verifyInclusion({ index, size, leafHash: leaf, proof, root }: Inclusion): boolean {
  let [at, last] = [BigInt(index), BigInt(size) - 1n];
  if (at < 0n || at > last || leaf.length !== HASH_BYTES) return false;
  let reached = leaf;
  for (const step of proof) {
    if (last === 0n || step.length !== HASH_BYTES) return false;
    if (isOdd(at) || at === last) {
      reached = nodeHash(step, reached);
      while (!isOdd(at) && at !== 0n) [at, last] = [at >> 1n, last >> 1n];
    } else {
      reached = nodeHash(reached, step);
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  return last === 0n && isSame(reached, root);
}

export interface Consistency {
  readonly oldSize: number | bigint;
  readonly newSize: number | bigint;
  readonly oldRoot: Uint8Array;
  readonly newRoot: Uint8Array;
  readonly proof: readonly Uint8Array[];
}

/**
 * Whether a proof shows that the tree of `newSize` begins with the one of `oldSize` (RFC 9162, section 2.1.4.2). An
 * empty tree is the beginning of every one, which no proof can add to: it is refused.
 */
export function verifyConsistency({ oldSize, newSize, oldRoot, newRoot, proof }: Consistency): boolean {
  const [older, newer] = [BigInt(oldSize), BigInt(newSize)];
  if (older < 1n || older > newer || proof.some(({ length }) => length !== HASH_BYTES)) return false;
  if (older === newer) return proof.length === 0 && isSame(oldRoot, newRoot);
  const isPerfect = (older & (older - 1n)) === 0n;
  const [first, ...rest] = isPerfect ? [oldRoot, ...proof] : proof;
  // The old root's length too: of a longer one `nodeHash` would hash the first 32 bytes alone.
  if (first?.length !== HASH_BYTES) return false;
  let [at, last] = [older - 1n, newer - 1n];
  while (isOdd(at)) [at, last] = [at >> 1n, last >> 1n];
  let [before, after] = [first, first];
  for (const step of rest) {
    if (last === 0n) return false;
    if (isOdd(at) || at === last) {
      [before, after] = [nodeHash(step, before), nodeHash(step, after)];
      while (!isOdd(at) && at !== 0n) [at, last] = [at >> 1n, last >> 1n];
    } else {
      after = nodeHash(after, step);
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  return last === 0n && isSame(before, oldRoot) && isSame(after, newRoot);
}

function isOdd(number: bigint): boolean {
  return (number & 1n) === 1n;
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
