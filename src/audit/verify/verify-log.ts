import { parseCheckpoint } from '../log/checkpoint.ts';
import type { ObjectStore, WriterPosition } from '../log/contracts.ts';
import { appendToFrontier, EMPTY_ROOT, leafHash, rootOf } from '../log/merkle.ts';
import { CHECKPOINT_PATH } from '../log/published-checkpoint.ts';
import { parseNote, type VerifierKey, verifyNote } from '../log/signed-note.ts';
import { parseBundle, TILE_WIDTH } from '../log/tile.ts';
import { parseLeaf } from '../record/leaf.ts';
import { createFaultList, type FaultList, type LogFault, messageOf } from './findings.ts';
import { readInventory } from './inventory.ts';
import { type KeptCheckpoint, verifyKept } from './kept-checkpoints.ts';
import { createRecordCheck, type RecordReading } from './record-check.ts';
import { createTileCheck } from './tile-check.ts';

export interface VerifyLogOptions {
  readonly objects: ObjectStore;
  /** Keys of which one at least must have signed the checkpoint. */
  readonly keys: readonly VerifierKey[];
  /** Keys of witnesses; how many of them cosigned the checkpoint is told. */
  readonly witnesses?: readonly VerifierKey[];
  /** Checkpoints that were kept elsewhere. */
  readonly kept?: readonly KeptCheckpoint[];
  /** Where given, every record is decrypted and held against what its leaf commits to. */
  readonly reading?: RecordReading;
  /** Told of the entries that have been looked at, every so often. */
  readonly onProgress?: (done: number, size: number) => void;
}

export interface VerifiedLog {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly faults: readonly LogFault[];
  readonly faultCount: number;
  /** How many checkpoints were kept elsewhere. */
  readonly kept: number;
  /** How many of those the log agrees with. With none, it is no more than consistent in itself. */
  readonly anchors: number;
  /** Names of the keys that signed the checkpoint. */
  readonly signers: readonly string[];
  /** Names of the witnesses that cosigned it. */
  readonly cosigners: readonly string[];
  /** Records that are gone, and a record of their erasure or retention says why. */
  readonly erased: number;
  readonly removed: number;
  /** Each writer's place behind its last entry. */
  readonly writers: ReadonlyMap<string, WriterPosition>;
  /** Objects behind the checkpoint's size: a batch that is being published. */
  readonly pending: number;
}

/**
 * Verifies a log as it is published: every object of it, to its last byte. Reads only, and repairs nothing.
 *
 * Nothing is encoded again: what is hashed is the bytes that are there.
 */
export async function verifyLog(options: VerifyLogOptions): Promise<VerifiedLog> {
  const { objects, keys, witnesses = [], kept = [], reading, onProgress = () => {} } = options;
  const faults = createFaultList();
  const checkpoint = await readCheckpoint(objects, { keys, witnesses, faults });
  const { origin, size, root: signedRoot, signers, cosigners } = checkpoint;
  const inventory = await readInventory(objects, { size, faults });
  const tiles = createTileCheck({ objects, inventory, size, faults });
  const records = createRecordCheck({ objects, inventory, faults, reading });
  const anchoring = verifyKept(kept, { keys, size, faults });
  const writers = new Map<string, WriterPosition>();
  let tree = { size: 0, frontier: [] as readonly Uint8Array[] };
  for (let bundle = 0; bundle * TILE_WIDTH < size; bundle += 1) {
    const from = bundle * TILE_WIDTH;
    const leaves = await readLeaves(tiles.bundle(bundle), { from, faults, size });
    const hashed = leaves.map((leaf) => ({ leaf, hash: leafHash(leaf) }));
    for (const [at, { leaf, hash }] of hashed.entries()) await checkLeaf(leaf, { index: from + at, hash });
    const hashes = hashed.map(({ hash }) => hash);
    await tiles.check(bundle, { leaves, hashes });
    for (const one of anchoring.sizesUpTo(from + hashes.length)) {
      anchoring.compare(one, rootOf(appendToFrontier(tree, hashes.slice(0, one - tree.size)).frontier));
    }
    tree = appendToFrontier(tree, hashes);
    // With leaves missing, all that stands behind them has other places.
    if (leaves.length < Math.min(TILE_WIDTH, size - from)) break;
    onProgress(tree.size, size);
  }
  const root = rootOf(tree.frontier);
  if (Buffer.compare(root, signedRoot) !== 0) {
    faults.add({ path: CHECKPOINT_PATH, message: 'the root it signs is not that of the leaves' });
  }
  await tiles.end();
  const { erased, removed } = await records.end();

  async function checkLeaf(bytes: Uint8Array, { index, hash }: { readonly index: number; readonly hash: Uint8Array }) {
    let leaf: ReturnType<typeof parseLeaf>;
    try {
      leaf = parseLeaf(bytes);
    } catch {
      faults.add({ index, message: 'its leaf cannot be read' });
      return;
    }
    const writer = Buffer.from(leaf.writer).toString('hex');
    const position = writers.get(writer);
    const counter = position?.counter ?? 0;
    if (leaf.counter !== counter) {
      faults.add({
        index,
        message: `writer ${writer} goes on with entry ${leaf.counter} where ${counter} is expected`,
      });
    } else if (position !== undefined && Buffer.compare(leaf.previous, position.previous) !== 0) {
      faults.add({ index, message: `it does not follow entry ${counter - 1} of writer ${writer}` });
    }
    writers.set(writer, { counter: leaf.counter + 1, previous: hash });
    await records.check({ index, leaf, bytes });
  }

  return {
    origin,
    size,
    root: signedRoot,
    faults: faults.sorted(),
    faultCount: faults.count,
    kept: kept.filter(({ isOwn = false }) => !isOwn).length,
    anchors: anchoring.agreed(),
    signers,
    cosigners,
    erased,
    removed,
    writers,
    pending: inventory.pending,
  };
}

interface SignedCheckpoint {
  readonly origin: string;
  readonly size: number;
  readonly root: Uint8Array;
  readonly signers: readonly string[];
  readonly cosigners: readonly string[];
}

interface CheckpointReading {
  readonly keys: readonly VerifierKey[];
  readonly witnesses: readonly VerifierKey[];
  readonly faults: FaultList;
}

async function readCheckpoint(
  objects: ObjectStore,
  { keys, witnesses, faults }: CheckpointReading,
): Promise<SignedCheckpoint> {
  const none = { origin: '', size: 0, root: EMPTY_ROOT, signers: [], cosigners: [] };
  const bytes = await objects.read(CHECKPOINT_PATH);
  if (bytes === undefined) return none;
  try {
    const note = Buffer.from(bytes).toString('utf8');
    const namesOf = (some: readonly VerifierKey[]) => verifyNote(note, some).signatures.map(({ key }) => key.name);
    const { text } = verifyNote(note, keys);
    const isCosigned = parseNote(note).signatures.some(({ id }) =>
      witnesses.some((one) => Buffer.compare(one.id, id) === 0),
    );
    return { ...parseCheckpoint(text), signers: namesOf(keys), cosigners: isCosigned ? namesOf(witnesses) : [] };
  } catch (error) {
    faults.add({ path: CHECKPOINT_PATH, message: messageOf(error) });
    return none;
  }
}

async function readLeaves(
  bundle: Promise<{ readonly path: string; readonly bytes: Uint8Array } | undefined>,
  { from, size, faults }: { readonly from: number; readonly size: number; readonly faults: FaultList },
): Promise<readonly Uint8Array[]> {
  const found = await bundle;
  if (found === undefined) return [];
  const width = Math.min(TILE_WIDTH, size - from);
  try {
    const leaves = parseBundle(found.bytes);
    if (leaves.length < width)
      faults.add({ index: from + leaves.length, path: found.path, message: 'entries are missing' });
    return leaves.slice(0, width);
  } catch {
    faults.add({ index: from, path: found.path, message: 'it is no bundle of entries' });
    return [];
  }
}
