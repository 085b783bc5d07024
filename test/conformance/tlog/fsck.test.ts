import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toCheckpoint } from '../../../src/audit/log/checkpoint.ts';
import type { LogSigner } from '../../../src/audit/log/contracts.ts';
import { appendToFrontier, leafHash, rootOf } from '../../../src/audit/log/merkle.ts';
import { printVerifierKey, signNote, toVerifierKey } from '../../../src/audit/log/signed-note.ts';
import { partialPathsOf, tilesOf } from '../../../src/audit/log/tile.ts';
import { goReason, runFsck } from './fsck.ts';

const reason = goReason();
const title = `Tessera's fsck${reason === undefined ? '' : ` (skipped: ${reason})`}`;

const pair = generateKeyPairSync('ed25519');
const signer: LogSigner = {
  name: 'example.org/log',
  publicKey: new Uint8Array(pair.publicKey.export({ format: 'der', type: 'spki' }).subarray(-32)),
  sign: async (message) => new Uint8Array(sign(null, message, pair.privateKey)),
};
const log = {
  origin: signer.name,
  verifierKey: printVerifierKey(toVerifierKey(signer.name, signer.publicKey)),
};

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** Leaves of every length that matters: none, one, a few, many bytes. */
const leafAt = (index: number) => Buffer.alloc(index % 97, String(index));

/** Writes a log that grew in the given steps, and gives its directory and root. */
async function writeLog(steps: readonly number[]) {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-log-'));
  directories.push(directory);
  let tree: ReturnType<typeof appendToFrontier> = { size: 0, frontier: [] };
  for (const step of steps) {
    const leaves = Array.from({ length: step }, (_, at) => leafAt(tree.size + at));
    const paths = partialPathsOf(tree.size);
    const partials = new Map(paths.map((path) => [path, readFileSync(join(directory, path))] as const));
    const tiles = tilesOf({ oldSize: tree.size, leaves, partials });
    for (const { path, bytes } of tiles) {
      mkdirSync(dirname(join(directory, path)), { recursive: true });
      writeFileSync(join(directory, path), bytes);
    }
    for (const { path, isFull } of tiles) {
      if (isFull) rmSync(join(directory, `${path}.p`), { recursive: true, force: true });
    }
    tree = appendToFrontier(tree, leaves.map(leafHash));
  }
  const root = rootOf(tree.frontier);
  await writeCheckpoint(directory, { size: tree.size, root });
  return { directory, size: tree.size, root };
}

async function writeCheckpoint(directory: string, head: { readonly size: number; readonly root: Uint8Array }) {
  const note = await signNote(toCheckpoint({ origin: signer.name, ...head }), [signer]);
  writeFileSync(join(directory, 'checkpoint'), note);
}

/** Steps of any length that come to `size`; `seed` picks them. */
function stepsTo(size: number, seed: number): readonly number[] {
  const steps: number[] = [];
  let state = seed;
  for (let left = size; left > 0; left -= steps.at(-1) ?? left) {
    state = (state * 48_271) % 0x7fffffff;
    steps.push(Math.min(left, 1 + (state % Math.ceil(size / 5))));
  }
  return steps;
}

async function fsckWithFlipped(directory: string, path: string, at: number) {
  const file = join(directory, path);
  const whole = readFileSync(file);
  const changed = Buffer.from(whole);
  changed[at] = (changed[at] ?? 0) ^ 0x01;
  writeFileSync(file, changed);
  const result = await runFsck(directory, log);
  writeFileSync(file, whole);
  return result;
}

describe.skipIf(reason !== undefined)(title, () => {
  it.each([1, 2, 255, 256, 257, 511, 513, 65_536, 70_000])(
    'finds a log of %i leaves sound, however it grew',
    async (size) => {
      for (const steps of [[size], stepsTo(size, size), stepsTo(size, size + 1)]) {
        const { directory, size: grown } = await writeLog(steps);
        expect(grown).toBe(size);
        expect(await runFsck(directory, log), steps.join(' ')).toEqual({ isSound: true, fault: '' });
      }
    },
  );

  it('finds any byte that is changed in a tile or a bundle', async () => {
    const { directory } = await writeLog(stepsTo(70_000, 7));
    for (const [path, at] of [
      ['tile/0/000', 0],
      ['tile/0/272', 8_191],
      ['tile/0/273.p/112', 3_583],
      ['tile/1/000', 4_096],
      ['tile/1/001.p/17', 0],
      ['tile/2/000.p/1', 31],
      ['tile/entries/000', 1],
      ['tile/entries/131', 2_000],
      ['tile/entries/273.p/112', 0],
      ['tile/entries/273.p/112', 500],
      ['checkpoint', 0],
      ['checkpoint', 20],
      ['checkpoint', 150],
    ] as const) {
      const { isSound, fault } = await fsckWithFlipped(directory, path, at);
      expect(isSound, `${path} at ${at}`).toBe(false);
      expect(fault).not.toBe('');
    }
    expect(await runFsck(directory, log)).toEqual({ isSound: true, fault: '' });
  });

  it('finds a root or a size that are not those of the leaves, though they are signed', async () => {
    const { directory, size, root } = await writeLog([300]);
    const other = Uint8Array.from(root);
    other[31] = (other[31] ?? 0) ^ 1;
    await writeCheckpoint(directory, { size, root: other });
    expect((await runFsck(directory, log)).fault).toContain('calculated root');
    await writeCheckpoint(directory, { size: size - 1, root });
    expect((await runFsck(directory, log)).isSound).toBe(false);
    await writeCheckpoint(directory, { size, root });
    expect((await runFsck(directory, log)).isSound).toBe(true);
  });

  it('finds a tile that is missing, and a checkpoint of another log or key', async () => {
    const { directory } = await writeLog([300]);
    const { publicKey } = generateKeyPairSync('ed25519');
    const stranger = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }).subarray(-32));
    expect((await runFsck(directory, { ...log, origin: 'example.org/other' })).isSound).toBe(false);
    const verifierKey = printVerifierKey(toVerifierKey(signer.name, stranger));
    expect((await runFsck(directory, { ...log, verifierKey })).isSound).toBe(false);
    rmSync(join(directory, 'tile/1/000.p/1'));
    expect((await runFsck(directory, log)).isSound).toBe(false);
  });

  it('comes to no verdict without a verifier key', async () => {
    await expect(runFsck(tmpdir(), { ...log, verifierKey: 'none' })).rejects.toThrow('no verdict');
  });
});
