import { CONTEXT, type Detector, type Rule } from './detector.ts';

/** What a match stands for: offsets in the text, end exclusive, not empty. `as` overrides whose finding it is. */
export interface Located {
  readonly start: number;
  readonly end: number;
  readonly as?: Detector;
}

/** Finds the value in a match; undefined where it holds none after all. */
export type Locate = (match: RegExpExecArray, text: string) => Located | undefined;

/**
 * Where, from `from` on, a match may have begun that needs text which is not here yet; the text's length where none
 * has.
 *
 * INVARIANT: an offset that once was too early stays too early, whatever text follows.
 */
export type Unfinished = (text: string, from: number) => number;

/** An offset, `from` or later, before which no match begins; the text's length where there is none. */
export type First = (text: string, from: number) => number;

export interface PatternOptions {
  /** At least one of these classes occurs in every match. Absent where none can be named. */
  readonly classes?: number;
  /** Steps over text that the pattern would take longer for. */
  readonly first?: First;
  /** Global, of bounded length, linear. */
  readonly pattern: RegExp;
  readonly unfinished: Unfinished;
  readonly locate?: Locate;
}

/** A rule made of one pattern. Matches do not overlap; one that `locate` refuses is tried again one unit further. */
export function patternRule({ classes, first = anywhere, pattern, unfinished, locate = whole }: PatternOptions): Rule {
  return {
    reads: 'view',
    scan({ text, classes: present, isEnd }, from, report) {
      let pending = isEnd ? text.length : unfinished(text, from);
      if (classes !== undefined && (present & classes) === 0) return pending;
      pattern.lastIndex = first(text, from);
      for (;;) {
        const match = pattern.exec(text);
        if (match === null || match.index >= pending) return pending;
        const found = locate(match, text);
        if (found === undefined) {
          pattern.lastIndex = match.index + 1;
          continue;
        }
        report(found.start, found.end, found.as);
        pattern.lastIndex = found.end;
        if (pending < found.end) pending = unfinished(text, found.end);
      }
    },
  };
}

/** Nothing is stepped over. */
export const anywhere: First = (_text, from) => from;
const whole: Locate = (match) => ({ start: match.index, end: match.index + match[0].length });

/**
 * No match begins before one of `words` (global), which stands in the context at the earliest. Where less than that is
 * new, as in a stream, it is not worth the look back.
 */
export function behindWord(words: RegExp): First {
  return (text, from) => {
    if (text.length - from < CONTEXT) return from;
    words.lastIndex = Math.max(0, from - CONTEXT);
    const word = words.exec(text);
    return word === null ? text.length : Math.max(from, word.index);
  };
}

/** The first offset from which `pattern` (global, ending in `$`) accepts the rest, of at most `longest` units. */
export function unfinishedMatch(pattern: RegExp, longest: number): Unfinished {
  return (text, from) => {
    pattern.lastIndex = Math.max(from, text.length - longest);
    return pattern.exec(text)?.index ?? text.length;
  };
}
