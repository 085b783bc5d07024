import { foldCodePoint } from '../fold.ts';

/** What a unit is in a text: no part of a word, a part of one, or one by itself, in scripts without spaces. */
export const NO_WORD = 0;
export const OF_WORD = 1;
export const UNSPACED = 2;

const UNKNOWN = 3;
const KINDS = new Uint8Array(0x10000).fill(UNKNOWN);
const UNSPACED_LETTER =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
/** Halves of pairs count as letters: no word ends between them. */
const OF_WORDS = /[\p{L}\p{M}\p{N}_\p{Cs}]/u;

/** Told once for each unit. */
export function kindOf(unit: number): number {
  const known = KINDS[unit] ?? NO_WORD;
  if (known !== UNKNOWN) return known;
  const character = String.fromCharCode(unit);
  const kind = UNSPACED_LETTER.test(character) ? UNSPACED : OF_WORDS.test(character) ? OF_WORD : NO_WORD;
  KINDS[unit] = kind;
  return kind;
}

const SPACE = /\s/;

export function isSpace(unit: number): boolean {
  return unit <= 0x20 || (unit >= 0x80 && SPACE.test(String.fromCharCode(unit)));
}

/** A word as the normalised view has it, in small letters, with one space in the place of several. */
export function toLexical(word: string): string {
  const folded = Array.from(word, (character) => foldCodePoint(character.codePointAt(0) ?? 0)).join('');
  return toLower(folded).trim().replace(/\s+/g, ' ');
}

/** Small letters, unit for unit: what would become longer stays as it is. */
export function toLower(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return text
    .split('')
    .map((unit) => (unit.toLowerCase().length === 1 ? unit.toLowerCase() : unit))
    .join('');
}
