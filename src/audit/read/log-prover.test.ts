import { describe, expect, it } from 'vitest';
import { toCheckpoint } from '../log/checkpoint.ts';
import { createMemoryObjects, signer } from '../log/log-fixture.suite.ts';
import { appendToFrontier, leafHash, rootOf, verifyConsistency, verifyInclusion } from '../log/merkle.ts';
import { parseProofText } from '../log/proof-text.ts';
import { signNote, toVerifierKey } from '../log/signed-note.ts';
import { tilesOf } from '../log/tile.ts';
import { createLogProver } from './log-prover.ts';

const leaves = Array.from({ length: 600 }, (_, at) => Buffer.from(`leaf ${at}`));
const key = toVerifierKey(signer.name, signer.publicKey);
const rootAt = (size: number) =>
  rootOf(appendToFrontier({ size: 0, frontier: [] }, leaves.slice(0, size).map(leafHash)).frontier);
const noteAt = (size: number, root = rootAt(size)) =>
  signNote(toCheckpoint({ origin: signer.name, size, root }), [signer]);
const bytes = (text: string) => Buffer.from(text, 'base64');

/** A log of one size, as it is published: none of the partial tiles it had before. */
async function proverOf(size: number) {
  const objects = createMemoryObjects();
  const tiles = tilesOf({ oldSize: 0, leaves: leaves.slice(0, size), partials: new Map() });
  for (const { path, bytes: tile } of tiles) objects.objects.set(path, tile);
  if (size > 0) objects.objects.set('checkpoint', Buffer.from(await noteAt(size)));
  return { objects, prover: createLogProver({ objects, key }) };
}

describe('proving', () => {
  it('shows any entry to be in the published log, and none behind it', async () => {
    const { prover } = await proverOf(600);
    for (const index of [0, 255, 256, 511, 599]) {
      const { hashes, ...proof } = parseProofText((await prover.prove(index)) ?? '');
      const claim = { index, size: 600, leafHash: leafHash(leaves[index] ?? Buffer.of()), proof: hashes };
      expect(verifyInclusion({ ...claim, root: rootAt(600) })).toBe(true);
      expect(proof).toMatchObject({ index, checkpoint: await noteAt(600) });
    }
    expect(await prover.prove(600)).toBeUndefined();
    expect(await (await proverOf(0)).prover.prove(0)).toBeUndefined();
  });

  it('shows the log of any size to begin with that of any other', async () => {
    const { prover } = await proverOf(600);
    for (const [oldSize, newSize] of [
      [1, 600],
      [255, 256],
      [256, 300],
      [300, 599],
      [600, 600],
    ] as const) {
      const { proof, ...shown } = await prover.showConsistency({ size: oldSize }, newSize);
      expect(shown).toMatchObject({ oldSize, newSize });
      const roots = { oldRoot: bytes(shown.oldRoot), newRoot: bytes(shown.newRoot) };
      expect(verifyConsistency({ oldSize, newSize, ...roots, proof: proof.map(bytes) })).toBe(true);
      expect(Buffer.compare(roots.oldRoot, rootAt(oldSize))).toBe(0);
      expect(Buffer.compare(roots.newRoot, rootAt(newSize))).toBe(0);
    }
    expect(await prover.showConsistency({ size: 0 })).toMatchObject({ oldSize: 0, newSize: 600, proof: [] });
  });

  it('holds what was kept against the log', async () => {
    const { prover } = await proverOf(600);
    const kept = prover.readCheckpoint(await noteAt(300));
    expect(await prover.showConsistency(kept)).toMatchObject({ oldSize: 300, newSize: 600 });
    const other = prover.readCheckpoint(await noteAt(300, new Uint8Array(32)));
    await expect(prover.showConsistency(other)).rejects.toThrow('another than the one of this checkpoint');
    for (const [old, size] of [
      [700, undefined],
      [10, 601],
      [20, 10],
    ] as const) {
      await expect(prover.showConsistency({ size: old }, size)).rejects.toMatchObject({ name: 'InconsistentLogError' });
    }
    await expect((await proverOf(0)).prover.showConsistency({ size: 1 })).rejects.toThrow('the log has 0 entries');
    expect(() => prover.readCheckpoint('x')).toThrow('not a signed note');
  });

  it('says so where the published checkpoint is none', async () => {
    const { objects, prover } = await proverOf(600);
    objects.objects.set('checkpoint', Buffer.from('x'));
    const message = 'checkpoint: it is no checkpoint of this log; run `audit verify`';
    await expect(prover.prove(3)).rejects.toMatchObject({ name: 'LogDamageError', message });
  });

  it('says so where the log lacks a tile', async () => {
    const { objects, prover } = await proverOf(600);
    for (const path of [...objects.objects.keys()]) if (path.startsWith('tile/0/')) objects.objects.delete(path);
    await expect(prover.showConsistency({ size: 3 }, 5)).rejects.toThrow('the log lacks');
  });
});
