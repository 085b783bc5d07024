import { parseCheckpoint } from './checkpoint.ts';
import { noteText } from './signed-note.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';
const HASH_BYTES = 32;
/** A tree that numbers can count has no leaf deeper than this. */
const MOST_HASHES = 53;
const LONGEST_PROOF = 2_000_000;

/** Everything it takes to see offline that an entry is in a log (C2SP tlog-proof). */
export interface LogProof {
  /** Of the entry in the log. */
  readonly index: number;
  /** 32 bytes each, from the leaf's sibling to the root's child. */
  readonly hashes: readonly Uint8Array[];
  /** The signed note of the checkpoint that the hashes lead to. */
  readonly checkpoint: string;
  /** Data of the application. Nothing vouches for it; empty is none. */
  readonly extra?: Uint8Array;
}

/** The text of a `.tlog-proof` file. */
export function toProofText({ index, hashes, checkpoint, extra }: LogProof): string {
  const lines = extra === undefined || extra.length === 0 ? [] : [`extra ${toBase64(extra)}`];
  return [HEADER, ...lines, `index ${index}`, ...hashes.map(toBase64), '', checkpoint].join('\n');
}

/**
 * Reads the text of a `.tlog-proof` file; throws where it is not one, or written otherwise than it must be. Its
 * checkpoint's signatures and its hashes are not verified.
 */
export function parseProofText(text: string): LogProof {
  const end = text.indexOf('\n\n');
  if (end < 0 || text.length > LONGEST_PROOF) throw notAProof();
  const [header, ...lines] = text.slice(0, end).split('\n');
  const [, encoded] = /^extra (.+)$/.exec(lines[0] ?? '') ?? [];
  if (encoded !== undefined) lines.shift();
  const extra = encoded === undefined ? undefined : parseBase64(encoded);
  const [, digits] = /^index (0|[1-9][0-9]{0,15})$/.exec(lines.shift() ?? '') ?? [];
  if (header !== HEADER || digits === undefined || lines.length > MOST_HASHES) throw notAProof();
  const hashes = lines.map(parseBase64);
  if (hashes.some(({ length }) => length !== HASH_BYTES)) throw notAProof();
  const [index, checkpoint] = [Number(digits), text.slice(end + 2)];
  if (index >= sizeOf(checkpoint)) throw notAProof();
  return { index, hashes, checkpoint, ...(extra === undefined ? {} : { extra }) };
}

function sizeOf(checkpoint: string): number {
  try {
    return parseCheckpoint(noteText(checkpoint)).size;
  } catch (cause) {
    throw notAProof(cause);
  }
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function parseBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  // The lenient decoder takes what is no base64 for nothing; only what it would write itself counts.
  if (bytes.toString('base64') !== text) throw notAProof();
  return new Uint8Array(bytes);
}

function notAProof(cause?: unknown): Error {
  return new Error('not a proof of inclusion', { cause });
}
