import type { Detector, Reading, Report, Rule } from './detector.ts';
import { closure, createRegexAutomaton, type ReadText } from './regex-automaton.ts';
import { firstMatch } from './regex-match.ts';
import { compileRegex, type RegexProgram, refused } from './regex-program.ts';

/** A pattern that a guardrail's author has written, in RE2's syntax. */
export interface NamedRegex {
  readonly name: string;
  readonly pattern: string;
}

/** The longest match of a pattern that has no bound of its own, in units: a longer one is cut. */
const LONGEST = 1_024;
/** Patterns that are looked for together. */
const MOST_PATTERNS = 100;

/** As `createRegexDetectors`, of one pattern. */
export function createRegexDetector(regex: NamedRegex): Detector {
  const [detector] = createRegexDetectors([regex]);
  if (detector === undefined) throw new RangeError('one pattern makes one detector');
  return detector;
}

/**
 * A detector for each pattern, named `regex:NAME` behind `prefix`. Throws a `RegexError` for one that is longer than 500
 * characters, needs what no linear search can do, is too large, or matches the empty text.
 *
 * The text is read as the view has it, look-alikes and invisible characters folded, and so is what a pattern says outside
 * ASCII; case is as the pattern says. Matches are those of a backtracking engine, but those of more than `LONGEST`
 * units are cut, and what only such a match would hold is found up to half of that.
 */
export function createRegexDetectors(regexes: readonly NamedRegex[], prefix = ''): readonly Detector[] {
  const [beyond] = regexes.slice(MOST_PATTERNS);
  if (beyond !== undefined) throw refused(beyond.name, `there are more than ${MOST_PATTERNS} patterns`);
  const programs = regexes.map((regex) => checked(regex.name, compileRegex(regex)));
  const sift = createSieve(programs);
  return regexes.map(({ name }, index) => {
    const program = programs[index];
    const rules = program === undefined ? [] : [regexRule(program, { index, sift })];
    return { name: `${prefix}regex:${name}`, type: 'REGEX', rules };
  });
}

function checked(name: string, program: RegexProgram): RegexProgram {
  const atOnce = closure(program.steps, [program.start]);
  if (atOnce.some((at) => program.steps[at]?.kind === 'match')) throw refused(name, 'it matches the empty text');
  return program;
}

/** What one reading of a text, from an offset on, says of all patterns together. */
interface Sifted extends ReadText {
  readonly text: string;
  readonly from: number;
}

type Sift = (text: string, from: number) => Sifted;

/** Reads each text once for all patterns: what was found is kept until the next text comes. */
function createSieve(programs: readonly RegexProgram[]): Sift {
  const automaton = createRegexAutomaton(programs);
  let last: Sifted | undefined;
  return (text, from) => {
    if (last === undefined || last.from > from || last.text !== text)
      last = { text, from, ...automaton.read(text, from) };
    return last;
  };
}

const FIRST_OF_PAIR = 0xd800;
const BMP = 0x10000;

function codeAt(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit < FIRST_OF_PAIR ? unit : (text.codePointAt(at) ?? unit);
}

interface RegexRuleOptions {
  readonly index: number;
  readonly sift: Sift;
}

function regexRule(program: RegexProgram, { index, sift }: RegexRuleOptions): Rule {
  const automaton = createRegexAutomaton([program]);
  const longest = Math.min(longestOf(program), LONGEST);
  const isBounded = longestOf(program) <= LONGEST;
  const step = isBounded ? longest : LONGEST / 2;
  const most = isBounded ? 2 * longest : LONGEST;

  /** Reports the matches in one stretch, and returns where the next begins. */
  function search(stretch: Stretch, { text, isEnd }: Reading, report: Report): number {
    let at = stretch.start;
    const fruitless = new Set<number>();
    while (stretch.isEnded && at < stretch.until) {
      const match = firstMatch(program, { text, from: at, until: stretch.until, to: stretch.end, isEnd, fruitless });
      if (match === undefined) break;
      report(match.start, match.end);
      at = match.end;
    }
    return Math.max(at, stretch.until);
  }

  /**
   * Goes from one stretch to the next in which a match may be under way. Where they begin and end depends on the text
   * alone. One that goes on for too long is searched as far as it is known, and is read anew from its middle on.
   */
  function walk(reading: Reading, from: number, report: Report): number {
    const { text, isEnd } = reading;
    let state = 0;
    let start = from;
    let isEnded = false;
    let at = from;
    while (at < text.length) {
      const code = codeAt(text, at);
      const next = at + (code < BMP ? 1 : 2);
      const after = automaton.next(state, automaton.classOf(code));
      if (state === 0) start = at;
      if (state !== 0 && (after === 0 || next - start > most)) {
        const end = at;
        const until = after === 0 ? end : Math.min(end, wholeAt(text, start + step));
        const resume = search({ start, end, until, isEnded }, reading, report);
        [state, isEnded, at, start] = [0, false, resume, resume];
        continue;
      }
      state = after;
      if (state !== 0 && automaton.ended(state).length > 0) isEnded = true;
      at = next;
    }
    if (state === 0) return text.length;
    if (!isEnd) return start;
    const rest = search({ start, end: text.length, until: text.length, isEnded }, reading, report);
    return Math.max(rest, text.length);
  }

  return {
    reads: 'view',
    scan(reading, from, report) {
      const { ended, begun } = sift(reading.text, from);
      if (!ended.has(index) && (reading.isEnd || !begun.includes(index))) return reading.text.length;
      return walk(reading, from, report);
    },
  };
}

/** A piece of text outside of which no match that begins in it goes on. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  /** Matches that begin from here on belong to the next. */
  readonly until: number;
  /** Whether a match may have ended in it. */
  readonly isEnded: boolean;
}

/** `at`, or the place behind it where it lies within a pair of surrogates. */
function wholeAt(text: string, at: number): number {
  return codeAt(text, at - 1) >= BMP ? at + 1 : at;
}

/** The most units that a match has; infinitely many where a part of it may be repeated without end. */
function longestOf({ steps, start }: RegexProgram): number {
  const known = new Map<number, number>();
  const longestFrom = (at: number): number => {
    const length = known.get(at);
    if (length !== undefined) return length;
    // Whoever comes here again on the way has gone round.
    known.set(at, Number.POSITIVE_INFINITY);
    const step = steps[at];
    let most = 0;
    if (step?.kind === 'split') most = Math.max(longestFrom(step.out), longestFrom(step.other));
    else if (step?.kind === 'read') most = (step.ranges.some((code) => code >= BMP) ? 2 : 1) + longestFrom(step.out);
    else if (step?.kind === 'look' || step?.kind === 'pass') most = longestFrom(step.out);
    known.set(at, most);
    return most;
  };
  return longestFrom(start);
}
