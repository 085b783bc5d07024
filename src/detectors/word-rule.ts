import type { Detector, Rule } from './detector.ts';
import { foldCodePoint } from './fold.ts';
import { createWordAutomaton } from './word-automaton.ts';

export interface ListedWord {
  readonly text: string;
  /** Whose finding it is. */
  readonly detector: Detector;
}

export interface WordRuleOptions {
  /** Signs and digits that are read as letters too, by the letter: `{ a: '@4' }`. */
  readonly standIns?: Readonly<Record<string, string>>;
}

/** White space between two words of a phrase: more, and they no longer belong together. Bounds what is held back. */
const LONGEST_BREAK = 32;
const OTHER = 0;
const BREAK = 1;
const UNITS = 0x10000;
const SPACES = '\t\n\v\f\r ';
const WORD_UNIT = /[\p{L}\p{N}\u{d800}-\u{dfff}]/u;
/** Scripts that put no spaces between words, or add particles to them: a word may stand against any other there. */
const UNSPACED: readonly (readonly [first: number, last: number])[] = [
  [0x0e00, 0x0eff],
  [0x1000, 0x109f],
  [0x1780, 0x17ff],
  [0x2e80, 0xa4cf],
  [0xac00, 0xdfff],
  [0xf900, 0xfaff],
];
/** Digits alone are a number, whatever they may be read as. */
const LETTER = /\p{L}/u;
const ASCII = /^[ -~]*$/;
const UNASKED = 0;
const BOUND = 1;
const OF_WORD = 2;
const kinds = new Uint8Array(UNITS);

/**
 * A rule that finds whole words and phrases, whatever their case, with any white space where a phrase has a space. All
 * of them are looked for at once, so that it takes no longer for many than for few.
 */
export function wordRule(listed: readonly ListedWord[], { standIns = {} }: WordRuleOptions = {}): Rule {
  const spelled = listed.flatMap(({ text, detector }) => spellings(text).map((word) => ({ word, detector })));
  const { symbols, size } = createAlphabet(spelled, standIns);
  const words = spelled.map(({ word }) => Array.from(word, (_, at) => symbols[word.charCodeAt(at)] ?? OTHER));
  const automaton = createWordAutomaton({ words, symbols: size });
  const { table, dense, ends } = automaton;
  const standsIn = Object.keys(standIns).length > 0;

  return {
    reads: 'view',
    isShared: true,
    scan({ text, isEnd }, from, report) {
      const found: Match[] = [];
      const length = writeUnits(text, from);
      const read = units;
      let state = 0;
      let spaces = 0;
      for (let at = 0; at < length; at += 1) {
        const symbol = symbols[read[at] ?? 0] ?? OTHER;
        if (symbol === BREAK) {
          spaces += 1;
          if (spaces > LONGEST_BREAK) state = 0;
          if (spaces > 1) continue;
        } else spaces = 0;
        state = state < dense ? (table[state * size + symbol] ?? 0) : automaton.next(state, symbol);
        if (ends[state] !== 0) addWords(found, text, { state, from, end: from + at + 1 });
      }
      const pending = isEnd ? text.length : pendingOf(text, state, from);
      for (const { start, end, detector } of found) if (start < pending) report(start, end, detector);
      return pending;
    },
  };

  /** Adds the words that end where a state was reached, and are no part of longer ones. */
  function addWords(found: Match[], text: string, { state, from, end }: Reached): void {
    if (!isBound(text, end)) return;
    automaton.forEachWord(state, (word) => {
      const start = startOf(text, [from, end], words[word]?.length ?? 0);
      const detector = spelled[word]?.detector;
      if (detector === undefined || !isBound(text, start)) return;
      if (standsIn && !LETTER.test(text.slice(start, end))) return;
      found.push({ start, end, detector });
    });
  }

  /** Where the first word may have begun that goes on behind the text, or whose end needs a look behind it. */
  function pendingOf(text: string, reached: number, from: number): number {
    for (let state = reached; state !== 0; state = automaton.shorter(state)) {
      const start = startOf(text, [from, text.length], automaton.depthOf(state));
      if (isBound(text, start)) return start;
    }
    return text.length;
  }
}

interface Reached {
  readonly state: number;
  readonly from: number;
  readonly end: number;
}

interface Match {
  readonly start: number;
  readonly end: number;
  readonly detector: Detector;
}

/** Units of the text that is read, shared, since each scan begins by writing them: read faster than a string. */
let units = new Uint16Array(16_384);

/** Writes the text from `from` on, and returns how many units that is. */
function writeUnits(text: string, from: number): number {
  const rest = from === 0 ? text : text.slice(from);
  if (rest.length > units.length) units = new Uint16Array(2 * rest.length);
  Buffer.from(units.buffer).write(rest, 'utf16le');
  return rest.length;
}

/** Where the last `length` symbols in front of `end` begin, a run of white space being one; not before `from`. */
function startOf(text: string, [from, end]: readonly [number, number], length: number): number {
  let start = end;
  for (let left = length; left > 0 && start > from; left -= 1) {
    start -= 1;
    if (isSpace(text, start)) while (start > from && isSpace(text, start - 1)) start -= 1;
  }
  return start;
}

function isSpace(text: string, at: number): boolean {
  return SPACES.includes(text.charAt(at));
}

/** Whether a word may begin or end here: not between two units of one word. */
function isBound(text: string, at: number): boolean {
  return at === 0 || at >= text.length || !isOfWord(text.charCodeAt(at - 1)) || !isOfWord(text.charCodeAt(at));
}

function isOfWord(unit: number): boolean {
  if (kinds[unit] === UNASKED) {
    const isSpaced = !UNSPACED.some(([first, last]) => unit >= first && unit <= last);
    kinds[unit] = isSpaced && WORD_UNIT.test(String.fromCharCode(unit)) ? OF_WORD : BOUND;
  }
  return kinds[unit] === OF_WORD;
}

interface Spelled {
  readonly word: string;
  readonly detector: Detector;
}

/** A symbol for each unit that occurs in words, the same for a capital and a small one. */
function createAlphabet(
  spelled: readonly Spelled[],
  standIns: Readonly<Record<string, string>>,
): { readonly symbols: Uint16Array; readonly size: number } {
  const symbols = new Uint16Array(UNITS);
  let size = BREAK + 1;
  for (const space of SPACES) symbols[space.charCodeAt(0)] = BREAK;
  for (const { word } of spelled) {
    for (let at = 0; at < word.length; at += 1) {
      const unit = word.charCodeAt(at);
      if (symbols[unit] !== OTHER) continue;
      symbols[unit] = size;
      const capital = word.charAt(at).toUpperCase();
      if (capital.length === 1) symbols[capital.charCodeAt(0)] = size;
      size += 1;
    }
  }
  for (const [letter, signs] of Object.entries(standIns)) {
    for (const sign of signs) symbols[sign.charCodeAt(0)] = symbols[letter.charCodeAt(0)] ?? OTHER;
  }
  return { symbols, size };
}

/** A word as the view may have it, which folds a capital letter otherwise than a small one in some scripts. */
function spellings(text: string): readonly string[] {
  const word = text.trim().replace(/\s+/g, ' ');
  if (ASCII.test(word)) return word === '' ? [] : [word.toLowerCase()];
  const forms = [word, word.toLowerCase(), word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()];
  return [...new Set(forms.map(fold))].filter((form) => form.trim() !== '');
}

function fold(text: string): string {
  return Array.from(text, (character) => foldCodePoint(character.codePointAt(0) ?? 0))
    .join('')
    .toLowerCase();
}
