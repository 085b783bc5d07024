import { parseLeaf } from '../record/leaf.ts';
import { toCheckpoint } from './checkpoint.ts';
import type { LogEntry, LogSigner, ObjectStore, WriterPosition } from './contracts.ts';
import { type LogHead, START_OF_WRITER } from './log-head.ts';
import { appendToFrontier, rootOf } from './merkle.ts';
import { type SegmentRecord, toSegment, toSegmentPath } from './segment.ts';
import { signNote } from './signed-note.ts';
import { type StagedBatch, type StagedObject, toStagedBatch } from './staging.ts';
import { partialPathsOf, tilesOf } from './tile.ts';

/** Writers that were heard of last, and are kept in the head though the journal has nothing of them any more. */
const REMEMBERED_WRITERS = 4_000;

/** The head that a batch of entries makes, and what is to be published with it. */
export interface Batch {
  readonly head: LogHead;
  readonly staged: StagedBatch;
  /** Time of the oldest request, epoch milliseconds; infinite where it has none. Receipts promise of requests alone. */
  readonly oldestRequest: number;
}

/** Entries by writer, each writer's in order from where the head has it. */
export type Gathered = ReadonlyMap<string, readonly LogEntry[]>;

/** A writer's entries do not go on where the log has it: something was left out, changed or put in again. */
class BrokenChainError extends Error {
  override readonly name = 'BrokenChainError';

  constructor(writer: string, counter: number) {
    super(`entry ${counter} of writer ${writer} does not follow the one before it`);
  }
}

interface BatcherOptions {
  readonly objects: ObjectStore;
  readonly signer: LogSigner;
}

/** Makes the batch that takes the log from a head to the next. Rejects with a `BrokenChainError`. */
export function createBatcher({ objects, signer }: BatcherOptions) {
  /** The partial tiles that the last batch ended with, so that the next need not read them. */
  let edge: ReadonlyMap<string, Uint8Array> = new Map();

  async function readEdge(size: number): Promise<ReadonlyMap<string, Uint8Array>> {
    const partials = new Map<string, Uint8Array>();
    for (const path of partialPathsOf(size)) {
      const bytes = edge.get(path) ?? (await objects.read(path));
      if (bytes === undefined) throw new Error(`the log lacks \`${path}\``);
      partials.set(path, bytes);
    }
    return partials;
  }

  return async (old: LogHead, gathered: Gathered, listed: readonly string[] = []): Promise<Batch> => {
    const writers = new Map(old.writers);
    const entries: LogEntry[] = [];
    const segments = new Map<string, SegmentRecord[]>();
    let frontier = old.frontier;
    let oldestRequest = Number.POSITIVE_INFINITY;
    for (const [writer, given] of gathered) {
      let position = writers.get(writer) ?? START_OF_WRITER;
      for (const entry of given) {
        const leaf = parseLeaf(entry.leaf);
        if (!follows(leaf, { writer, position })) throw new BrokenChainError(writer, position.counter);
        position = { counter: position.counter + 1, previous: entry.leafHash };
        if (leaf.type === 'request') oldestRequest = Math.min(oldestRequest, leaf.time);
        const alias = Buffer.from(leaf.tenantAlias).toString('hex');
        const segment = segments.get(alias) ?? [];
        segment.push({ index: old.size + entries.length, sealed: entry.sealed });
        segments.set(alias, segment);
        entries.push(entry);
      }
      // Taken out first, so that the writer comes last: those who have been silent longest are forgotten first.
      writers.delete(writer);
      writers.set(writer, position);
    }
    frontier = appendToFrontier(
      { size: old.size, frontier },
      entries.map(({ leafHash }) => leafHash),
    ).frontier;
    const size = old.size + entries.length;
    const partials = await readEdge(old.size);
    const leaves = entries.map(({ leaf }) => leaf);
    const tiles = tilesOf({ oldSize: old.size, leaves, partials });
    edge = new Map(tiles.filter(({ isFull }) => !isFull).map(({ path, bytes }) => [path, bytes]));
    const checkpoint = await signNote(toCheckpoint({ origin: signer.name, size, root: rootOf(frontier) }), [signer]);
    const staged = toStagedBatch([
      ...toObjects(segments),
      ...tiles.map(({ isFull, ...tile }) => ({ ...tile, isLocked: isFull })),
    ]);
    return {
      staged,
      oldestRequest,
      head: {
        size,
        frontier,
        writers: forgetOldest(writers, new Set([...listed, ...gathered.keys()])),
        checkpoint,
        staged: staged.name,
      },
    };
  };
}

function follows(
  leaf: WriterPosition & { readonly writer: Uint8Array },
  { writer, position }: { readonly writer: string; readonly position: WriterPosition },
): boolean {
  return (
    Buffer.from(leaf.writer).toString('hex') === writer &&
    leaf.counter === position.counter &&
    Buffer.compare(leaf.previous, position.previous) === 0
  );
}

function toObjects(segments: ReadonlyMap<string, readonly SegmentRecord[]>): readonly StagedObject[] {
  return [...segments].flatMap(([tenantAlias, records]) =>
    records.slice(0, 1).map(({ index: first }) => ({
      path: toSegmentPath({ tenantAlias, first }),
      bytes: toSegment(records),
      isLocked: true,
    })),
  );
}

/** Never those that the journal still has entries of: it would be read anew from their beginning. */
function forgetOldest(writers: LogHead['writers'], needed: ReadonlySet<string>): LogHead['writers'] {
  let excess = writers.size - Math.max(REMEMBERED_WRITERS, needed.size);
  if (excess <= 0) return writers;
  return new Map([...writers].filter(([writer]) => needed.has(writer) || excess-- <= 0));
}
