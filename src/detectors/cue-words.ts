import { OTHER } from './character-class.ts';
import type { Reading } from './detector.ts';

/** Letters, and the apostrophe; 0 is any other unit. */
const BRANCHES = 28;
const SMALL_A = 0x61;
const APOSTROPHE = 0x27;
const SMALL = 1;
const CAPITAL = 2;
const BYTES = 256;
const BRANCH_BITS = 5;
const BRANCH = (1 << BRANCH_BITS) - 1;
/** For each byte, of ASCII or beyond, what it is as a part of a word: its branch in the tree, and its case. */
const KINDS = Uint8Array.from({ length: BYTES }, (_, unit) => {
  const branch = branchOf(unit);
  if (unit >= SMALL_A && branch > 0) return branch | (SMALL << BRANCH_BITS);
  return unit === APOSTROPHE || branch === 0 ? branch : branch | (CAPITAL << BRANCH_BITS);
});

function branchOf(unit: number): number {
  if (unit === APOSTROPHE) return BRANCHES - 1;
  const letter = String.fromCharCode(unit).toLowerCase();
  return /^[a-z]$/.test(letter) ? letter.charCodeAt(0) - SMALL_A + 1 : 0;
}

/** The units of the text that is read, as bytes: shared, since each reading begins by writing them. */
let bytes = new Uint8Array(16_384);
let wide = new Uint16Array(0);
/** Stands for all units beyond ASCII, which are no part of a word. */
const BEYOND = 128;

/** Faster where all units are of ASCII: then they are written as they stand. */
function writeBytes(text: string, isAscii: boolean): void {
  const { length } = text;
  if (length > bytes.length) bytes = new Uint8Array(2 * length);
  if (isAscii) {
    Buffer.from(bytes.buffer).write(text, 'latin1');
    return;
  }
  if (bytes.length > wide.length) wide = new Uint16Array(bytes.length);
  Buffer.from(wide.buffer).write(text, 'utf16le');
  for (let at = 0; at < length; at += 1) bytes[at] = Math.min(wide[at] ?? 0, BEYOND);
}

function kindAt(at: number): number {
  return KINDS[bytes[at] ?? 0] ?? 0;
}

/** A word that begins as one or more of those that are looked for do. */
export interface BegunWord<Value> {
  /** What stands for them. */
  readonly values: readonly Value[];
  /** The text ends before it is known what others it begins as. */
  readonly isOpen: boolean;
}

/** Takes where such a word begins. Returns whether to go on. */
export type TakeBegun<Value> = (start: number, word: BegunWord<Value>) => boolean;

/**
 * Finds words by how they begin. A word is a run of letters; a capital behind a small letter begins another.
 *
 * Gives each such word that begins at `from` or later; what stands in front of `from` is looked at, too. Returns where
 * it was told to stop; else the text's length.
 */
export type FindWords<Value> = (
  reading: Pick<Reading, 'text' | 'classes'>,
  from: number,
  take: TakeBegun<Value>,
) => number;

interface Tree<Value> {
  /** A branch for each unit of each node; 0 where there is none. The root is 0. */
  readonly branches: Uint16Array;
  /** What stands for the words that are complete at each node, shorter ones before it included. */
  readonly values: readonly (readonly Value[])[];
}

/** A finder of `words`: what words begin with, in small letters and apostrophes, and what is to be known of them. */
export function createWordFinder<Value>(
  words: readonly (readonly [beginning: string, value: Value])[],
): FindWords<Value> {
  const { branches, values } = createTree(words);
  const isComplete = Uint8Array.from(values, ({ length }) => Math.min(length, 1));
  return ({ text, classes }, from, take) => {
    const origin = Math.max(0, from - 1);
    const length = text.length - origin;
    writeBytes(origin === 0 ? text : text.slice(origin), (classes & OTHER) === 0);
    let before = from > 0 ? kindAt(0) >> BRANCH_BITS : 0;
    for (let at = from - origin; at < length; at += 1) {
      const kind = kindAt(at) >> BRANCH_BITS;
      const isBeginning = kind > before && (before === 0 || kind === CAPITAL);
      before = kind;
      if (!isBeginning) continue;
      let complete = 0;
      let end = at;
      for (let node = 0; end < length; end += 1) {
        const branch = kindAt(end) & BRANCH;
        node = branches[node * BRANCHES + branch] ?? 0;
        if (node === 0) break;
        if (isComplete[node] === 1) complete = node;
      }
      const isOpen = end === length;
      if (!isOpen && complete === 0) continue;
      if (!take(origin + at, { values: values[complete] ?? NONE, isOpen })) return origin + at;
    }
    return text.length;
  };
}

const NONE: readonly never[] = [];

function createTree<Value>(words: readonly (readonly [beginning: string, value: Value])[]): Tree<Value> {
  const branches: number[] = new Array<number>(BRANCHES).fill(0);
  const values: Value[][] = [[]];
  // Shorter ones first: a node begins with what its beginning stands for.
  for (const [beginning, value] of words.toSorted(([one], [other]) => one.length - other.length)) {
    let node = 0;
    for (let at = 0; at < beginning.length; at += 1) {
      const branch = node * BRANCHES + branchOf(beginning.charCodeAt(at));
      if (branches[branch] === 0) {
        branches[branch] = values.length;
        branches.push(...new Array<number>(BRANCHES).fill(0));
        values.push([...(values[node] ?? [])]);
      }
      node = branches[branch] ?? 0;
    }
    values[node]?.push(value);
  }
  return { branches: Uint16Array.from(branches), values };
}
