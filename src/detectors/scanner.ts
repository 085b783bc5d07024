import type { Span } from '../core/index.ts';
import { CONTEXT, type Detector, type Reading, type Rule } from './detector.ts';
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
  /** No more text will come. Everything is settled. */
  end(): Scan;
}

/** Raw units looked at in one go, so that a long text needs no more memory than a short one. */
const SLICE = 8192;
/** Units in front of what is undecided that may pile up before the window is cut. */
const SLACK = 1024;
const NONE: readonly Span[] = [];

/** A text under a set of rules, each of which stands where nothing before it can matter to it any more. */
interface Lane {
  readonly entries: readonly { readonly rule: Rule; readonly detector: Detector }[];
  readonly resumes: number[];
}

/** Scans text piece by piece for all that `detectors` find. */
export function createStreamScanner(detectors: readonly Detector[]): StreamScanner {
  const view = createView();
  const raw = createRawWindow();
  const viewLane = createLane(detectors, 'view');
  const rawLane = createLane(detectors, 'raw');
  if (viewLane.entries.length > 0) addTagRule(rawLane, detectors);
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

  function runLane(lane: Lane, reading: Reading, report: (start: number, end: number, as?: Detector) => void): number {
    let least = reading.text.length;
    for (const [index, { rule, detector }] of lane.entries.entries()) {
      current = detector;
      const resume = rule.scan(reading, lane.resumes[index] ?? 0, report);
      lane.resumes[index] = resume;
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
   * has been held is a finding as it stands, the padding with it.
   */
  function hidePadding(padded: View, pending: number): void {
    const start = padded.rawStart(pending);
    const end = padded.consumed();
    const visible = padded.reading(false).text.length - pending;
    if (end - start - visible < PADDING) return;
    add(start, end, hiddenText);
    floor = end;
  }

  function take(text: string): number {
    let settled = 0;
    let at = 0;
    do {
      const next = view.append(text, at, Math.min(at + SLICE, text.length));
      raw.append(text, at, next);
      at = next;
      settled = advance(false);
    } while (at < text.length);
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
      return release(take(isSplit ? whole.slice(0, -1) : whole));
    },
    end() {
      if (carry !== '') take(carry);
      carry = '';
      advance(true);
      return release(view.consumed());
    },
  };
}

function createLane(detectors: readonly Detector[], reads: Rule['reads']) {
  const entries = detectors.flatMap((detector) =>
    detector.rules.filter((rule) => rule.reads === reads).map((rule) => ({ rule, detector })),
  );
  return { entries, resumes: entries.map(() => 0) };
}

function addTagRule(lane: ReturnType<typeof createLane>, detectors: readonly Detector[]): void {
  lane.entries.push({ rule: tagRule((text) => firstFound(detectors, text)), detector: hiddenText });
  lane.resumes.push(0);
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
  const scanner = createStreamScanner(detectors);
  const { spans } = scanner.push(text);
  const last = scanner.end().spans;
  return last.length === 0 ? spans : [...spans, ...last];
}

function discard(lane: Lane, length: number, from: (length: number) => void): void {
  if (length <= 0) return;
  from(length);
  for (const [index, resume] of lane.resumes.entries()) lane.resumes[index] = resume - length;
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit < 0xdc00;
}
