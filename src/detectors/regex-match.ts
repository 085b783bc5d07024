import { includes } from './regex-automaton.ts';
import {
  AT_BOUND,
  LINE_BEGINS,
  LINE_ENDS,
  NOT_AT_BOUND,
  type RegexProgram,
  TEXT_BEGINS,
  TEXT_ENDS,
} from './regex-program.ts';

/** Where a pattern is looked for: matches begin from `from` to before `until`, and end at `to` at the latest. */
export interface Search {
  readonly text: string;
  readonly from: number;
  readonly until: number;
  readonly to: number;
  /** No text follows. */
  readonly isEnd: boolean;
  /**
   * Steps at places from which no way leads to a match that ends by `to`: searches of one stretch share it, so that what
   * one has looked ahead in vain no other does again.
   */
  readonly fruitless: Set<number>;
}

export interface RegexMatch {
  readonly start: number;
  readonly end: number;
}

/**
 * The first match of a pattern, and of those that begin there the one that a backtracking engine would find: all ways are
 * followed side by side (Pike's machine), so that a text takes time in proportion to its length.
 */
export function firstMatch(program: RegexProgram, search: Search): RegexMatch | undefined {
  const { text, from, until, to, fruitless } = search;
  const count = program.steps.length;
  let ahead: number[] = [];
  const seen = new Int32Array(count).fill(-1);
  let ways: Way[] = [];
  let found: RegexMatch | undefined;
  for (let at = from; ; ) {
    if (found === undefined && at < until)
      addWays(program, ways, { step: program.start, start: at }, { at, seen, search });
    if (ways.length === 0 && (found !== undefined || at >= until)) break;
    const code = at < to ? (text.codePointAt(at) ?? 0) : -1;
    const next = at + (code > 0xffff ? 2 : 1);
    const after: Way[] = [];
    for (const { step, start } of ways) {
      const current = program.steps[step];
      if (current?.kind === 'match') {
        // Ways behind this one would be tried later.
        found = { start, end: at };
        ahead = [];
        break;
      }
      if (found !== undefined) ahead.push(at * count + step);
      if (code >= 0 && current?.kind === 'read' && includes(current.ranges, code)) {
        addWays(program, after, { step: current.out, start }, { at: next, seen, search });
      }
    }
    if (code < 0) break;
    ways = after;
    at = next;
  }
  for (const key of ahead) fruitless.add(key);
  return found;
}

/** A step that one way through the pattern has come to, and where that way began. */
interface Way {
  readonly step: number;
  readonly start: number;
}

interface Place {
  readonly at: number;
  /** For each step, the last place at which a way has come to it: the first to come goes on. */
  readonly seen: Int32Array;
  readonly search: Search;
}

function addWays({ steps }: RegexProgram, ways: Way[], { step, start }: Way, { at, seen, search }: Place): void {
  const open = [step];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen[next] === at || (search.fruitless.size > 0 && search.fruitless.has(at * steps.length + next))) continue;
    seen[next] = at;
    const current = steps[next];
    switch (current?.kind) {
      case 'read':
      case 'match':
        ways.push({ step: next, start });
        break;
      case 'split':
        open.push(current.other, current.out);
        break;
      case 'pass':
        open.push(current.out);
        break;
      case 'look':
        if ((current.conditions & ~conditionsAt(search, at)) === 0) open.push(current.out);
        break;
      default:
    }
  }
}

const LINE_FEED = 10;

function conditionsAt({ text, isEnd }: Search, at: number): number {
  const isLast = isEnd && at === text.length;
  const begins = at === 0 ? TEXT_BEGINS | LINE_BEGINS : text.charCodeAt(at - 1) === LINE_FEED ? LINE_BEGINS : 0;
  const ends = isLast ? TEXT_ENDS | LINE_ENDS : text.charCodeAt(at) === LINE_FEED ? LINE_ENDS : 0;
  const isBound = isOfWord(text, at - 1) !== isOfWord(text, at);
  return begins | ends | (isBound ? AT_BOUND : NOT_AT_BOUND);
}

/** As `\w` of RE2, which knows no letters but those of ASCII. */
function isOfWord(text: string, at: number): boolean {
  return WORD[text.charCodeAt(at)] === 1;
}

const WORD = Uint8Array.from({ length: 128 }, (_, code) => Number(/\w/.test(String.fromCharCode(code))));
