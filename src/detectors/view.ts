import { classesOf, OTHER } from './character-class.ts';
import type { Reading } from './detector.ts';
import { foldCodePoint } from './fold.ts';

/**
 * The text as it reads: folded code point by code point, each unit with the place it came from. Grows at its end and
 * is discarded at its beginning, so that only a window of it is in memory.
 *
 * Offsets are UTF-16 units: indexes in the window here, offsets in the whole raw text there.
 */
export interface View {
  reading(isEnd: boolean): Reading;
  /**
   * Adds raw text, of the classes `seen`, from `from` on. Returns where it stopped: at the text's end, or earlier
   * where `isPadded` became true.
   */
  append(raw: string, from: number, seen: number): number;
  /** Adds what an escape stands for that takes up `width` units of raw text. */
  appendEscaped(text: string, width: number): void;
  /** Ends whatever the text so far might have grown into: what comes next stands apart from it. */
  separate(): void;
  /** Another view of the same text so far. */
  fork(): View;
  discard(length: number): void;
  /** Where the raw text of the unit at `index` begins; at the end of the window, the end of the raw text. */
  rawStart(index: number): number;
  /** Where the raw text of the unit at `index` ends. */
  rawEnd(index: number): number;
  /** Raw units taken in so far. */
  consumed(): number;
  /** Whether the last text that was added left out another `PADDING` units; `append` stopped there. */
  isPadded(): boolean;
}

/** After how many units that are left out of the view the scanner looks at how much text it holds back. */
export const PADDING = 1024;

/** Numbers kept of each run of units that came from equally wide raw text, one behind the other. */
const RUN = 4;
/** The longest text that one code point folds to has 18 units (U+FDFA). */
const LONGEST_FOLD = 32;
const SMALL = 1024;

/** Units on their way into a window, and their bytes; shared, since both are free again when `append` returns. */
const buffer = new Uint16Array(4096);
const bytes = Buffer.from(buffer.buffer);

const UNKNOWN = 0;
const SPECIAL = 1;
/**
 * For each unit of the basic plane what it folds to where that is one unit, filled as text asks for it; `SPECIAL`
 * where it is none or several, and for the first half of a pair.
 */
const FOLDED = new Uint16Array(0x10000).fill(SPECIAL, 0xd800, 0xdc00);
/** Code points met so far that are special, up to a bound. */
const SPECIALS = new Map<number, string>();
const MAX_SPECIALS = 16_384;

function foldSpecial(code: number): string {
  const known = SPECIALS.get(code);
  if (known !== undefined) return known;
  const folded = foldCodePoint(code);
  if (SPECIALS.size < MAX_SPECIALS) SPECIALS.set(code, folded);
  return folded;
}

function foldUnit(unit: number): number {
  const folded = foldCodePoint(unit);
  const result = folded.length === 1 ? folded.charCodeAt(0) : SPECIAL;
  FOLDED[unit] = result;
  return result;
}

const ASCII = 128;
const ASCII_CLASSES = Uint8Array.from({ length: ASCII }, (_, code) => classesOf(String.fromCharCode(code)));

/** Most escapes stand for one character of ASCII, and a text may consist of them. */
function foldEscaped(escaped: string): string {
  const unit = escaped.charCodeAt(0);
  if (escaped.length === 1 && unit >= 0x20 && unit < 0x7f) return escaped;
  let folded = '';
  for (const character of escaped) folded += foldSpecial(character.codePointAt(0) ?? 0);
  return folded;
}

function classesOfEscaped(folded: string): number {
  return (folded.length === 1 ? ASCII_CLASSES[folded.charCodeAt(0)] : undefined) ?? classesOf(folded);
}

interface State {
  readonly text: string;
  readonly classes: number;
  /** Units discarded from the beginning. */
  readonly origin: number;
  readonly consumed: number;
  readonly dropped: number;
  /** Per run: offset in the view, offset in the raw text, raw units from one unit to the next, raw units of each. */
  readonly runs: readonly number[];
}

const EMPTY: State = { text: '', classes: 0, origin: 0, consumed: 0, dropped: 0, runs: [] };

export function createView(from: State = EMPTY): View {
  let { text, classes, origin, consumed, dropped } = from;
  let runs = [...from.runs];
  let isPadded = false;
  let buffered = 0;

  function extend(raw: number, stride: number, width: number): void {
    const at = origin + text.length + buffered;
    const last = runs.length - RUN;
    if (last >= 0 && runs[last + 2] === stride && runs[last + 3] === width) {
      if ((runs[last + 1] ?? 0) + (at - (runs[last] ?? 0)) * stride === raw) return;
    }
    runs.push(at, raw, stride, width);
  }

  function flush(): void {
    if (buffered === 0) return;
    const piece = bytes.toString('utf16le', 0, 2 * buffered);
    text += piece;
    classes |= classesOf(piece);
    buffered = 0;
  }

  /** Takes the units from `at` on that fold to one each, and returns where that ends. */
  function appendSingles(raw: string, at: number, to: number): number {
    const most = Math.min(to, at + buffer.length - buffered);
    let end = at;
    for (; end < most; end += 1) {
      const unit = raw.charCodeAt(end);
      let folded = FOLDED[unit] ?? UNKNOWN;
      if (folded === UNKNOWN) folded = foldUnit(unit);
      if (folded === SPECIAL) break;
      buffer[buffered + end - at] = folded;
    }
    if (end > at) extend(consumed, 1, 1);
    buffered += end - at;
    consumed += end - at;
    return end;
  }

  /** Takes a code point that folds to nothing, or to something of another length than its own. */
  function appendSpecial(raw: string, at: number): number {
    const code = raw.codePointAt(at) ?? 0;
    const width = code > 0xffff ? 2 : 1;
    const folded = foldSpecial(code);
    if (folded === '') drop(width);
    else {
      extend(consumed, folded.length === 1 ? width : 0, width);
      for (let unit = 0; unit < folded.length; unit += 1) buffer[buffered + unit] = folded.charCodeAt(unit);
      buffered += folded.length;
    }
    consumed += width;
    return at + width;
  }

  function drop(width: number): void {
    isPadded = (dropped % PADDING) + width >= PADDING;
    dropped += width;
  }

  function indexOfRun(at: number): number {
    let low = 0;
    let high = runs.length / RUN - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((runs[middle * RUN] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return low * RUN;
  }

  function rawStart(index: number): number {
    if (index >= text.length) return consumed;
    const at = origin + index;
    const run = indexOfRun(at);
    return (runs[run + 1] ?? 0) + (at - (runs[run] ?? 0)) * (runs[run + 2] ?? 1);
  }

  return {
    reading: (isEnd) => ({ text, classes, isEnd }),
    append(raw, from, seen) {
      const to = raw.length;
      isPadded = false;
      if ((seen & OTHER) === 0) {
        extend(consumed, 1, 1);
        text += from === 0 ? raw : raw.slice(from);
        classes |= seen;
        consumed += to - from;
        return to;
      }
      let at = from;
      while (at < to && !isPadded) {
        at = appendSingles(raw, at, to);
        if (buffered > buffer.length - LONGEST_FOLD) flush();
        if (at < to && FOLDED[raw.charCodeAt(at)] === SPECIAL) at = appendSpecial(raw, at);
      }
      flush();
      return at;
    },
    appendEscaped(escaped, width) {
      const folded = foldEscaped(escaped);
      isPadded = false;
      if (folded === '') drop(width);
      else {
        extend(consumed, folded.length === 1 ? width : 0, width);
        text += folded;
        classes |= classesOfEscaped(folded);
      }
      consumed += width;
    },
    fork: () => createView({ text, classes, origin, consumed, dropped, runs }),
    separate() {
      // No raw text stands behind this unit. No pattern takes it in, and none takes it for a part of a number or word.
      extend(consumed, 0, 0);
      text += '\u0000';
      classes |= OTHER;
    },
    discard(length) {
      text = text.slice(length);
      origin += length;
      const first = indexOfRun(origin);
      if (first > 0) runs = runs.slice(first);
      if (text.length <= SMALL) classes = classesOf(text);
    },
    rawStart,
    rawEnd: (index) => rawStart(index) + (runs[indexOfRun(origin + index) + 3] ?? 1),
    consumed: () => consumed,
    isPadded: () => isPadded,
  };
}
