import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  appendToFrontier,
  EMPTY_ROOT,
  leafHash,
  nodeHash,
  rootOf,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts';

const vectors = resolve(import.meta.dirname, '../../../../shared/vectors/merkle');
const name = existsSync(vectors) ? 'the published vectors' : 'the published vectors (skipped: ../shared is not there)';

/** MTH as RFC 9162 defines it, by recursion. */
function rootByDefinition(hashes: readonly Uint8Array[]): Uint8Array {
  const [only] = hashes;
  if (only === undefined) return EMPTY_ROOT;
  if (hashes.length === 1) return only;
  let split = 1;
  while (split * 2 < hashes.length) split *= 2;
  return nodeHash(rootByDefinition(hashes.slice(0, split)), rootByDefinition(hashes.slice(split)));
}

const hashesUpTo = (count: number) => Array.from({ length: count }, (_, at) => leafHash(Buffer.from(String(at))));
const EMPTY = { size: 0, frontier: [] };

describe('a growing tree', () => {
  it('has the root that RFC 9162 defines, however it grew', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 6 }), (steps) => {
        let tree: Parameters<typeof appendToFrontier>[0] = EMPTY;
        const hashes = hashesUpTo(steps.reduce((sum, step) => sum + step, 0));
        for (const step of steps) tree = appendToFrontier(tree, hashes.slice(tree.size, tree.size + step));
        expect(tree.size).toBe(hashes.length);
        expect(Buffer.compare(rootOf(tree.frontier), rootByDefinition(hashes))).toBe(0);
      }),
    );
  });

  it('does not go on from a frontier that is not one of its size', () => {
    expect(() => appendToFrontier({ size: 3, frontier: hashesUpTo(1) }, hashesUpTo(1))).toThrow('not one of its size');
  });

  it('that is empty has the hash of nothing', () => {
    expect(Buffer.from(rootOf([])).toString('hex')).toMatch(/^e3b0c44298fc1c14/);
    expect(Buffer.from(leafHash(Buffer.of())).toString('hex')).toMatch(/^6e340b9cffb37a98/);
  });
});

describe('a proof of consistency', () => {
  it('convinces of no old root that is longer or shorter than a hash', () => {
    const [left = Buffer.of(), right = Buffer.of()] = hashesUpTo(2);
    const claim = { oldSize: 1, newSize: 2, newRoot: nodeHash(left, right), proof: [right] };
    expect(verifyConsistency({ ...claim, oldRoot: left })).toBe(true);
    for (const oldRoot of [Buffer.of(), left.subarray(0, 31), Buffer.concat([left, right])]) {
      expect(verifyConsistency({ ...claim, oldRoot })).toBe(false);
    }
  });
});

interface InclusionCase {
  readonly name: string;
  readonly leafIdx: string;
  readonly treeSize: string;
  readonly root: string;
  readonly leafHash: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

interface ConsistencyCase {
  readonly name: string;
  readonly size1: string;
  readonly size2: string;
  readonly root1: string;
  readonly root2: string;
  readonly proof: readonly string[] | null;
  readonly wantErr: boolean;
}

const bytes = (text: string | null) => Buffer.from(text ?? '', 'base64');

function casesOf<Case>(file: string): readonly Case[] {
  return JSON.parse(readFileSync(resolve(vectors, file), 'utf8')).cases;
}

describe.skipIf(!existsSync(vectors))(name, () => {
  it('of inclusion are accepted exactly where they are right', () => {
    const cases = casesOf<InclusionCase>('inclusion.json');
    expect(cases.length).toBe(98);
    for (const { name, leafIdx, treeSize, proof, wantErr, ...given } of cases) {
      const steps = (proof ?? []).map(bytes);
      const claim = { index: BigInt(leafIdx), size: BigInt(treeSize), leafHash: bytes(given.leafHash) };
      expect(verifyInclusion({ ...claim, proof: steps, root: bytes(given.root) }), name).toBe(!wantErr);
    }
  });

  it('of consistency are accepted exactly where they are right', () => {
    const cases = casesOf<ConsistencyCase>('consistency.json');
    expect(cases.length).toBe(98);
    for (const { name, size1, size2, root1, root2, proof, wantErr } of cases) {
      const sizes = { oldSize: BigInt(size1), newSize: BigInt(size2) };
      const claim = { ...sizes, oldRoot: bytes(root1), newRoot: bytes(root2), proof: (proof ?? []).map(bytes) };
      expect(verifyConsistency(claim), name).toBe(!wantErr);
    }
  });
});
