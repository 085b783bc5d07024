import {
  type AnswerBlockStart,
  type AnswerEvent,
  type FindingType,
  GatewayError,
  type PartKind,
  type SidePolicy,
  type Span,
} from '../core/index.ts';
import type { Scan, StreamScanner } from '../detectors/index.ts';
import { createJsonPlaces, type PlacesOf, placeOf } from './json-places.ts';

/** Puts something in the place of each span; undefined where that cannot be done. */
export type Mask = (text: string, spans: readonly Span[], kind: PartKind) => string | undefined;

/** What may go out now. `findings` are in the offsets of the block in which they begin. */
export interface Settled {
  readonly events: readonly AnswerEvent[];
  readonly findings: readonly Span[];
  /** The finding before which the answer ends. */
  readonly blocking?: Span;
}

/**
 * The text of one answer on its way out, and the events that stand between its pieces.
 *
 * All text blocks of an answer are scanned as one text, whatever stands between them, and each apart: clients join them,
 * so a value split over two blocks would be whole again on their side, and show them apart. Events that follow text wait
 * for it.
 *
 * Where the answer is to be JSON, what would be masked ends the answer where a tag would not leave the JSON it was: in
 * the place of a number, over the edge of a string, or as a second name of the same kind.
 *
 * INVARIANT: what has been given out, in all calls together, is the masked beginning of the whole text, however the
 * text was divided.
 */
export interface HeldText {
  /** More text of the block that began last. */
  add(text: string): void;
  /** Events that stand behind the text added so far. */
  follow(events: readonly AnswerEvent[]): void;
  /** Gives out what no further text can change. */
  settle(): Settled;
  /** No more text will come: gives out all the rest. */
  end(): Settled;
}

export interface HeldTextOptions {
  readonly scanner: StreamScanner;
  readonly policy: SidePolicy;
  readonly mask: Mask;
  /** Set where the text blocks are to be JSON. */
  readonly format?: 'json';
}

interface Mark {
  readonly at: number;
  readonly events: readonly AnswerEvent[];
}

/** UTF-16 units that may wait behind held text, an event counting as `EVENT_COST` of them. */
const MAX_WAITING = 4_194_304;
const EVENT_COST = 64;

export function createHeldText({ scanner, policy, mask, format }: HeldTextOptions): HeldText {
  /** Text not given out, and of JSON what each unit of it is. */
  let held = '';
  let places = '';
  let placesOf: PlacesOf = plainPlaces;
  /** What has not been scanned: of the last block, and of blocks that have ended. */
  let fresh = '';
  let ended: string[] = [];
  const maskedNames = new Set<FindingType>();
  /** Offset of `held` in the whole text. */
  let at = 0;
  let spans: Span[] = [];
  let marks: Mark[] = [];
  let waiting = 0;
  /** The block that the text at `at` belongs to, and where it begins in the whole text. */
  let block = { index: 0, start: 0 };

  function settleAt({ spans: found, settled }: Scan): Settled {
    for (const span of found) {
      // The text under it is gone already: whatever else this scanner says is not to be trusted either.
      if (span.start < at) throw new GatewayError('inspectionFailed');
      spans.push(format === undefined ? span : fitted(span));
    }
    // A tag stands for a whole finding, never for the half of it that is settled.
    const halved = spans.find(({ start, end }) => start < settled && settled < end);
    const limit = Math.max(at, halved?.start ?? settled);
    const blocking = firstBlocking(limit);
    const out: Output = { events: [], findings: [] };
    release(blocking?.start ?? limit, out);
    if (blocking === undefined) return out;
    out.findings.push(inBlock(blocking));
    return { ...out, blocking };
  }

  /** A span without the end of an escape that it was read to begin with. */
  function fitted(span: Span): Span {
    const { start } = placeOf(places, span.start - at, span.end - at);
    return { ...span, start: start + at };
  }

  /** The first finding up to `limit` before which the answer has to end. */
  function firstBlocking(limit: number): Span | undefined {
    const names = new Set(maskedNames);
    return spans.find((span) => {
      const { type, start, end } = span;
      if (start > limit) return false;
      if (policy.actionOf(span) === 'block') return true;
      if (format === undefined) return false;
      const { isFit, isName } = placeOf(places, start - at, end - at);
      const isSecond = isName && names.has(type);
      if (isName) names.add(type);
      return !isFit || isSecond;
    });
  }

  function release(to: number, out: Output): void {
    let done = 0;
    for (const mark of marks) {
      if (mark.at > to) break;
      releaseText(mark.at, out);
      for (const event of mark.events) {
        if (event.kind === 'blockStart') block = { index: event.index, start: mark.at };
        waiting -= costOf(event);
        out.events.push(event);
      }
      done += 1;
    }
    if (done > 0) marks = marks.slice(done);
    releaseText(to, out);
  }

  function releaseText(to: number, out: Output): void {
    if (to === at) return;
    const text = held.slice(0, to - at);
    const released = maskUpTo(text, to, out);
    if (released !== '') out.events.push({ kind: 'delta', index: block.index, text: released });
    held = held.slice(to - at);
    if (format !== undefined) places = places.slice(to - at);
    at = to;
  }

  /** Masks `text`, which stands from `at` to `to`. A finding that goes on in the next block is masked in both. */
  function maskUpTo(text: string, to: number, out: Output): string {
    const inText: Span[] = [];
    let done = 0;
    for (const span of spans) {
      if (span.start >= to) break;
      if (span.start >= at) out.findings.push(inBlock(span));
      if (format !== undefined && placeOf(places, span.start - at, span.end - at).isName) maskedNames.add(span.type);
      inText.push({ ...span, start: Math.max(span.start, at) - at, end: Math.min(span.end, to) - at });
      if (span.end > to) break;
      done += 1;
    }
    if (done > 0) spans = spans.slice(done);
    const masked = inText.length === 0 ? text : mask(text, inText, 'text');
    if (masked === undefined) throw new GatewayError('inspectionFailed');
    return masked;
  }

  function inBlock(span: Span): Span {
    return { ...span, start: span.start - block.start, end: span.end - block.start };
  }

  function openBlock(block: AnswerBlockStart): void {
    if (block.kind === 'toolUse') return;
    if (at + held.length > 0) {
      ended.push(fresh);
      fresh = '';
    }
    if (format !== undefined) placesOf = block.kind === 'text' ? createJsonPlaces() : plainPlaces;
  }

  function takeFresh(): string {
    for (const rest of ended) {
      scanner.add(rest);
      scanner.divide();
    }
    const text = fresh;
    ended = [];
    fresh = '';
    return text;
  }

  return {
    add(text) {
      fresh += text;
      held += text;
      if (format !== undefined) places += placesOf(text);
    },
    follow(events) {
      marks.push({ at: at + held.length, events });
      for (const event of events) {
        waiting += costOf(event);
        if (event.kind === 'blockStart') openBlock(event.block);
      }
    },
    settle() {
      const isScanned = fresh === '' && ended.length === 0;
      const settled = settleAt(isScanned ? { spans: [], settled: at } : scanner.push(takeFresh()));
      if (waiting > MAX_WAITING) throw new GatewayError('inspectionFailed');
      return settled;
    },
    end() {
      return settleAt({ spans: scanner.end(takeFresh()).spans, settled: at + held.length });
    },
  };
}

/** Text that need not stay JSON, in which a tag may stand anywhere. */
function plainPlaces(text: string): string {
  return 'v'.repeat(text.length);
}

interface Output {
  readonly events: AnswerEvent[];
  readonly findings: Span[];
}

function costOf(event: AnswerEvent): number {
  return event.kind === 'delta' ? EVENT_COST + event.text.length : EVENT_COST;
}
