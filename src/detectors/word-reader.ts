/** Which part of a text is read. */
export interface Extent {
  readonly from: number;
  readonly isEnd: boolean;
}

/** Takes a word of the lexicon in lower case, or the empty string for any other, which matters only by being there. */
export type TakeWord = (word: string, start: number, end: number) => void;

/**
 * Gives the words of a text in order and returns where reading has to go on: at a word that may not have ended, else
 * at the end. Where it goes on, it reads the same words, however often it stopped.
 */
export type ReadWords = (text: string, extent: Extent, take: TakeWord) => number;

/** A longer run of letters is not given as a word at all. */
const LONGEST_WORD = 32;
/** Letters one by one, with the same sign between them, are read together from here on: `i g n o r e`. */
const LEAST_SPACED = 4;
const MOST_SPACED = 64;
const LEAST_SEGMENT = 2;

/** For each ASCII unit its lower case where it is of a word, else 0. */
const LETTERS = Uint8Array.from({ length: 128 }, (_, unit) =>
  /[A-Za-z0-9]/.test(String.fromCharCode(unit)) ? String.fromCharCode(unit).toLowerCase().charCodeAt(0) : 0,
);
const HASHES = 4096;
const DIGIT = 1;
const LETTER = 2;
const WIDE = 4;

/** A word as it stands in a text. `kinds` says what it is made of. */
interface Found {
  readonly end: number;
  readonly hash: number;
  readonly kinds: number;
}

export function createWordReader(lexicon: ReadonlySet<string>): ReadWords {
  const parts: Lexicon = {
    words: lexicon,
    beginnings: new Set(Array.from(lexicon, (word) => word.slice(0, LEAST_SEGMENT))),
    longest: Math.max(...Array.from(lexicon, ({ length }) => length)),
  };
  const known = new Uint8Array(HASHES);
  for (const word of lexicon) known[measure(word, 0).hash] = 1;

  /** Most words are told from the lexicon's by their hash, without making a string of them. */
  function lookUp(text: string, start: number, { end, hash, kinds }: Found): string {
    if (kinds === (DIGIT | LETTER)) return spellOut(text.slice(start, end).toLowerCase(), lexicon);
    if (kinds === LETTER && known[hash] === 0) return '';
    const word = text.slice(start, end).toLowerCase();
    return lexicon.has(word) ? word : '';
  }

  function takeSpaced(letters: string, [start, end]: readonly [number, number], take: TakeWord): void {
    const words = segment(letters.toLowerCase(), parts);
    if (words.length === 0) take('', start, end);
    for (const word of words) take(word, start, end);
  }

  return (text, { from, isEnd }, take) => {
    let at = from;
    // A word too long to be one was left in its middle.
    if (from > 0 && isOfWord(text.charCodeAt(from - 1))) at = measure(text, from).end;
    while (at < text.length) {
      if (!isOfWord(text.charCodeAt(at))) {
        at += 1;
        continue;
      }
      const start = at;
      const found = measure(text, start);
      at = found.end;
      const isOpen = at === text.length && !isEnd;
      if (at - start > LONGEST_WORD) continue;
      if (isOpen) return start;
      if (at - start === 1) {
        const letters = spacedLetters(text, start);
        at = start + 2 * letters.length - 1;
        // The next letter may still come, or make a longer word of the last.
        if (!isEnd && letters.length < MOST_SPACED && text.length - at < 3) return start;
        if (letters.length >= LEAST_SPACED) {
          takeSpaced(letters, [start, at], take);
          continue;
        }
        at = start + 1;
      }
      take(lookUp(text, start, found), start, found.end);
    }
    return text.length;
  };
}

function isOfWord(unit: number): boolean {
  return unit > 127 || (LETTERS[unit] ?? 0) !== 0;
}

function measure(text: string, start: number): Found {
  let hash = 0;
  let kinds = 0;
  let end = start;
  for (; end < text.length; end += 1) {
    const unit = text.charCodeAt(end);
    const letter = unit > 127 ? unit : (LETTERS[unit] ?? 0);
    if (letter === 0) break;
    kinds |= unit > 127 ? WIDE : letter < 0x3a ? DIGIT : LETTER;
    hash = (hash * 31 + letter) % HASHES;
  }
  return { end, hash, kinds };
}

/** The letters from `start` on that stand one by one with the same sign between them. */
function spacedLetters(text: string, start: number): string {
  let letters = text.charAt(start);
  const sign = text.charAt(start + 1);
  if (isOfWord(sign.charCodeAt(0))) return letters;
  let at = start + 2;
  while (letters.length < MOST_SPACED && text.charAt(at - 1) === sign) {
    if (!isOfWord(text.charCodeAt(at)) || isOfWord(text.charCodeAt(at + 1))) break;
    letters += text.charAt(at);
    at += 2;
  }
  return letters;
}

/** The words of a lexicon, and the pairs of letters they begin with. */
interface Lexicon {
  readonly words: ReadonlySet<string>;
  readonly beginnings: ReadonlySet<string>;
  readonly longest: number;
}

/** The words of the lexicon in letters without spaces, the longest first. */
function segment(letters: string, { words: lexicon, beginnings, longest }: Lexicon): readonly string[] {
  const words: string[] = [];
  let at = 0;
  while (at < letters.length) {
    let length = beginnings.has(letters.slice(at, at + LEAST_SEGMENT)) ? Math.min(longest, letters.length - at) : 0;
    while (length >= LEAST_SEGMENT && !lexicon.has(letters.slice(at, at + length))) length -= 1;
    if (length >= LEAST_SEGMENT) words.push(letters.slice(at, at + length));
    at += Math.max(1, length);
  }
  return words;
}

/** Letters that digits stand for; `1` stands for i or for l. */
const STAND_INS: Readonly<Record<string, string>> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', 9: 'g' };

/** `1gn0r3` as a word of the lexicon; the empty string where it is none. */
function spellOut(word: string, lexicon: ReadonlySet<string>): string {
  for (const one of ['i', 'l']) {
    const spelled = word.replace(/[0-9]/g, (digit) => (digit === '1' ? one : (STAND_INS[digit] ?? digit)));
    if (lexicon.has(spelled)) return spelled;
  }
  return '';
}
