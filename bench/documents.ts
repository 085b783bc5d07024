import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DocumentFile, DocumentReader } from '../src/core/index.ts';
import { progress } from './bed.ts';
import { type DocumentCase, documentCases, hostileCases } from './documents-cases.ts';
import { type BenchOptions, choose } from './options.ts';
import { buildRelease } from './release.ts';
import { toTable, writeJson, writePart } from './report.ts';
import { spreadOf } from './statistics.ts';

interface DocumentRow {
  readonly case: string;
  readonly about: string;
  readonly fileKiB: number;
  /** `null` where the document is refused. */
  readonly textKiB: number | null;
  readonly pages: number | null;
  readonly ms: number;
  readonly msPerPage: number | null;
  /** Of text. */
  readonly mibPerSecond: number | null;
  /** Beyond what the process had before, while it was read. */
  readonly peakMiB: number;
  readonly outcome: string;
}

const ROUNDS = 9;
const KIB = 1_024;
const MIB = 2 ** 20;
const SAMPLE_MS = 10;

/** Measures how long the text of a document takes, and what documents made to do harm come to. Gives the exit code. */
export async function benchDocuments(options: BenchOptions): Promise<number> {
  const { createDocumentReader }: typeof import('../src/documents/index.ts') = await import(
    join(buildRelease(), 'documents/index.js')
  );
  await using reader = createDocumentReader({ workers: 1 });
  const rounds = options.rounds ?? (options.quick ? 3 : ROUNDS);
  const rows: DocumentRow[] = [];
  for (const each of choose([...documentCases, ...hostileCases], options.cases)) {
    progress(`${each.name}: ${each.about}`);
    rows.push(await measure(reader, each, hostileCases.includes(each) ? 1 : rounds));
  }
  const text = toPart(rows);
  process.stdout.write(`${text}\n`);
  if (options.jsonFile !== undefined) writeJson(options.jsonFile, rows);
  if (!options.quick && options.cases === undefined) progress(`written to ${writePart('documents', text)}`);
  return 0;
}

async function measure(reader: DocumentReader, each: DocumentCase, rounds: number): Promise<DocumentRow> {
  const file = each.make();
  // The first document a thread reads pays for its start.
  await readOnce(reader, file);
  const runs: { readonly ms: number; readonly peak: number; readonly outcome: string; readonly units: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const before = process.memoryUsage().rss;
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss - before);
    }, SAMPLE_MS);
    const start = performance.now();
    const run = await readOnce(reader, file);
    runs.push({ ...run, ms: performance.now() - start, peak });
    clearInterval(watch);
    await sleep(SAMPLE_MS);
  }
  const ms = spreadOf(runs.map((run) => run.ms)).median;
  const [first] = runs;
  const units = first?.units ?? 0;
  const isRead = units > 0;
  return {
    case: each.name,
    about: each.about,
    fileKiB: Math.round(file.bytes.length / KIB),
    textKiB: isRead ? Math.round(units / KIB) : null,
    pages: isRead ? each.pages : null,
    ms: round(ms),
    msPerPage: isRead ? round(ms / each.pages) : null,
    mibPerSecond: isRead ? round((units / MIB / ms) * 1_000) : null,
    peakMiB: Math.round(Math.max(...runs.map((run) => run.peak)) / MIB),
    outcome: first?.outcome ?? '',
  };
}

async function readOnce(reader: DocumentReader, file: DocumentFile): Promise<{ outcome: string; units: number }> {
  try {
    const { pieces } = await reader.read(file, AbortSignal.timeout(60_000));
    return { outcome: 'read', units: pieces.reduce((sum, piece) => sum + piece.length, 0) };
  } catch (error) {
    return { outcome: error instanceof Error ? error.message.replace(/^.*?: |\.$/g, '') : 'failed', units: 0 };
  }
}

function toPart(rows: readonly DocumentRow[]): string {
  const read = rows.filter(({ outcome }) => outcome === 'read');
  const refused = rows.filter(({ outcome }) => outcome !== 'read');
  const readTable = toTable(
    ['document', 'file KiB', 'text KiB', 'pages', 'ms', 'ms/page', 'MiB/s of text'],
    read.map((row) => [row.case, row.fileKiB, row.textKiB, row.pages, row.ms, row.msPerPage, row.mibPerSecond]),
  );
  const refusedTable = toTable(
    ['document', 'file KiB', 'ms', 'MiB more', 'refused because'],
    refused.map((row) => [`${row.case}: ${row.about}`, row.fileKiB, row.ms, row.peakMiB, row.outcome]),
  );
  return [
    '## Documents',
    'How long one thread takes for the text of a document, started before; medians. A page is 3,000 characters.',
    readTable,
    'Documents made to do harm: how long until they are refused, and how much more memory the process had meanwhile.',
    refusedTable,
    'To repeat it: `npm run bench -- documents`.',
  ].join('\n\n');
}

function round(value: number): number {
  return Number(value.toPrecision(3));
}
