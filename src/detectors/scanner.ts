import type { Span } from '../core/index.ts';
import { classesOf } from './character-class.ts';
import { CONTEXT, type Detector, type Reading, type Report, type Rule } from './detector.ts';
import { hiddenText, tagRule } from './hidden-text.ts';
import { type Hit, mergeHits, rankOf } from './merge.ts';
import { createRawWindow } from './raw-window.ts';
import { createView, PADDING, type View } from './view.ts';

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
  /** The last text, if there is any more. Everything is settled. */
  end(text?: string): Scan;
}

/** Raw units looked at in one go, so that a long text needs no more memory than a short one. */
const SLICE = 8192;
/** Units in front of what is undecided that may pile up before the window is cut. */
const SLACK = 1024;
const NONE: readonly Span[] = [];

/** A rule, and whose it is. */
interface Entry {
  readonly rule: Rule;
  readonly detector: Detector;
}

/** The rules about one form of the text, each with where in its window it goes on. */
interface Lane {
  readonly entries: readonly Entry[];
  readonly resumes: number[];
}

interface Plan {
  readonly view: readonly Entry[];
  readonly raw: readonly Entry[];
}

/** What follows from a list of detectors, kept as long as the list: many short texts are scanned with the same one. */
const PLANS = new WeakMap<readonly Detector[], Plan>();

function planOf(detectors: readonly Detector[]): Plan {
  const known = PLANS.get(detectors);
  if (known !== undefined) return known;
  const entries = detectors.flatMap((detector) => detector.rules.map((rule) => ({ rule, detector })));
  const view = entries.filter(({ rule }) => rule.reads === 'view');
  const tags = { rule: tagRule((text) => firstFound(detectors, text)), detector: hiddenText };
  const raw = entries.filter(({ rule }) => rule.reads === 'raw');
  const plan = { view, raw: view.length === 0 ? raw : [...raw, tags] };
  PLANS.set(detectors, plan);
  return plan;
}

function createLane(entries: readonly Entry[]): Lane {
  return { entries, resumes: new Array<number>(entries.length).fill(0) };
}

/** Scans text piece by piece for all that `detectors` find. */
export function createStreamScanner(detectors: readonly Detector[]): StreamScanner {
  const view = createView();
  const raw = createRawWindow();
  const plan = planOf(detectors);
  const viewLane = createLane(plan.view);
  const rawLane = createLane(plan.raw);
  let hits: Hit[] = [];
  /** Up to here text has been found hidden together with its padding: later matches count from here on. */
  let floor = 0;
  /** A high surrogate whose other half has not come. */
  let carry = '';
  let current: Detector = hiddenText;

  function add(start: number, end: number, detector: Detector): void {
    if (end > floor) hits.push({ start: Math.max(start, floor), end, detector });
  }

  function reportView(start: number, end: number, as: Detector = current): void {
    add(view.rawStart(start), view.rawEnd(end - 1), as);
  }

  function reportRaw(start: number, end: number, as: Detector = current): void {
    add(raw.origin() + start, raw.origin() + end, as);
  }

  function runLane({ entries, resumes }: Lane, reading: Reading, report: Report): number {
    let least = reading.text.length;
    for (let index = 0; index < entries.length; index += 1) {
      const entry = entries[index];
      if (entry === undefined) break;
      current = entry.detector;
      const resume = entry.rule.scan(reading, resumes[index] ?? 0, report);
      resumes[index] = resume;
      if (resume < least) least = resume;
    }
    return least;
  }

  /** Lets every rule look at what is there. Returns the raw offset up to which all of them are done. */
  function advance(isEnd: boolean): number {
    const viewLeast = runLane(viewLane, view.reading(isEnd), reportView);
    const rawLeast = runLane(rawLane, raw.reading(isEnd), reportRaw);
    const settled = Math.min(view.rawStart(viewLeast), raw.origin() + rawLeast);
    if (view.isPadded()) hidePadding(view, viewLeast);
    if (viewLeast > CONTEXT + SLACK) discard(viewLane, viewLeast - CONTEXT, view.discard);
    discard(rawLane, rawLeast, raw.discard);
    return Math.max(settled, floor);
  }

  /**
   * A value padded with invisible text would have to be held for as long as the padding goes on. Past a bound what
   * has been held is a finding as it stands, the padding with it; what follows is read as if it began there, because
   * a value in front of which something is taken out stands alone.
   */
  function hidePadding(padded: View, pending: number): void {
    const start = padded.rawStart(pending);
    const end = padded.consumed();
    const visible = padded.reading(false).text.length - pending;
    if (end - start - visible < PADDING) return;
    add(start, end, hiddenText);
    floor = end;
    padded.separate();
  }

  /** Takes text in, and with it the end of all where `isLast`. Returns the offset up to which it is decided. */
  function take(text: string, isLast: boolean): number {
    let settled = 0;
    let start = 0;
    do {
      const piece = sliceOf(text, start);
      const seen = classesOf(piece);
      start += piece.length;
      const isEnd = isLast && start === text.length;
      let at = 0;
      do {
        const next = view.append(piece, at, seen);
        raw.append(at === 0 && next === piece.length ? piece : piece.slice(at, next), seen);
        at = next;
        // What has been padded is judged by what may still come, whether or not it does.
        if (view.isPadded() || !isEnd) settled = advance(false);
      } while (at < piece.length);
      if (isEnd) settled = advance(true);
    } while (start < text.length);
    return settled;
  }

  /** Hits that may still grow together with one that is to come wait for it, and what they cover with them. */
  function release(settled: number): Scan {
    if (hits.length === 0) return { spans: NONE, settled };
    const merged = mergeHits(hits);
    const waiting = merged.findIndex(({ end }) => end > settled);
    if (waiting === -1) {
      hits = [];
      return { spans: merged, settled };
    }
    const start = merged[waiting]?.start ?? settled;
    hits = hits.filter((hit) => hit.start >= start);
    return { spans: merged.slice(0, waiting), settled: Math.min(settled, start) };
  }

  return {
    push(text) {
      const whole = carry + text;
      const isSplit = isHighSurrogate(whole.charCodeAt(whole.length - 1));
      carry = isSplit ? whole.slice(-1) : '';
      return release(take(isSplit ? whole.slice(0, -1) : whole, false));
    },
    end(text = '') {
      return release(take(carry + text, true));
    },
  };
}

/** The next piece of a text, which splits no pair of surrogates. */
function sliceOf(text: string, start: number): string {
  const end = start + SLICE;
  if (end >= text.length) return start === 0 ? text : text.slice(start);
  return text.slice(start, isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end);
}

/** The detector of highest priority that finds something in a text. */
function firstFound(detectors: readonly Detector[], text: string): Detector | undefined {
  const spans = scanText(detectors, text);
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

function discard(lane: Lane, length: number, from: (length: number) => void): void {
  if (length <= 0) return;
  from(length);
  for (let index = 0; index < lane.resumes.length; index += 1)
    lane.resumes[index] = (lane.resumes[index] ?? 0) - length;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
