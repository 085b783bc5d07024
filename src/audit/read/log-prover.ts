import { type Checkpoint, parseCheckpoint } from '../log/checkpoint.ts';
import type { ObjectStore } from '../log/contracts.ts';
import { orDamage } from '../log/log-damage.ts';
import { proveConsistency, proveInclusion, rootOfTiles } from '../log/proof.ts';
import { toProofText } from '../log/proof-text.ts';
import { CHECKPOINT_PATH } from '../log/published-checkpoint.ts';
import { type VerifierKey, verifyNote } from '../log/signed-note.ts';
import { parseTilePath, TILE_WIDTH, toTilePath } from '../log/tile.ts';

const HASH_BYTES = 32;

/** A size of the log, and the root that it is said to have, if any is. */
export interface KnownSize {
  readonly size: number;
  readonly root?: Uint8Array;
}

/** That the log of `newSize` begins with the one of `oldSize`. */
export interface ShownConsistency {
  readonly oldSize: number;
  readonly newSize: number;
  readonly oldRoot: string;
  readonly newRoot: string;
  /** Base64, as RFC 9162, section 2.1.4.1 has them. */
  readonly proof: readonly string[];
}

/** Makes proofs out of a published log. Rejects with a `LogDamageError` where its checkpoint is not as it was signed. */
export interface LogProver {
  /** The text of a `.tlog-proof` file; undefined where the published log has no such entry. */
  prove(index: number): Promise<string | undefined>;
  /** A checkpoint that was kept. Throws where the log's key did not sign it. */
  readCheckpoint(note: string): Checkpoint;
  /** Rejects with an `InconsistentLogError` where the log has another root at that size, or is shorter. */
  showConsistency(old: KnownSize, newSize?: number): Promise<ShownConsistency>;
}

/** A kept checkpoint and the log do not agree: the log was cut or written anew. */
export class InconsistentLogError extends Error {
  override readonly name = 'InconsistentLogError';
}

interface LogProverOptions {
  readonly objects: ObjectStore;
  readonly key: VerifierKey;
}

export function createLogProver({ objects, key }: LogProverOptions): LogProver {
  /** A tile as it was at a smaller size: the beginning of what it is now. */
  async function readTile(path: string): Promise<Uint8Array | undefined> {
    const bytes = await objects.read(path);
    const tile = bytes === undefined ? parseTilePath(path) : undefined;
    if (typeof tile?.level !== 'number') return bytes;
    const { level, index } = tile;
    const hashes = Math.floor((await sizeNow()) / TILE_WIDTH ** level) - index * TILE_WIDTH;
    const now = await objects.read(toTilePath({ level, index, width: Math.min(TILE_WIDTH, hashes) }));
    return now?.subarray(0, tile.width * HASH_BYTES);
  }

  function readCheckpoint(note: string): Checkpoint {
    return parseCheckpoint(verifyNote(note, [key]).text);
  }

  async function published(): Promise<{ readonly note: string; readonly size: number } | undefined> {
    const bytes = await objects.read(CHECKPOINT_PATH);
    if (bytes === undefined) return undefined;
    const note = Buffer.from(bytes).toString('utf8');
    const place = { path: CHECKPOINT_PATH };
    return { note, size: orDamage(place, 'it is no checkpoint of this log', () => readCheckpoint(note)).size };
  }

  async function sizeNow(): Promise<number> {
    return (await published())?.size ?? 0;
  }

  return {
    readCheckpoint,

    async prove(index) {
      const checkpoint = await published();
      if (checkpoint === undefined || index >= checkpoint.size) return undefined;
      const hashes = await proveInclusion({ readTile, index, size: checkpoint.size });
      return toProofText({ index, hashes, checkpoint: checkpoint.note });
    },

    async showConsistency(old, newSize) {
      const size = await sizeNow();
      const target = newSize ?? size;
      if (old.size > target || target > size) throw new InconsistentLogError(`the log has ${size} entries`);
      const [oldRoot, newRoot] = [await rootOfTiles(readTile, old.size), await rootOfTiles(readTile, target)];
      if (old.root !== undefined && Buffer.compare(old.root, oldRoot) !== 0) {
        throw new InconsistentLogError(`the log of ${old.size} entries is another than the one of this checkpoint`);
      }
      const hashes = old.size === 0 ? [] : await proveConsistency({ readTile, oldSize: old.size, newSize: target });
      const base64 = (hash: Uint8Array) => Buffer.from(hash).toString('base64');
      const roots = { oldRoot: base64(oldRoot), newRoot: base64(newRoot) };
      return { oldSize: old.size, newSize: target, ...roots, proof: hashes.map(base64) };
    },
  };
}
