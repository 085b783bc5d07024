import { foldText } from './folded-text.ts';

const SPACE_BITS = 18;
/** Places that n-grams are hashed to. */
export const SPACE = 2 ** SPACE_BITS;

/** The places of the n-grams that a text has, each once, in no order that means anything. */
export type Features = Uint32Array;

/** So that a word and the same characters within a text are two features. */
const CHARACTER_SEED = 0x811c9dc5;
const WORD_SEED = 0x2f0b4c47;
const MULTIPLIER = 0x01000193;
const PAIR_MULTIPLIER = 0x5bd1e995;
const BLANK = 32;
/** n-grams for one unit: those of 3, 4 and 5 characters that begin there, and of 1, 2 and 3 words that end there. */
const PER_UNIT = 6;

/** Places that the text under way has, a bit for each, so that they stay near; cleared again before `toFeatures` returns, so that nothing of it stays. */
const taken = new Uint32Array(SPACE / 32);

/**
 * Hashes the 1- to 3-grams of words and the 3- to 5-grams of characters of a text, folded and in small letters, in time
 * that grows with its length. Training reads the same features by the same code.
 */
export function toFeatures(text: string): Features {
  const units = toUnits(foldText(text).toLowerCase());
  const places = new Uint32Array(PER_UNIT * units.length);
  const count = takeWords(units, places, takeCharacters(units, places));
  for (let index = 0; index < count; index += 1) taken[(places[index] ?? 0) >>> 5] = 0;
  return places.slice(0, count);
}

/** The units of a text between two spaces, with one space where there are several, or line breaks. */
function toUnits(text: string): Uint16Array {
  const units = new Uint16Array(text.length + 2);
  units[0] = BLANK;
  let count = 1;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    const isBlank = unit === BLANK || (unit >= 9 && unit <= 13);
    if (isBlank && units[count - 1] === BLANK) continue;
    units[count] = isBlank ? BLANK : unit;
    count += 1;
  }
  if (units[count - 1] !== BLANK) {
    units[count] = BLANK;
    count += 1;
  }
  return units.subarray(0, count);
}

/** The place of one word: that of its 1-gram, if it is in small letters. */
export function toPlace(word: string): number {
  let hash = WORD_SEED;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), MULTIPLIER);
  return spread(hash);
}

/** Puts the place of a hash behind the first `count` places, if it is not among them. Returns how many they are then. */
function take(hash: number, places: Uint32Array, count: number): number {
  const place = spread(hash);
  const bits = taken[place >>> 5] ?? 0;
  const bit = 1 << (place & 31);
  if ((bits & bit) !== 0) return count;
  taken[place >>> 5] = bits | bit;
  places[count] = place;
  return count + 1;
}

function takeCharacters(units: Uint16Array, places: Uint32Array): number {
  let count = 0;
  for (let at = 2; at < units.length; at += 1) {
    let hash = Math.imul(CHARACTER_SEED ^ (units[at - 2] ?? 0), MULTIPLIER);
    hash = Math.imul(hash ^ (units[at - 1] ?? 0), MULTIPLIER);
    hash = Math.imul(hash ^ (units[at] ?? 0), MULTIPLIER);
    count = take(hash, places, count);
    if (at + 1 >= units.length) break;
    hash = Math.imul(hash ^ (units[at + 1] ?? 0), MULTIPLIER);
    count = take(hash, places, count);
    if (at + 2 >= units.length) continue;
    count = take(Math.imul(hash ^ (units[at + 2] ?? 0), MULTIPLIER), places, count);
  }
  return count;
}

function takeWords(units: Uint16Array, places: Uint32Array, before: number): number {
  let count = before;
  let [second, last] = [0, 0];
  let word = WORD_SEED;
  for (let at = 0; at < units.length; at += 1) {
    const unit = units[at] ?? 0;
    if (isWordUnit(unit)) {
      word = Math.imul(word ^ unit, MULTIPLIER);
      continue;
    }
    if (word === WORD_SEED) continue;
    count = take(word, places, count);
    if (last !== 0) count = take(join(last, word), places, count);
    if (second !== 0) count = take(join(join(second, last), word), places, count);
    second = last;
    last = word;
    word = WORD_SEED;
  }
  return count;
}

/** Of folded text: letters and digits of ASCII, and whatever stands outside of it. */
function isWordUnit(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 48 && unit <= 57) || unit > 127;
}

function join(first: number, second: number): number {
  return Math.imul((first << 5) ^ (first >>> 27) ^ second, PAIR_MULTIPLIER);
}

/** The upper bits of a product depend on all of the hash. */
function spread(hash: number): number {
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> (32 - SPACE_BITS);
}
