import { join } from 'node:path';
import type { JournalDisk } from './disk.ts';
import { JournalDamageError } from './journal-error.ts';
import { type ChainPosition, MAGIC, parseFileName, START_OF_CHAIN } from './journal-file.ts';
import { checkContinues, type ScannedEntry, scanFile } from './scan.ts';

/** The files of one writer, by name, in the order they were written. Earlier ones may have been archived. */
export type Series = readonly string[];

const WRITER_DIGITS = 16;

/** A writer's id in hexadecimal: the name of each of its files begins with it. */
export function writerOf([first]: Series): string {
  return String(first).slice(0, WRITER_DIGITS);
}

/** Lists the series in a directory. Throws `JournalDamageError` where a file between two others is missing. */
export async function listSeries(disk: JournalDisk, directory: string): Promise<readonly Series[]> {
  for (let before: readonly string[] = []; ; ) {
    const names = (await disk.list(directory)).toSorted();
    try {
      return toSeries(names);
    } catch (error) {
      // A listing made while files are taken away may have an earlier one and lack a later: then the next one differs.
      if (names.join() === before.join()) throw error;
      before = names;
    }
  }
}

/**
 * Reads every series in a directory; `read` begins anew, with the files there are by then, where one was taken away while
 * it read: those are in the log.
 */
export async function forEachSeries(
  disk: JournalDisk,
  directory: string,
  read: (series: Series) => Promise<void>,
): Promise<void> {
  async function readCurrent(series: Series): Promise<void> {
    try {
      await read(series);
    } catch (error) {
      if (!isMissing(error)) throw error;
      const current = (await listSeries(disk, directory)).find((other) => writerOf(other) === writerOf(series));
      if (current === undefined) return;
      // Still listed, and not there: no reader's business but a fault of the disk.
      if (current.join() === series.join()) throw error;
      await readCurrent(current);
    }
  }

  for (const series of await listSeries(disk, directory)) await readCurrent(series);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function toSeries(names: readonly string[]): readonly Series[] {
  const series = new Map<string, { name: string; sequence: number }[]>();
  for (const name of names) {
    const parsed = parseFileName(name);
    if (parsed === undefined) continue;
    const files = series.get(parsed.writer) ?? [];
    files.push({ name, sequence: parsed.sequence });
    series.set(parsed.writer, files);
  }
  return [...series.values()].map((files) => {
    files.sort((one, other) => one.sequence - other.sequence);
    for (const [index, { name, sequence }] of files.entries()) {
      const before = files[index - 1];
      if (before !== undefined && sequence !== before.sequence + 1) {
        throw new JournalDamageError({ file: name, offset: 0 }, 'the file before it is missing');
      }
    }
    return files.map(({ name }) => name);
  });
}

export interface PlacedEntry extends ScannedEntry {
  readonly file: string;
}

/**
 * Reads a writer's files and checks its whole chain; `visit` takes every entry in order.
 *
 * Safe beside the writer: a frame that is cut off at the very end is one that is being written. Anything else that
 * is not as it was written throws `JournalDamageError`.
 */
export async function readSeries(
  { disk, directory, series }: { readonly disk: JournalDisk; readonly directory: string; readonly series: Series },
  visit: (placed: PlacedEntry) => void,
): Promise<void> {
  let position: ChainPosition | undefined;
  for (const file of series) {
    const bytes = await disk.read(join(directory, file));
    const scanned = scanFile(file, bytes, (entry) => visit({ ...entry, file }));
    const mayGrow = file === series.at(-1);
    if (scanned === undefined) {
      if (mayGrow) return;
      throw new JournalDamageError({ file, offset: bytes.length }, 'it is cut off');
    }
    const before = scanned.head.sequence === 0 ? START_OF_CHAIN : position;
    if (before !== undefined) checkContinues({ file, offset: MAGIC.length, position: before }, scanned.head);
    if (scanned.tail === 'broken' || (scanned.tail === 'incomplete' && (!mayGrow || scanned.sealed))) {
      throw new JournalDamageError({ file, offset: scanned.end }, 'its end is broken');
    }
    position = scanned.position;
  }
}
