import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Row } from './rows.ts';

const reference = resolve(import.meta.dirname, '../docs/reference');

const PREFACE = `# Performance

What Sallyport costs, beside a bare proxy and other gateways, with every control on. Written by \`npm run bench\`; read
ratios within one table, never figures of two runs.
`;

type Cell = string | number | null;

/** A Markdown table, its columns padded so that it can be read as it is. Cells other than the first stand right. */
export function toTable(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? '–' : String(cell))));
  const widths = head.map((name, column) => Math.max(3, name.length, ...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`));
  return [line(head), `| ${rule.join(' | ')} |`, ...cells.map(line)].join('\n');
}

/** One case as a table; ratios are to `portkey` where it ran, else to `floor`. */
export function toCaseTable(rows: readonly Row[]): string {
  const base = rows.find(({ target }) => target === 'portkey') ?? rows.find(({ target }) => target === 'floor');
  const head = [
    'target',
    'req/s',
    'min–max',
    ...(base === undefined ? [] : [`× ${base.target}`]),
    'p50 ms',
    'p99 ms',
    'CPU µs/req',
    '+ first byte ms',
    '+ first text ms',
    'RSS idle',
    'RSS peak',
    'loop p99 ms',
    'errors',
  ];
  const cells = rows.map((row) => [
    `${row.target}${row.disturbed ? ' †' : ''}${row.limitedByLoad ? ' ‡' : ''}`,
    row.requestsPerSecond,
    row.range.requestsPerSecond?.join('–') ?? null,
    ...(base === undefined ? [] : [ratio(row.requestsPerSecond, base.requestsPerSecond)]),
    row.p50Ms,
    row.p99Ms,
    row.cpuMicrosPerRequest,
    row.addedFirstByteMs,
    row.addedFirstTextMs,
    row.rssIdleMiB,
    row.rssMiB,
    row.eventLoopP99Ms,
    Object.values(row.errors).reduce((sum, count) => sum + count, 0),
  ]);
  return toTable(head, cells);
}

/** What the marks and columns of a case's table mean. */
export const legend = `Medians over the rounds; \`min–max\` spans them. CPU is that of the target's processes alone (of \`direct\`, the
upstream's). \`+ first byte\` and \`+ first text\` are the times to an answer's first byte and first piece of text, less
those of \`direct\`: of a stream they show what is held back. RSS in MiB, before the first request and the most while
measuring. \`loop p99\` is the delay of a Node target's event loop.

† something else used more than 0.3 of a core meanwhile. ‡ the load generator or the upstream was busy throughout: the
target could have answered more.`;

/** Puts a bench's part into a page, in place of what its last run wrote there. Gives the page's path. */
export function writePart(name: string, text: string, pageName = 'performance.md'): string {
  const page = resolve(reference, pageName);
  writeFileSync(page, replacePart(existsSync(page) ? readFileSync(page, 'utf8') : PREFACE, name, text));
  return page;
}

/** The page with one part, between its marks, replaced; added at the end where there was none. */
export function replacePart(before: string, name: string, text: string): string {
  const [begin, end] = [`<!-- bench ${name} -->`, `<!-- end of ${name} -->`];
  const part = `${begin}\n\n${text.trim()}\n\n${end}`;
  const [from, to] = [before.indexOf(begin), before.indexOf(end)];
  if (from < 0 || to < from) return `${before.trimEnd()}\n\n${part}\n`;
  return before.slice(0, from) + part + before.slice(to + end.length);
}

export function writeJson(file: string, rows: readonly object[]): void {
  writeFileSync(file, `${JSON.stringify(rows, null, 2)}\n`);
}

function ratio(value: number | null, base: number | null): string | null {
  return value === null || base === null || base === 0 ? null : (value / base).toFixed(2);
}
