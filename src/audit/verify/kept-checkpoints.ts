import { parseCheckpoint } from '../log/checkpoint.ts';
import { type VerifierKey, verifyNote } from '../log/signed-note.ts';
import { type FaultList, messageOf } from './findings.ts';

/** A checkpoint that was kept where who holds the log cannot change it. */
export interface KeptCheckpoint {
  /** For the reader: where it was kept. */
  readonly source: string;
  readonly note: string;
  /** Whether it is the gateway's own, which who holds the log can change too: then it is no anchor. */
  readonly isOwn?: boolean;
}

/** Holds kept checkpoints against a log as its leaves go by. */
export interface Anchoring {
  /** Sizes of kept checkpoints, up to `size`, that were not compared yet. */
  sizesUpTo(size: number): readonly number[];
  /** The log's root at a size. */
  compare(size: number, root: Uint8Array): void;
  /** How many that were kept elsewhere agree. */
  agreed(): number;
}

interface Anchor {
  readonly source: string;
  readonly isOwn: boolean;
  readonly size: number;
  readonly root: Uint8Array;
}

/** Reads kept checkpoints. One that is not signed, or for more than the log has, is a fault. */
export function verifyKept(
  kept: readonly KeptCheckpoint[],
  { keys, size, faults }: { readonly keys: readonly VerifierKey[]; readonly size: number; readonly faults: FaultList },
): Anchoring {
  let waiting: Anchor[] = [];
  let agreed = 0;
  for (const { source, note, isOwn = false } of kept) {
    try {
      const checkpoint = parseCheckpoint(verifyNote(note, keys).text);
      if (checkpoint.size <= size) waiting.push({ source, isOwn, ...checkpoint });
      else
        faults.add({
          index: size,
          message: `${source} has a checkpoint for ${checkpoint.size} entries: the log was cut`,
        });
    } catch (error) {
      faults.add({ message: `${source}: ${messageOf(error)}` });
    }
  }
  // An empty tree is the beginning of every log.
  waiting = waiting.filter((anchor) => anchor.size > 0);
  return {
    sizesUpTo: (limit) => [...new Set(waiting.filter((anchor) => anchor.size <= limit).map((anchor) => anchor.size))],
    compare(at, root) {
      for (const anchor of waiting.filter((one) => one.size === at)) {
        if (Buffer.compare(anchor.root, root) !== 0) {
          faults.add({ index: 0, message: `${anchor.source} has another log of the first ${at} entries` });
        } else if (!anchor.isOwn) agreed += 1;
      }
      waiting = waiting.filter((one) => one.size !== at);
    },
    agreed: () => agreed,
  };
}
