import type { HeadStore } from '../../core/index.ts';
import { parseLeaf } from '../record/leaf.ts';
import { parseCheckpoint } from './checkpoint.ts';
import type { LogSigner, WriterPosition } from './contracts.ts';
import { EMPTY_HEAD, parseLogHead, toHeadBytes } from './log-head.ts';
import type { LogReader } from './log-reader.ts';
import { appendToFrontier, leafHash, rootOf } from './merkle.ts';
import { signNote, toVerifierKey, verifyNote } from './signed-note.ts';

/** The head is what it should be, or the log is not fit to make one of. */
export class HeadNotRestoredError extends Error {
  override readonly name = 'HeadNotRestoredError';
}

/** Sizes of the log that the head was for, and is for now. */
export interface RestoredHead {
  readonly from: number;
  readonly to: number;
}

interface RestoreHeadOptions {
  readonly heads: HeadStore;
  readonly reader: LogReader;
  readonly signer: LogSigner;
}

/**
 * Makes the log's head anew from the published log, for a state that was lost or put back from a backup: reads every
 * leaf, and takes the log only where its checkpoint is signed with the gateway's own key and its root is theirs.
 *
 * Safe beside a gateway: a head that moved meanwhile stays. Rejects with a `HeadNotRestoredError`.
 */
export async function restoreHead({ heads, reader, signer }: RestoreHeadOptions): Promise<RestoredHead> {
  const old = await heads.read();
  const from = old === undefined ? EMPTY_HEAD : parseLogHead(old);
  const published = await reader.checkpoint();
  if (published === undefined) throw new HeadNotRestoredError('there is no published log to make the head from');
  const { text } = verifyNote(published.note, [toVerifierKey(signer.name, signer.publicKey)]);
  const { size, root } = parseCheckpoint(text);
  if (from.size > size)
    throw new HeadNotRestoredError('the head is further than the published log: nothing was put back');
  const writers = new Map<string, WriterPosition>();
  let tree = { size: 0, frontier: EMPTY_HEAD.frontier };
  while (tree.size < size) {
    const leaves = await reader.leaves(tree.size, size);
    for (const leaf of leaves) {
      const { writer: id, counter } = parseLeaf(leaf);
      const writer = Buffer.from(id).toString('hex');
      // Taken out first, so that the last to move on comes last.
      writers.delete(writer);
      writers.set(writer, { counter: counter + 1, previous: leafHash(leaf) });
    }
    tree = appendToFrontier(tree, leaves.map(leafHash));
  }
  const { frontier } = tree;
  if (Buffer.compare(rootOf(frontier), root) !== 0) {
    throw new HeadNotRestoredError('the log is not what its checkpoint signs: run `audit verify`');
  }
  if (from.size === size && Buffer.compare(rootOf(from.frontier), root) === 0) {
    throw new HeadNotRestoredError('the head is as far as the published log: nothing to restore');
  }
  const head = { size, frontier, writers, checkpoint: await signNote(text, [signer]), staged: '' };
  if (!(await heads.replace(old, toHeadBytes(head)))) {
    throw new HeadNotRestoredError('the head moved on meanwhile: a gateway is at work');
  }
  return { from: from.size, to: size };
}
