import { describe, expect, it } from 'vitest';
import type { Detector } from './detector.ts';
import { createStreamScanner, scanText } from './scanner.ts';

export interface DetectorExamples {
  /** Texts in which exactly what stands between `⟦` and `⟧` is found. */
  readonly finds: readonly string[];
  /** Texts in which nothing is found. */
  readonly passes: readonly string[];
  /** Pieces that grow into what the detector's patterns find hardest. */
  readonly hostile: readonly string[];
}

/** What every detector must do with its examples, whole, unit by unit, and repeated until they are long. */
export function detectorSuite(detector: Detector, { finds, passes, hostile }: DetectorExamples): void {
  describe(`the ${detector.name} detector`, () => {
    it.each(finds)('finds what is marked in %j', (marked) => {
      expect(mark(detector, marked.replace(/[⟦⟧]/g, ''))).toBe(marked);
    });

    it.each(passes)('finds nothing in %j', (text) => {
      expect(mark(detector, text)).toBe(text);
    });

    it('finds the same unit by unit, and settles all but the last word of what follows', () => {
      for (const text of [...finds, ...passes].map((marked) => marked.replace(/[⟦⟧]/g, ''))) {
        const scanner = createStreamScanner([detector]);
        const spans = Array.from({ length: text.length }, (_, at) => scanner.push(text.charAt(at)).spans).flat();
        const { spans: after, settled } = scanner.push(`${' '.repeat(40)}{}; it was so ${'~ '.repeat(30)}`);
        expect([...spans, ...after], text).toEqual(scanText([detector], `${text}${' '.repeat(40)}{}; it was so`));
        expect(settled, text).toBeGreaterThan(text.length);
      }
    });

    it('takes time in proportion to the text', () => {
      for (const piece of [...hostile, ...finds.map((marked) => marked.replace(/[⟦⟧]/g, ''))]) {
        const short = repeatTo(piece, LONG / TIMES);
        const long = repeatTo(piece, LONG);
        const inPieces = timeOf(() => {
          for (let time = 0; time < TIMES; time += 1) scanText([detector], short);
        });
        // As much text at once: a quadratic pattern would take as many times as long as there are pieces.
        expect(
          timeOf(() => scanText([detector], long)),
          piece,
        ).toBeLessThan(TOLERANCE * Math.max(inPieces, 1));
      }
    });
  });
}

const LONG = 65_536;
/** Short texts must stay well below the slices a long one is read in. */
const TIMES = 128;
/** Wide, since the machine does other things: what grows with the square takes `TIMES` times as long. */
const TOLERANCE = 30;

function mark(detector: Detector, text: string): string {
  let marked = '';
  let at = 0;
  for (const { start, end, type, detector: name } of scanText([detector], text)) {
    expect([type, name]).toEqual([detector.type, detector.name]);
    marked += `${text.slice(at, start)}⟦${text.slice(start, end)}⟧`;
    at = end;
  }
  return marked + text.slice(at);
}

function repeatTo(piece: string, length: number): string {
  return piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
}

/** The least of the milliseconds that three runs took. */
function timeOf(run: () => void): number {
  const times = [0, 1, 2].map(() => {
    const started = process.cpuUsage().user;
    run();
    return (process.cpuUsage().user - started) / 1000;
  });
  return Math.min(...times);
}
