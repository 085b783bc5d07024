import { type Checkpoint, parseCheckpoint } from './checkpoint.ts';
import { LogConflictError, type LogSigner } from './contracts.ts';
import { parseNote, toVerifierKey, verifyNote } from './signed-note.ts';

export const CHECKPOINT_PATH = 'checkpoint';

/**
 * The checkpoint of a published note. Throws a `LogConflictError` where it is none that this key signed: a store writes
 * it whole or not at all, so that something else had a hand in it, and it must stay for whoever looks into that.
 */
export function parsePublished(note: Uint8Array, { publicKey }: Pick<LogSigner, 'publicKey'>): Checkpoint {
  const text = Buffer.from(note).toString('utf8');
  try {
    const checkpoint = parseCheckpoint(parseNote(text).text);
    // In the log's name at that time: `audit.origin` says under which it goes on.
    verifyNote(text, [toVerifierKey(checkpoint.origin, publicKey)]);
    return checkpoint;
  } catch (cause) {
    throw new LogConflictError(CHECKPOINT_PATH, { cause });
  }
}
