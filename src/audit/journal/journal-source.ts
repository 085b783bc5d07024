import { join } from 'node:path';
import type { JournalSource, LogEntry } from '../log/contracts.ts';
import type { JournalDisk } from './disk.ts';
import { parseEntry } from './entry.ts';
import { FRAME_OVERHEAD, frameLength, readFrame } from './frame.ts';
import { JournalDamageError } from './journal-error.ts';
import { type FileHead, hasMarkAfter, MAGIC, parseFileHead, parseSeal, SEAL_FRAME_BYTES } from './journal-file.ts';
import { listSeries, type Series, writerOf } from './series.ts';

interface JournalSourceOptions {
  readonly disk: JournalDisk;
  readonly directory: string;
}

/** Where in a writer's files its entry `counter` stands, or will. */
interface Cursor {
  counter: number;
  file: string;
  offset: number;
}

/** Files begin with their head, which is longer only where many exchanges were open. */
const USUAL_HEAD = 64 * 1024;

/**
 * The journal of a directory, as the sequencer reads it: beside its writer, or without one. It remembers how far it has
 * read, so that what is new is found without reading what is not.
 *
 * Rejects with `JournalDamageError` where a file is not as it was written.
 */
export function createJournalSource({ disk, directory }: JournalSourceOptions): JournalSource {
  const cursors = new Map<string, Cursor>();

  async function seriesOf(writer: string): Promise<Series> {
    const all = await listSeries(disk, directory);
    return all.find((series) => writerOf(series) === writer) ?? [];
  }

  /** The head of a file, and where it ends; undefined of a file that is being made. */
  async function readHead(file: string): Promise<{ readonly head: FileHead; readonly end: number } | undefined> {
    const path = join(directory, file);
    const start = await disk.readDurable(path, MAGIC.length, USUAL_HEAD);
    const length = frameLength(start) ?? 0;
    const bytes = length > start.length ? await disk.readDurable(path, MAGIC.length, length) : start;
    const frame = readFrame(bytes, 0);
    if (frame.kind === 'incomplete') return undefined;
    if (frame.kind !== 'head') throw new JournalDamageError({ file, offset: MAGIC.length }, 'its head is broken');
    return { head: parseFileHead(frame.payload), end: MAGIC.length + frame.end };
  }

  /** The place of an entry that was not read before. */
  async function locate(writer: string, counter: number): Promise<Cursor | undefined> {
    let first: FileHead | undefined;
    for (const file of (await seriesOf(writer)).toReversed()) {
      const beginning = await readHead(file);
      // A file that is being made; the one before it has the rest.
      if (beginning === undefined) continue;
      first = beginning.head;
      if (first.counter <= counter) return { counter: first.counter, file, offset: beginning.end };
    }
    if (first === undefined) return undefined;
    throw new JournalDamageError({ file: `${writer}-`, offset: 0 }, 'entries are missing');
  }

  /** Nothing where the broken frame may be a write that is under way, or was cut off: the next start takes it off. */
  async function refuseDamage(file: string, offset: number): Promise<void> {
    const whole = await disk.read(join(directory, file));
    if (hasMarkAfter(whole, offset)) throw new JournalDamageError({ file, offset }, 'a frame is broken');
  }

  /** The file behind the cursor's, once there is one. */
  async function goOn(writer: string, cursor: Cursor): Promise<boolean> {
    const series = await seriesOf(writer);
    const next = series[series.indexOf(cursor.file) + 1];
    if (next === undefined) return false;
    const beginning = await readHead(next);
    if (beginning === undefined) return false;
    if (beginning.head.counter !== cursor.counter) {
      throw new JournalDamageError({ file: next, offset: MAGIC.length }, 'entries are missing');
    }
    cursor.file = next;
    cursor.offset = beginning.end;
    return true;
  }

  /** Reads on in the cursor's file and takes entries from `counter` on. Gives how many bytes it went on by. */
  async function take(cursor: Cursor, { counter, maxBytes }: Wanted, into: LogEntry[]): Promise<number> {
    const { file } = cursor;
    let chunk = await disk.readDurable(join(directory, file), cursor.offset, maxBytes);
    const needed = frameLength(chunk);
    if (needed !== undefined && needed > chunk.length && chunk.length === maxBytes) {
      chunk = await disk.readDurable(join(directory, file), cursor.offset, needed);
    }
    let at = 0;
    while (at < chunk.length) {
      const frame = readFrame(chunk, at);
      if (frame.kind === 'incomplete') break;
      if (frame.kind === 'broken') {
        await refuseDamage(file, cursor.offset + at);
        break;
      }
      if (frame.kind === 'entry') {
        const entry = parseEntry(frame.payload);
        if (entry.counter !== cursor.counter) {
          throw new JournalDamageError({ file, offset: cursor.offset + at }, 'entries are missing');
        }
        if (entry.counter >= counter) into.push({ leaf: entry.leaf, sealed: entry.sealed, leafHash: frame.digest });
        cursor.counter += 1;
      }
      at = frame.end;
    }
    cursor.offset += at;
    return at;
  }

  return {
    async writers() {
      return (await listSeries(disk, directory)).map(writerOf);
    },

    async read(writer, counter, maxBytes) {
      const known = cursors.get(writer);
      const cursor = known?.counter === counter ? known : await locate(writer, counter);
      if (cursor === undefined) return { entries: [], hasMore: false };
      cursors.delete(writer);
      const entries: LogEntry[] = [];
      let hasMore = true;
      for (let left = maxBytes; hasMore && (left > 0 || entries.length === 0); ) {
        const taken = await take(cursor, { counter, maxBytes: Math.max(left, FRAME_OVERHEAD) }, entries);
        left -= taken;
        hasMore = taken > 0 || (await goOn(writer, cursor));
      }
      cursors.set(writer, cursor);
      return { entries, hasMore };
    },

    async discard(writer, counter) {
      const series = await seriesOf(writer);
      for (const [index, file] of series.entries()) {
        const next = series[index + 1];
        const end =
          next === undefined ? await sealedAt(disk, join(directory, file)) : (await readHead(next))?.head.counter;
        if (end === undefined || end > counter) return;
        await disk.remove(join(directory, file));
        if (cursors.get(writer)?.file === file) cursors.delete(writer);
      }
    },
  };
}

interface Wanted {
  /** The first entry that is. */
  readonly counter: number;
  readonly maxBytes: number;
}

/** The counter that a sealed file ends at; undefined of one that is not sealed. */
async function sealedAt(disk: JournalDisk, path: string): Promise<number | undefined> {
  const frame = readFrame(await disk.readEnd(path, SEAL_FRAME_BYTES), 0);
  return frame.kind === 'seal' ? parseSeal(frame.payload).counter : undefined;
}
