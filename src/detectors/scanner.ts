import type { Span } from '../core/index.ts';
import { classesOf } from './character-class.ts';
import { BEHIND_ESCAPE, createDecodedReading, type DecodedReading, type Range } from './decoded-reading.ts';
import type { Detector } from './detector.ts';
import { type Escape, escapesOf, type NextEscape, unfinishedEscape } from './escapes.ts';
import { endWithBlocks, type Hit, mergeHits, rankOf } from './merge.ts';
import { MOST_LAYERS, planOf } from './plan.ts';
import { createRawWindow } from './raw-window.ts';
import { createLane, createReader, runLane, shiftLane } from './reader.ts';
import { createView } from './view.ts';

/**
 * What further text has decided. Offsets are UTF-16 units of the whole stream.
 *
 * INVARIANT: the spans of all scans of a stream, one behind the other, ascend, do not overlap, and are those of the
 * whole text scanned at once.
 */
export interface Scan {
  /** Spans that have become final with this scan. */
  readonly spans: readonly Span[];
  /** Up to here nothing can change any more. Never lies inside a span that is still to come. */
  readonly settled: number;
}

/** Scans one text that comes in pieces. Holds a bounded window of it, however long the text is. */
export interface StreamScanner {
  push(text: string): Scan;
  /** As `push`, where nobody waits for what is decided: it comes with a later scan. */
  add(text: string): void;
  /**
   * Here a block of the text ends and another begins: whoever gets them may read them as one or apart. What is found in
   * either reading is found; a space stands between them where they are read apart.
   */
  divide(): void;
  /** The last text, if there is any more. Everything is settled. */
  end(text?: string): Scan;
}

/** Raw units looked at in one go, so that a long text needs no more memory than a short one. */
const SLICE = 8192;
const NONE: readonly Span[] = [];
const WORD = /^[A-Za-z]*$/;
/** Nothing, or a word and then the end of a sentence or white space. */
const WORD_END = /^(?:[A-Za-z]*(?:[.,;:!?)"']+|[.,;:!?)"']*\s+))?$/;
const SPACE = /\s/;
/** Words without figures, the last of them ended: nothing that any detector finds goes on behind it in one piece. */
const PROSE_END = /^[A-Za-z .,;:!?'"()\n]*(?<=(?:^|\s)[A-Za-z]{0,64}(?:[.,;:!?)"']{1,8}\s?|\s))$/;
const LONGEST_END = 64;
const NO_ESCAPES: readonly Escape[] = [];
const NO_ESCAPE: NextEscape = () => undefined;

/** Scans text piece by piece for all that `detectors` find. */
export function createStreamScanner(detectors: readonly Detector[]): StreamScanner {
  return createScanner(detectors, { layers: 0, merge: mergeHits });
}

interface ScannerOptions {
  /** Encodings that the text stood in, one within the other. */
  readonly layers: number;
  readonly merge: (hits: readonly Hit[]) => readonly Span[];
}

function createScanner(detectors: readonly Detector[], { layers, merge }: ScannerOptions): StreamScanner {
  const plan = planOf(detectors, layers, (some, text) => firstFound(some, text, layers + 1));
  const literal = createReader({ view: createView(), lane: createLane(plan.view), floor: 0, decided: 0 }, add);
  const raw = createRawWindow();
  const rawLane = createLane(plan.raw);
  const isDecoding = layers < MOST_LAYERS && plan.view.length > 0;
  let decoded: DecodedReading | undefined;
  let hits: Hit[] = [];
  /** The end of the text, where it may be the beginning of an escape or half of a pair of surrogates. */
  let carry = '';
  let isDivided = false;
  /** Where blocks ended that what is still to be released may go beyond. */
  const blockEnds = new Set<number>();
  /** Units taken in since the first reading was looked at. */
  let unread = 0;

  function add(start: number, end: number, detector: Detector): void {
    hits.push({ start, end, detector });
  }

  function addRaw(start: number, end: number, detector: Detector): void {
    const [from, to] = [raw.origin() + start, raw.origin() + end];
    if (to > literal.floor()) add(Math.max(from, literal.floor()), to, detector);
  }

  /** Lets every rule look at what is there. Returns the raw offset up to which all of them are done. */
  function advance(isEnd: boolean): number {
    const rawLeast = runLane(rawLane, raw.reading(isEnd), addRaw);
    const rawPending = raw.origin() + rawLeast;
    const settled = Math.max(literal.floor(), Math.min(literal.advance(isEnd), rawPending));
    if (rawLeast > 0) {
      raw.discard(rawLeast);
      shiftLane(rawLane, rawLeast);
    }
    unread = 0;
    return decoded === undefined ? settled : Math.min(settled, decoded.reader.advance(isEnd));
  }

  /** Gives up the second reading at the places where that may be, once nothing needs it any more. */
  function giveUpDecoded(): void {
    if (decoded === undefined || literal.view.consumed() < decoded.until()) return;
    if (decoded.isOver(decoded.reader.advance(false))) decoded = undefined;
  }

  /** The second reading, which begins exactly where the first has been looked at. */
  function openDecoded(): DecodedReading {
    if (decoded !== undefined) return decoded;
    if (unread > 0) literal.advance(false);
    return createDecodedReading(literal.fork());
  }

  /** Takes text in; looks at it now only where too much of it has piled up. */
  function take(text: string): void {
    const nextEscape = isDecoding ? escapesOf(text) : NO_ESCAPE;
    if (isDivided && text !== '') openBlock(text.charAt(0));
    let at = 0;
    while (at < text.length) {
      if (nextEscape(at)?.start === at) decoded = openDecoded();
      const { to, escapes } = stretchOf(text, at, nextEscape);
      feed(text, { from: at, to }, escapes);
      unread += to - at;
      at = to;
      giveUpDecoded();
      if (unread >= SLICE) advance(false);
    }
  }

  /** As much of a text, behind what was left of the one before, as splits no escape and no pair of surrogates. */
  function takeWhole(text: string): void {
    const whole = carry + text;
    const end = isDecoding ? unfinishedEnd(whole) : endOfPairs(whole);
    carry = whole.slice(end);
    take(whole.slice(0, end));
  }

  /** How far a text is taken in at once: to the next place where the second reading may begin or end. */
  function stretchOf(text: string, from: number, nextEscape: NextEscape): Stretch {
    const most = endOfSlice(text, from);
    const first = nextEscape(from);
    if (decoded === undefined) return { to: Math.min(most, first?.start ?? most), escapes: NO_ESCAPES };
    const escapes: Escape[] = [];
    let to = Math.min(most, endOfPair(text, from + decoded.until() - decoded.reader.view.consumed()));
    for (let sequence = first; sequence !== undefined && sequence.start < to; sequence = nextEscape(sequence.end)) {
      if (sequence.end > most) return { to: sequence.start, escapes };
      escapes.push(sequence);
      to = Math.min(most, Math.max(to, endOfPair(text, sequence.end + BEHIND_ESCAPE)));
    }
    return { to, escapes };
  }

  /** Adds text to both readings. */
  function feed(text: string, { from, to }: Range, escapes: readonly Escape[]): void {
    const piece = text.slice(from, to);
    const seen = classesOf(piece);
    for (let at = 0; at < piece.length; ) {
      const next = literal.view.append(piece, at, seen);
      raw.append(at === 0 && next === piece.length ? piece : piece.slice(at, next), seen);
      decoded?.append(text, { from: from + at, to: from + next }, escapes);
      at = next;
      // What has been padded is judged by what may still come, whether or not it does.
      if (literal.view.isPadded()) advance(false);
    }
  }

  /** Two readings from here on, the blocks as one and the blocks apart, unless there is no difference. */
  function openBlock(first: string): void {
    isDivided = false;
    blockEnds.add(literal.view.consumed());
    if (decoded !== undefined || !isWordEnd(first)) {
      decoded = openDecoded();
      decoded.join();
    }
    literal.view.appendEscaped(' ', 0);
  }

  /**
   * Whether the block that ends here ends with a word or a sentence, and the next begins another: nothing is divided
   * there, and what is found in them is found where they are read apart.
   */
  function isWordEnd(first: string): boolean {
    const end = literal.view.reading(false).text.slice(-LONGEST_END);
    // `jane.` and `doe@example.com`.
    if (end.endsWith('.') && /[a-z0-9]/.test(first)) return false;
    if (PROSE_END.test(end)) return true;
    if (unread > 0) advance(false);
    const undecided = literal.undecided();
    return WORD_END.test(undecided) || (WORD.test(undecided) && SPACE.test(first));
  }

  /** Hits that may still grow together with one that is to come wait for it, and what they cover with them. */
  function release(settled: number): Scan {
    if (blockEnds.size > 0) endBlocks(settled);
    if (hits.length === 0) return { spans: NONE, settled };
    const merged = merge(hits);
    const waiting = merged.findIndex(({ end }) => end > settled);
    if (waiting === -1) {
      hits = [];
      return { spans: merged, settled };
    }
    const start = merged[waiting]?.start ?? settled;
    hits = hits.filter((hit) => hit.start >= start);
    return { spans: merged.slice(0, waiting), settled: Math.min(settled, start) };
  }

  /** What waits keeps the ends of its blocks: a hit that goes beyond one of them may come until all before is settled. */
  function endBlocks(settled: number): void {
    hits = endWithBlocks(hits, blockEnds);
    for (const end of blockEnds) {
      if (end >= settled) return;
      blockEnds.delete(end);
    }
  }

  return {
    push(text) {
      takeWhole(text);
      return release(advance(false));
    },
    add: takeWhole,
    divide() {
      take(carry);
      carry = '';
      isDivided = literal.view.consumed() > 0;
    },
    end(text = '') {
      take(carry + text);
      return release(advance(true));
    },
  };
}

/** A stretch of a text that is taken in at once, and the escapes in it. */
interface Stretch {
  readonly to: number;
  readonly escapes: readonly Escape[];
}

/** Where the text ends that splits no escape and no pair of surrogates. */
function unfinishedEnd(text: string): number {
  return Math.min(unfinishedEscape(text), endOfPairs(text));
}

function endOfPairs(text: string): number {
  return isHighSurrogate(text.charCodeAt(text.length - 1)) ? text.length - 1 : text.length;
}

/** `end`, or the place behind it where it lies within a pair of surrogates. */
function endOfPair(text: string, end: number): number {
  return isHighSurrogate(text.charCodeAt(end - 1)) ? end + 1 : end;
}

/** Where the next piece of a text ends, which splits no pair of surrogates. */
function endOfSlice(text: string, start: number): number {
  const end = start + SLICE;
  if (end >= text.length) return text.length;
  return isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end;
}

/** The detector of highest priority that finds something in a text that stood in `layers` encodings. */
function firstFound(detectors: readonly Detector[], text: string, layers: number): Detector | undefined {
  const { spans } = createScanner(detectors, { layers, merge: mergeHits }).end(text);
  let first: Detector | undefined;
  for (const span of spans) {
    const detector = detectors.find(({ name }) => name === span.detector);
    if (detector === undefined) continue;
    if (first === undefined || rankOf(detector.type) < rankOf(first.type)) first = detector;
  }
  return first;
}

/** Every finding in a text, ascending, merged so that none overlaps another. */
export function scanText(detectors: readonly Detector[], text: string): readonly Span[] {
  return createStreamScanner(detectors).end(text).spans;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}

/** UTF-16 units of a text that are looked at in one step. */
const STEP = 65_536;

/**
 * What each detector finds in a text, whatever another finds in the same place. Ascending. Yields how many units of text
 * each step looked at, for a caller that has other work to do.
 */
export function* scanApart(detectors: readonly Detector[], text: string): Generator<number, readonly Span[]> {
  const scanner = createScanner(detectors, { layers: 0, merge: mergeByDetector });
  for (let at = 0; at < text.length; at += STEP) {
    const step = text.slice(at, at + STEP);
    scanner.add(step);
    yield step.length;
  }
  return scanner.end().spans;
}

function mergeByDetector(hits: readonly Hit[]): readonly Span[] {
  const spans = [...Map.groupBy(hits, ({ detector }) => detector).values()].flatMap(mergeHits);
  return spans.toSorted((one, other) => one.start - other.start || one.end - other.end);
}
