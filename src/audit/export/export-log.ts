import { parseCheckpoint } from '../log/checkpoint.ts';
import type { ObjectStore } from '../log/contracts.ts';
import { createLogReader } from '../log/log-reader.ts';
import { CHECKPOINT_PATH } from '../log/published-checkpoint.ts';
import { noteText } from '../log/signed-note.ts';
import type { RecordKeyFinder } from '../record/record-keys.ts';
import { toDisclosedLine } from './disclosed-entry.ts';
import type { ExportContext } from './exchange.ts';
import {
  checkExportDirectory,
  createExportDirectory,
  type ExportDirectory,
  ExportError,
  type LineFile,
  readVerifier,
} from './export-directory-store.ts';
import type { ExportFilter } from './export-filter.ts';
import { type ExportFormat, exportFormats } from './export-formats.ts';
import { type ExportedLog, toReadme } from './export-readme.ts';
import { isOfExchange, toExchange } from './open-exchanges.ts';
import { createEntryReader, type OpenedEntry } from './opened-entry.ts';
import { copyLog } from './published-log.ts';
import { createSelection, exchangesOf, type Selection } from './selection.ts';

export { ExportError, type ExportedLog, exportFormats };

const HELD_BYTES = 64 * 1024 * 1024;

export interface ExportLogOptions {
  readonly objects: ObjectStore;
  readonly findKey: RecordKeyFinder;
  /** Must not be there, or be empty. */
  readonly directory: string;
  readonly formats: readonly ExportFormat[];
  readonly context: Omit<ExportContext, 'origin'>;
  readonly filter: ExportFilter;
  /**
   * Called once it can be done, before anything is written, with all entries of each exchange that the filter takes:
   * whether that may be read is asked, and recorded, first. What goes out without content needs none.
   */
  readonly beforeWriting?: (exchanges: AsyncIterable<readonly OpenedEntry[]>) => Promise<void>;
  /** Told of the entries that have been read, every one; where they are read twice, each time. */
  readonly onProgress?: (done: number, size: number) => void;
  /** How much text of exchanges that are not whole yet is held; 64 MiB unless told. */
  readonly heldBytes?: number;
}

/**
 * Writes what a filter takes of a log to a directory, so that whoever gets it can verify it without a key. It is read
 * from the log itself, not through the index, which could leave out what it has lost. The published checkpoint comes
 * last: an export that broke off has none, and does not verify.
 *
 * Rejects with an `ExportError` where there is no log yet or the directory is not empty, with a `LogDamageError`
 * where a record does not open.
 */
export async function exportLog(options: ExportLogOptions): Promise<ExportedLog> {
  const { objects, directory, beforeWriting, heldBytes = HELD_BYTES } = options;
  await checkExportDirectory(directory);
  const reader = createLogReader(objects);
  const published = await reader.checkpoint();
  if (published === undefined) throw new ExportError('there is no published log yet');
  const { note, size } = published;
  const { origin } = parseCheckpoint(noteText(note));
  const entries = createEntryReader({ reader, findKey: options.findKey, size });
  const select = () => createSelection({ ...options, entries, size, heldBytes });
  const asked = await askAbout(select, beforeWriting);
  const to = await createExportDirectory(directory);
  const writer = await openWriter(to, { ...options, context: { ...options.context, origin } });
  const selection = select();
  try {
    for await (const taken of selection.read(asked)) await writer.write(taken);
  } finally {
    await writer.close();
  }
  const gone = [...selection.gone.values()];
  const removed = gone.filter((why) => why === 'removed').length;
  const exported = { origin, size, ...writer.counts(), erased: gone.length - removed, removed };
  await copyLog({ objects, reader, size, to });
  await to.write('verify.mjs', await readVerifier());
  await to.write('README.txt', toReadme({ exported, ...options }));
  await to.write(`log/${CHECKPOINT_PATH}`, note);
  return exported;
}

/** What was asked about; undefined where nothing needs to be. */
async function askAbout(
  select: () => Selection,
  ask: ExportLogOptions['beforeWriting'],
): Promise<Selection | undefined> {
  if (ask === undefined) return undefined;
  const selection = select();
  await ask(exchangesOf(selection));
  return selection;
}

interface Writer {
  /** Takes all entries of an exchange, or the one of an act. */
  write(entries: readonly OpenedEntry[]): Promise<void>;
  close(): Promise<void>;
  counts(): Pick<ExportedLog, 'exchanges' | 'entries' | 'withoutRequest'>;
}

interface WriterOptions extends Pick<ExportLogOptions, 'formats'> {
  readonly context: ExportContext;
}

async function openWriter(to: ExportDirectory, { formats, context }: WriterOptions): Promise<Writer> {
  const disclosed = await to.lines('records.jsonl');
  const files: (readonly [ExportFormat, LineFile])[] = [];
  for (const format of new Set(formats)) {
    const file = await to.lines(exportFormats[format].file);
    await file.write(exportFormats[format].head);
    files.push([format, file]);
  }
  const counts = { exchanges: 0, entries: 0, withoutRequest: 0 };

  async function writeExchange(entries: readonly OpenedEntry[]): Promise<void> {
    const exchange = toExchange(entries);
    if (exchange === undefined) {
      counts.withoutRequest += 1;
      return;
    }
    counts.exchanges += 1;
    for (const [format, file] of files) await file.write(exportFormats[format].toLine(exchange, context));
  }

  return {
    async write(entries) {
      for (const entry of entries) await disclosed.write(toDisclosedLine(entry, context.body));
      counts.entries += entries.length;
      if (entries.some(isOfExchange)) await writeExchange(entries);
    },
    async close() {
      for (const file of [disclosed, ...files.map(([, own]) => own)]) await file.close();
    },
    counts: () => counts,
  };
}
