/** A run of glyphs as the library gives it: where it begins, which way it runs, how far. */
export interface TextRun {
  readonly str: string;
  /** `[a, b, c, d, x, y]`, the text matrix times the font's size. */
  readonly transform: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly hasEOL: boolean;
}

export interface PageText {
  /** In the order in which it is drawn. */
  readonly text: string;
  /** Lines of single glyphs that are drawn in another order than that in which they stand, as they stand. */
  readonly reordered: readonly string[];
}

/** In ems: farther off the line than a superscript, farther along it than any space between words that was not seen. */
const OFF_LINE = 0.6;
const ALONG_LINE = 1.5;
const FEWEST_GLYPHS = 6;

/**
 * Joins the runs of a page. The library sets off lines and words within a content stream, but not where one stream ends
 * within another: a digit in a form would else lengthen a number before it that a reader sees by itself.
 */
export function joinRuns(runs: readonly TextRun[]): PageText {
  let text = '';
  let last: TextRun | undefined;
  for (const run of runs) {
    if (last !== undefined && run.str.trim() !== '' && /\S$/.test(text)) text += gapBetween(last, run);
    text += run.hasEOL ? `${run.str}\n` : run.str;
    if (run.str.trim() !== '') last = run;
  }
  return { text: text.trim(), reordered: reorder(runs) };
}

function gapBetween(last: TextRun, next: TextRun): string {
  const [a = 0, b = 0, , , x = 0, y = 0] = last.transform;
  const [, , , , nextX = 0, nextY = 0] = next.transform;
  const em = Math.max(last.height, next.height);
  const [byX, byY] = [nextX - x, nextY - y];
  const length = Math.hypot(a, b);
  if (length === 0) return Math.hypot(byX, byY) > em ? '\n' : '';
  const off = Math.abs(byX * b - byY * a) / length;
  const along = (byX * a + byY * b) / length - last.width;
  if (off > OFF_LINE * em) return '\n';
  return Math.abs(along) > ALONG_LINE * em ? ' ' : '';
}

/** Text that is drawn glyph by glyph in any order shows a reader what it hides from whoever reads it in that order. */
function reorder(runs: readonly TextRun[]): readonly string[] {
  const lines = new Map<number, TextRun[]>();
  for (const run of runs) {
    if (run.str.trim().length !== 1) continue;
    const key = Math.round((run.transform[5] ?? 0) * 2);
    const line = lines.get(key) ?? [];
    line.push(run);
    lines.set(key, line);
  }
  return [...lines.values()].flatMap((line) => {
    const sorted = [...line].sort((p, q) => (p.transform[4] ?? 0) - (q.transform[4] ?? 0));
    const isInOrder = sorted.every((run, index) => run === line[index]);
    return line.length < FEWEST_GLYPHS || isInOrder ? [] : [sorted.map(({ str }) => str.trim()).join('')];
  });
}
