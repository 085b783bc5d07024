import { type Entry, parseEntry } from './entry.ts';
import { type Frame, type FrameKind, readFrame } from './frame.ts';
import { JournalDamageError } from './journal-error.ts';
import {
  type ChainPosition,
  type FileHead,
  hasMarkAfter,
  MAGIC,
  parseFileHead,
  parseFileName,
  parseMark,
  parseSeal,
} from './journal-file.ts';

interface ScannedFile {
  readonly head: FileHead;
  /** Where the writer stood at the end of the file. */
  readonly position: ChainPosition;
  /** Offset just past the last good frame. */
  readonly end: number;
  /** What follows `end`: nothing, a frame that was cut off, or bytes of the last write that are wrong. */
  readonly tail: 'none' | 'incomplete' | 'broken';
  readonly sealed: boolean;
}

/** An entry and where it stands in its file. Its bytes are views of the file's. */
export interface ScannedEntry {
  readonly entry: Entry;
  readonly offset: number;
  /** Merkle leaf hash. */
  readonly leafHash: Uint8Array;
}

type EntryVisitor = (scanned: ScannedEntry) => void;

/**
 * Reads a journal file frame by frame and checks all that can be checked without keys: checksums, that counters have
 * no gap, that each entry names the hash of the one before it, that every write continues the last.
 *
 * Undefined where the file ends within its own beginning, before any entry. Throws `JournalDamageError` for anything
 * else but a bad end, which is told as `tail`: what it means depends on whether the file may still be written to.
 */
export function scanFile(file: string, bytes: Buffer, visit: EntryVisitor): ScannedFile | undefined {
  const beginning = readBeginning(file, bytes);
  if (beginning === undefined) return undefined;
  const { head } = beginning;
  let position: ChainPosition = head;
  let at = beginning.end;
  let sealed = false;
  while (at < bytes.length) {
    const frame = readFrame(bytes, at);
    if (frame.kind === 'incomplete' || frame.kind === 'broken') {
      if (hasMarkAfter(bytes, at)) throw new JournalDamageError({ file, offset: at }, 'a frame is broken');
      return { head, position, end: at, tail: frame.kind, sealed };
    }
    if (sealed) throw new JournalDamageError({ file, offset: at }, 'something follows the seal');
    const step = steps[frame.kind](frame, { file, offset: at, head, position });
    if (step.entry !== undefined) visit({ entry: step.entry, offset: at, leafHash: frame.digest });
    position = step.position;
    sealed = frame.kind === 'seal';
    at = frame.end;
  }
  return { head, position, end: at, tail: 'none', sealed };
}

function readBeginning(file: string, bytes: Buffer): { readonly head: FileHead; readonly end: number } | undefined {
  const magic = bytes.subarray(0, MAGIC.length);
  if (!magic.equals(MAGIC.subarray(0, magic.length))) {
    throw new JournalDamageError({ file, offset: 0 }, 'it does not begin as a journal file does');
  }
  const offset = MAGIC.length;
  const frame = readFrame(bytes, Math.min(offset, bytes.length));
  if (frame.kind === 'incomplete' && !hasMarkAfter(bytes, 0)) return undefined;
  if (frame.kind !== 'head') throw new JournalDamageError({ file, offset }, 'its head is broken');
  const head = parsed({ file, offset }, () => parseFileHead(frame.payload));
  const name = parseFileName(file);
  if (name?.writer !== Buffer.from(head.writer).toString('hex') || name.sequence !== head.sequence) {
    throw new JournalDamageError({ file, offset }, "its head is another file's");
  }
  return { head, end: frame.end };
}

interface Place {
  readonly file: string;
  readonly offset: number;
  readonly head: FileHead;
  readonly position: ChainPosition;
}

interface Step {
  readonly position: ChainPosition;
  readonly entry?: Entry;
}

/** Checks a frame of each kind against what came before it. */
const steps: Readonly<Record<FrameKind, (frame: Frame, place: Place) => Step>> = {
  head(_, place) {
    throw new JournalDamageError(place, 'it has a second head');
  },
  mark({ payload }, place) {
    const mark = parsed(place, () => parseMark(payload));
    if (mark.offset !== place.offset) throw new JournalDamageError(place, 'a mark is not where it was written');
    if (mark.counter !== place.position.counter) throw new JournalDamageError(place, 'entries are missing');
    return { position: place.position };
  },
  entry({ payload, digest }, place) {
    const entry = parsed(place, () => parseEntry(payload));
    if (!isSame(entry.writer, place.head.writer)) throw new JournalDamageError(place, "an entry is another writer's");
    checkContinues(place, entry);
    return { position: { counter: entry.counter + 1, previous: digest }, entry };
  },
  seal({ payload }, place) {
    checkContinues(
      place,
      parsed(place, () => parseSeal(payload)),
    );
    return { position: place.position };
  },
};

/** Throws unless `next` says it comes at this place of its writer's chain. */
export function checkContinues(place: Omit<Place, 'head'>, next: ChainPosition): void {
  if (next.counter !== place.position.counter) throw new JournalDamageError(place, 'entries are missing');
  if (!isSame(next.previous, place.position.previous)) {
    throw new JournalDamageError(place, 'the entry before it is not the one that was written');
  }
}

function parsed<T>(place: { readonly file: string; readonly offset: number }, parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new JournalDamageError(place, 'it cannot be read', cause);
  }
}

function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return Buffer.compare(one, other) === 0;
}
