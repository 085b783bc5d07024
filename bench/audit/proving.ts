import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toCheckpoint } from '../../src/audit/log/checkpoint.ts';
import { createLocalSigner } from '../../src/audit/log/local-signer.ts';
import { appendToFrontier, rootOf, verifyInclusion } from '../../src/audit/log/merkle.ts';
import { parseProofText } from '../../src/audit/log/proof-text.ts';
import { CHECKPOINT_PATH } from '../../src/audit/log/published-checkpoint.ts';
import { signNote } from '../../src/audit/log/signed-note.ts';
import { rootOfTile, TILE_WIDTH, toTilePath } from '../../src/audit/log/tile.ts';
import { percentile } from '../statistics.ts';
import { atMost, type Figure, toFigure } from './figures.ts';
import { createPlace, ORIGIN, type Place } from './place.ts';

const PROOFS = 500;
const AIM = atMost(5);
/** Coprime to every size here: places all over the log, none of them beside the one before. */
const STRIDE = 1_000_003;

/** Proofs of inclusion in a log of hashes alone: there are no records behind them, and none is read for a proof. */
export async function measureProving(parent: string, size: number): Promise<readonly Figure[]> {
  await using place = await createPlace(parent);
  const root = await writeTiles(place, size);
  const times: number[] = [];
  for (let number = 0; number < PROOFS; number += 1) {
    const index = (number * STRIDE) % size;
    const started = performance.now();
    const text = await place.audit.prove(index);
    times.push(performance.now() - started);
    if (number % 100 === 0) expectProof(text, { index, size, root });
  }
  const ascending = Float64Array.from(times).sort();
  const name = `prove inclusion, ${size} entries`;
  return [
    toFigure({ name, value: percentile(ascending, 0.5), unit: 'ms', aim: AIM }),
    toFigure({ name: `${name}: p99`, value: percentile(ascending, 0.99), unit: 'ms', aim: AIM }),
  ];
}

/** Every tile of hashes of such a log, and its checkpoint; gives the root. Not synced: it is not the writing that is timed. */
async function writeTiles({ directory, keyRing }: Place, size: number): Promise<Uint8Array> {
  let frontier = { size: 0, frontier: [] as readonly Uint8Array[] };
  let row = leafHashes(size);
  for (let level = 0; ; level += 1) {
    const above: Uint8Array[] = [];
    let tile: Uint8Array[] = [];
    let index = 0;
    const write = () => {
      const file = join(directory.logDirectory, toTilePath({ level, index, width: tile.length }));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, Buffer.concat(tile));
      if (tile.length === TILE_WIDTH) above.push(rootOfTile(tile));
      index += 1;
    };
    for (const hash of row) {
      tile.push(hash);
      if (tile.length < TILE_WIDTH) continue;
      if (level === 0) frontier = appendToFrontier(frontier, tile);
      write();
      tile = [];
    }
    if (level === 0) frontier = appendToFrontier(frontier, tile);
    if (tile.length > 0) write();
    if (above.length === 0) break;
    row = above;
  }
  const root = rootOf(frontier.frontier);
  const note = await signNote(toCheckpoint({ origin: ORIGIN, size, root }), [createLocalSigner(keyRing, ORIGIN)]);
  writeFileSync(join(directory.logDirectory, CHECKPOINT_PATH), note);
  return root;
}

function* leafHashes(size: number): Iterable<Uint8Array> {
  for (let index = 0; index < size; index += 1) yield leafHashOf(index);
}

function leafHashOf(index: number): Uint8Array {
  return createHash('sha256').update(String(index)).digest();
}

interface Proven {
  readonly index: number;
  readonly size: number;
  readonly root: Uint8Array;
}

function expectProof(text: string | undefined, { index, size, root }: Proven): void {
  const { hashes: proof } = parseProofText(text ?? '');
  if (!verifyInclusion({ index, size, leafHash: leafHashOf(index), proof, root })) {
    throw new Error(`the proof of entry ${index} proves nothing`);
  }
}
