import { toPlace } from './features.ts';
import { foldText } from './folded-text.ts';
import { stemOf } from './stem.ts';
import { numberWords, stopWords } from './stop-words.data.ts';

/** A word of a text, folded. */
export interface Word {
  /** In small letters, as it stands; of a number its digits, without what groups them. */
  readonly text: string;
  /** What its forms have in common. */
  readonly stem: string;
  /** That of its stem. */
  readonly place: number;
  readonly kind: 'number' | 'word';
  /** It begins with a capital letter, or has a digit among its letters. */
  readonly isMarked: boolean;
  /** It says nothing of what the text is about. */
  readonly isStop: boolean;
}

/** Numbers with what groups them and divides off their fractions; words; words of several characters without spaces. */
const TOKEN = /\d+(?:[.,]\d+)*(?![\p{L}\d])|[\p{L}\p{N}]+(?:'\p{L}+)*/gu;
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u;
const NUMBER = /^\d/;
const MARKED = /^\p{Lu}|\d/u;
const GROUPED = /[.,](?=\d{3}(?:\D|$))/g;

const stops = new Set(stopWords.flatMap((words) => words.split(/\s+/)));
const numbers = new Map(numberWords.map((word, value) => [word, String(value)]));

/** The words of a text in their order. Where a script has no spaces, each pair of characters counts as a word. */
export function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  for (const [token] of foldText(text).matchAll(TOKEN)) {
    if (!UNSPACED.test(token)) words.push(toWord(token));
    else for (const pair of pairsOf(token)) words.push(toWord(pair));
  }
  return words;
}

/** Words that say what a text is about. */
export function contentWordsOf(text: string): readonly Word[] {
  return wordsOf(text).filter(({ isStop }) => !isStop);
}

function pairsOf(token: string): readonly string[] {
  const characters = Array.from(token);
  if (characters.length < 2) return characters;
  return characters.slice(1).map((character, index) => `${characters[index]}${character}`);
}

function toWord(token: string): Word {
  const small = token.toLowerCase();
  const value = NUMBER.test(small) ? toNumber(small) : numbers.get(small);
  if (value !== undefined && !/\p{L}/u.test(value)) {
    return { text: value, stem: value, place: toPlace(value), kind: 'number', isMarked: false, isStop: false };
  }
  const stem = stemOf(small);
  const isMarked = MARKED.test(token);
  return { text: small, stem, place: toPlace(stem), kind: 'word', isMarked, isStop: stops.has(small) };
}

/** The same number in the same digits: no groups, a point before the fraction, no zeros at its end. */
function toNumber(token: string): string {
  const plain = token.replace(GROUPED, '').replace(',', '.');
  return plain.includes('.') ? plain.replace(/\.?0+$/, '') : plain;
}
