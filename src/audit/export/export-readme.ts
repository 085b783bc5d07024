import { type ExportContext, toTimestamp } from './exchange.ts';
import type { ExportFilter } from './export-filter.ts';
import { type ExportFormat, exportFormats } from './export-formats.ts';
import { toJsonLine } from './json-line.ts';

/** What an export came to. */
export interface ExportedLog {
  /** Of the log's checkpoint. */
  readonly origin: string;
  /** Entries of the log. */
  readonly size: number;
  readonly exchanges: number;
  /** Entries of these, and acts: the lines of `records.jsonl`. */
  readonly entries: number;
  /** Exchanges of which the request cannot be read any more: they are in `records.jsonl` alone. */
  readonly withoutRequest: number;
  /** Entries of the whole log whose key was destroyed. */
  readonly erased: number;
  /** Entries of the whole log whose record was removed by schedule. */
  readonly removed: number;
}

interface Described {
  readonly exported: ExportedLog;
  readonly formats: readonly ExportFormat[];
  readonly filter: ExportFilter;
  readonly context: Omit<ExportContext, 'origin'>;
}

/** The text of `README.txt`. It names no key: one that comes with what it verifies verifies nothing. */
export function toReadme({ exported, formats, filter, context }: Described): string {
  const { origin, size, exchanges, entries, withoutRequest, erased, removed } = exported;
  return `An export of the audit log ${origin}, made by Sallyport.

  environment      ${context.environment}, ${context.region}
  selection        ${toSelection(filter)}
  content          ${context.body}
  exchanges        ${exchanges}
  entries          ${entries} of ${size} in the log
  without request  ${withoutRequest} (exchanges whose request cannot be read any more: in records.jsonl alone)
  erased           ${erased} in the whole log (their keys were destroyed; nobody can read them)
  removed          ${removed} in the whole log (by retention schedule)

What is here

${formats.map((format) => `  ${exportFormats[format].file.padEnd(27)}the exchanges, to be read`).join('\n')}
  records.jsonl              every entry that was exported: its leaf, and what the leaf commits to
  log/                       the whole log (C2SP tlog-tiles): checkpoint, tiles of hashes, and leaves, which hold no text
  verify.mjs                 checks records.jsonl against log/, and log/ in itself

How to check it, with Node.js 20 or later and nothing else

  node verify.mjs . --key "VERIFIERKEY" --checkpoint KEPT...

VERIFIERKEY is the log's public key, and KEPT are checkpoints of this log that were kept by somebody else than who made
this export. Get both, and verify.mjs if in doubt, from a source that you trust, not from here. Without a kept checkpoint
the log is shown to be consistent in itself, but not that it is the one that was written at the time.

The files of exchanges are made from the same records, and are not signed. Where it matters, read records.jsonl: what it
says is what was recorded. That it has all that was selected is the word of who made the export: the log shows how many
entries there are besides, and that they are unchanged, but not what they say.
`;
}

function toSelection(filter: ExportFilter): string {
  const words = Object.entries(filter).map(([name, value]) => {
    return `${name} ${typeof value === 'number' ? toTimestamp(value) : toJsonLine([value]).slice(1, -2)}`;
  });
  return words.length === 0 ? 'all there is' : words.join(', ');
}
