import type { Rule } from './detector.ts';
import { anywhere, type First, type Located } from './pattern-rule.ts';

/** An unbroken run of characters of one kind: offsets in the text, end exclusive. */
export interface Run {
  readonly start: number;
  readonly end: number;
}

/** Finds runs of ASCII characters of one kind, stepping over shorter ones without reading all of them. */
export interface RunFinder {
  /** The first run of at least `least` units in `text` from `from` on; it may have begun before `from`. */
  next(text: string, from: number, least: number): Run | undefined;
  /** Where the run begins in which `text` ends, `most` units back at most. */
  trailing(text: string, most: number): number;
  belongs(unit: number): boolean;
}

export function createRunFinder(kind: RegExp): RunFinder {
  const members = Uint8Array.from({ length: 128 }, (_, code) => Number(kind.test(String.fromCharCode(code))));
  const belongs = (unit: number) => members[unit] === 1;
  return {
    belongs,
    next(text, from, least) {
      let start = from;
      while (start + least <= text.length) {
        let at = start + least - 1;
        while (at >= start && belongs(text.charCodeAt(at))) at -= 1;
        if (at >= start) {
          start = at + 1;
          continue;
        }
        let end = start + least;
        while (end < text.length && belongs(text.charCodeAt(end))) end += 1;
        return { start, end };
      }
      return undefined;
    },
    trailing(text, most) {
      const least = Math.max(0, text.length - most);
      let start = text.length;
      while (start > least && belongs(text.charCodeAt(start - 1))) start -= 1;
      return start;
    },
  };
}

export interface TokenOptions {
  readonly finder: RunFinder;
  readonly least: number;
  /** A longer token is one of this length. */
  readonly longest: number;
  /** Steps over text in which no token is expected. */
  readonly first?: First;
  /** Whether what stands in front of `start` makes a token there a secret. Looks at `CONTEXT` units at most. */
  isExpected(text: string, start: number): boolean;
  /** The secret in a whole token; undefined where it is none. */
  locate(text: string, token: Run): Located | undefined;
}

/** A rule for tokens that a word in front of them makes a secret. Only behind such a word is text held back. */
export function tokenRule({ finder, least, longest, first = anywhere, isExpected, locate }: TokenOptions): Rule {
  return {
    reads: 'view',
    scan({ text, isEnd }, from, report) {
      const trailing = finder.trailing(text, longest + 1);
      const length = text.length - trailing;
      const isOpen = !isEnd && length > 0 && length <= longest && isExpected(text, trailing);
      const pending = isOpen ? Math.max(from, trailing) : text.length;
      let run = finder.next(text, first(text, from), least);
      for (; run !== undefined; run = finder.next(text, run.end, least)) {
        if (run.start >= pending) break;
        // What `from` stands in the middle of was decided when it began; what `first` does, begins before its word.
        const isBegun = run.start > 0 && finder.belongs(text.charCodeAt(run.start - 1));
        if (isBegun || !isExpected(text, run.start)) continue;
        const found = locate(text, { start: run.start, end: Math.min(run.end, run.start + longest) });
        if (found !== undefined) report(found.start, found.end, found.as);
      }
      return pending;
    },
  };
}
