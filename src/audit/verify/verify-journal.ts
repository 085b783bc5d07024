import type { JournalDisk } from '../journal/disk.ts';
import { JournalDamageError } from '../journal/journal-error.ts';
import { forEachSeries, readSeries, type Series, writerOf } from '../journal/series.ts';
import type { WriterPosition } from '../log/contracts.ts';
import type { LogFault } from './findings.ts';

/** Entries of a writer that follow each other in the journal. */
export interface JournaledRun {
  /** 16 hexadecimal digits. */
  readonly writer: string;
  readonly file: string;
  /** Counter of the first, and what it says of the one before it. */
  readonly first: WriterPosition;
  /** Merkle leaf hashes, in order. */
  readonly leafHashes: readonly Uint8Array[];
}

/** What a journal held when it was read. */
export interface ScannedJournal {
  /** A writer's in their order; of those between two runs the journal says that they are in the log. */
  readonly runs: readonly JournaledRun[];
  readonly faults: readonly LogFault[];
}

/**
 * Reads a whole journal and checks all that can be checked of it alone, to its last entry. Read before the log: what the
 * journal lets go of while the log is read is in it by then.
 */
export async function scanJournal(disk: JournalDisk, directory: string): Promise<ScannedJournal> {
  const writers = new Map<string, JournaledRun>();
  const faults: LogFault[] = [];

  async function scan(series: Series): Promise<void> {
    const leafHashes: Uint8Array[] = [];
    writers.delete(writerOf(series));
    await readSeries({ disk, directory, series }, ({ entry, file, leafHash }) => {
      const { counter, previous } = entry;
      const writer = Buffer.from(entry.writer).toString('hex');
      if (leafHashes.length === 0) {
        writers.set(writer, { writer, file, first: { counter, previous: Uint8Array.from(previous) }, leafHashes });
      }
      leafHashes.push(leafHash);
    });
  }

  async function noteDamage(read: () => Promise<void>): Promise<void> {
    try {
      await read();
    } catch (error) {
      if (!(error instanceof JournalDamageError)) throw error;
      faults.push({ path: error.file, message: error.message });
    }
  }

  await noteDamage(() => forEachSeries(disk, directory, (series) => noteDamage(() => scan(series))));
  return { runs: [...writers.values()], faults };
}

export interface VerifiedJournal {
  readonly faults: readonly LogFault[];
  /** Entries that are not in the log. */
  readonly unsequenced: number;
}

/** Whether a journal goes on where the log, which was read after it, ends: nothing may be missing, nothing be another. */
export function verifyJournal(journal: ScannedJournal, log: ReadonlyMap<string, WriterPosition>): VerifiedJournal {
  const faults = [...journal.faults];
  let unsequenced = 0;
  const reached = new Map<string, number>();
  for (const { writer, file, first, leafHashes } of journal.runs) {
    const inLog = log.get(writer) ?? { counter: 0, previous: new Uint8Array(32) };
    const end = first.counter + leafHashes.length;
    const next = Math.max(inLog.counter, reached.get(writer) ?? 0);
    reached.set(writer, end);
    if (first.counter > next) {
      const missing = `entries ${next} to ${first.counter - 1} of writer ${writer} are neither here nor in the log`;
      faults.push({ path: file, message: missing });
    }
    unsequenced += Math.max(0, end - Math.max(first.counter, inLog.counter));
    // The last entry that the log has of this writer, where the journal has it too or says what it was.
    const same = inLog.counter === first.counter ? first.previous : leafHashes[inLog.counter - 1 - first.counter];
    if (same !== undefined && Buffer.compare(same, inLog.previous) !== 0) {
      faults.push({ path: file, message: `writer ${writer} does not go on here where the log ends` });
    }
  }
  return { faults, unsequenced };
}
