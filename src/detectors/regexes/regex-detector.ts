import { RE2JS, RE2JSException } from 're2js';
import type { Detector, Rule } from '../detector.ts';
import { PatternSyntaxError, parsePattern } from './pattern-node.ts';

/** A pattern that somebody else wrote, by the name they gave it. */
export interface NamedPattern {
  readonly name: string;
  readonly pattern: string;
}

/** A pattern that cannot be searched for; the message says why, with its name and nothing of its text. */
export class PatternError extends Error {
  override readonly name = 'PatternError';
}

/** UTF-16 units of the longest match, by which a stream is held back. */
const LONGEST_MATCH = 1_024;
/** How often a repetition without an end counts: the most that keeps the longest match within bounds. */
const REPETITIONS = [256, 128, 64, 31, 15, 9] as const;
const LARGEST_PROGRAM = 10_000;
/** Text in front of a match that `\b` looks at. */
const BEFORE = 1;
const LEAST_LITERAL = 3;

/**
 * A detector of a pattern, on RE2's engine, which takes time in proportion to the text whatever the pattern. It reads
 * the text as it is normalised, with its capitals.
 *
 * No match is longer than 1,024 units: a repetition without an end, `*` or `+`, ends after 256 times, or fewer where it
 * stands within another. Throws a `PatternError` for what RE2 does not know (look-around, back references), for what
 * would be longer all the same, and for a pattern that the empty text fits.
 */
export function createRegexDetector({ name, pattern }: NamedPattern, detector: string): Detector {
  const refuse = (why: string, cause?: unknown): never => {
    throw new PatternError(`the pattern \`${name}\`: ${why}`, { cause });
  };
  const { node, regex } = compile(pattern, refuse);
  if (regex.programSize() > LARGEST_PROGRAM) refuse('it is too large');
  if (regex.matches('')) refuse('the empty text fits it');
  return { name: detector, type: 'REGEX', rules: [toRule(regex, node)] };
}

type Refuse = (why: string, cause?: unknown) => never;

function compile(pattern: string, refuse: Refuse) {
  for (const most of REPETITIONS) {
    try {
      const node = parsePattern(pattern, most);
      if (node.longest > LONGEST_MATCH && most !== REPETITIONS.at(-1)) continue;
      if (node.longest > LONGEST_MATCH) return refuse(`a match could be longer than ${LONGEST_MATCH} units`);
      return { node, regex: RE2JS.compile(node.source) };
    } catch (error) {
      if (error instanceof PatternSyntaxError) return refuse(error.message, error);
      if (!(error instanceof RE2JSException)) throw error;
      // Repetitions within repetitions may be too many together.
      if (most === REPETITIONS.at(-1)) return refuse('RE2 does not take it', error);
    }
  }
  return refuse('RE2 does not take it');
}

function toRule(regex: RE2JS, { longest, literal }: { readonly longest: number; readonly literal: string }): Rule {
  const needed = literal.length >= LEAST_LITERAL ? new RegExp(RegExp.escape(literal), 'iu') : undefined;
  return {
    reads: 'view',
    scan({ text, isEnd }, from, report) {
      // A match depends on its own units and one behind them, at which `\b` looks.
      const decided = isEnd ? text.length : Math.max(from, text.length - longest - 1);
      if (decided === from && !isEnd) return from;
      const before = Math.max(0, from - BEFORE);
      const window = before === 0 ? text : text.slice(before);
      if (needed !== undefined && !needed.test(window)) return decided;
      const matcher = regex.matcher(window);
      let at = from;
      while (matcher.find(at - before)) {
        const [start, end] = [matcher.start() + before, matcher.end() + before];
        if (start >= decided) break;
        report(start, end);
        at = end;
      }
      return Math.max(decided, at);
    },
  };
}
