import { letterRuns, lookalikes } from './fold.data.ts';

const LOOKALIKES: ReadonlyMap<string, string> = new Map(
  lookalikes.flatMap(([ascii, characters]) => [...characters].map((character) => [character, ascii] as const)),
);
const MARK = /\p{M}/u;
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/u;
const SPACE = /[\p{Zs}\p{Zl}\p{Zp}\u0085]/u;
const DASH = /\p{Pd}/u;
const DIGIT = /\p{Nd}/u;
const LETTERS = 26;

/**
 * What one code point reads as: ASCII where it looks like it, the empty string where nothing is to be seen, else
 * itself or its compatibility decomposition (UAX #15) without marks.
 *
 * Depends on nothing around it, so that a text folds the same however it is divided.
 */
export function foldCodePoint(code: number): string {
  const character = String.fromCodePoint(code);
  if (isControl(code) || INVISIBLE.test(character) || MARK.test(character)) return '';
  // Syllables would decompose into letters no pattern reads, and two or three for one.
  if (code >= 0xac00 && code <= 0xd7a3) return character;
  for (const [first, letter] of letterRuns) {
    if (code >= first && code < first + LETTERS) return String.fromCharCode(letter.charCodeAt(0) + code - first);
  }
  let folded = '';
  for (const part of character.normalize('NFKD')) folded += foldPart(part);
  return folded;
}

function foldPart(part: string): string {
  const lookalike = LOOKALIKES.get(part);
  if (lookalike !== undefined) return lookalike;
  if (MARK.test(part) || INVISIBLE.test(part)) return '';
  if (SPACE.test(part)) return ' ';
  if (DASH.test(part)) return '-';
  return DIGIT.test(part) ? digitOf(part) : part;
}

/** Unicode keeps the ten digits of a script together and in order, from zero on. */
function digitOf(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let before = 0;
  while (DIGIT.test(String.fromCodePoint(code - before - 1))) before += 1;
  return String(before % 10);
}

/** Control characters other than white space: terminals and tokenisers drop them, so they must not split a value. */
function isControl(code: number): boolean {
  return code < 9 || (code > 13 && code < 32) || (code >= 127 && code < 160 && code !== 0x85);
}
