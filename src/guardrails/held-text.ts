import {
  type AnswerEvent,
  type ContentAction,
  type FindingType,
  GatewayError,
  type PartKind,
  type Span,
} from '../core/index.ts';
import type { Scan, StreamScanner } from '../detectors/index.ts';

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
 * All text blocks of an answer are scanned as one text, whatever stands between them: clients join them, so a value
 * split over two blocks would be whole again on their side. Events that follow text wait for it.
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
  readonly actions: Readonly<Record<FindingType, ContentAction>>;
  readonly mask: Mask;
}

interface Mark {
  readonly at: number;
  readonly events: readonly AnswerEvent[];
}

/** UTF-16 units that may wait behind held text, an event counting as `EVENT_COST` of them. */
const MAX_WAITING = 4_194_304;
const EVENT_COST = 64;

export function createHeldText({ scanner, actions, mask }: HeldTextOptions): HeldText {
  /** Text not given out, of which `fresh`, its end, has not been scanned. */
  let held = '';
  let fresh = '';
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
      spans.push(span);
    }
    // A tag stands for a whole finding, never for the half of it that is settled.
    const halved = spans.find(({ start, end }) => start < settled && settled < end);
    const limit = Math.max(at, halved?.start ?? settled);
    const blocking = spans.find(({ type, start }) => actions[type] === 'block' && start <= limit);
    const out: Output = { events: [], findings: [] };
    release(blocking?.start ?? limit, out);
    if (blocking === undefined) return out;
    out.findings.push(inBlock(blocking));
    return { ...out, blocking };
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
    at = to;
  }

  /** Masks `text`, which stands from `at` to `to`. A finding that goes on in the next block is masked in both. */
  function maskUpTo(text: string, to: number, out: Output): string {
    const inText: Span[] = [];
    let done = 0;
    for (const span of spans) {
      if (span.start >= to) break;
      if (span.start >= at) out.findings.push(inBlock(span));
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

  function takeFresh(): string {
    const text = fresh;
    fresh = '';
    return text;
  }

  return {
    add(text) {
      fresh += text;
      held += text;
    },
    follow(events) {
      marks.push({ at: at + held.length, events });
      for (const event of events) waiting += costOf(event);
    },
    settle() {
      const settled = settleAt(fresh === '' ? { spans: [], settled: at } : scanner.push(takeFresh()));
      if (waiting > MAX_WAITING) throw new GatewayError('inspectionFailed');
      return settled;
    },
    end() {
      return settleAt({ spans: scanner.end(takeFresh()).spans, settled: at + held.length });
    },
  };
}

interface Output {
  readonly events: AnswerEvent[];
  readonly findings: Span[];
}

function costOf(event: AnswerEvent): number {
  return event.kind === 'delta' ? EVENT_COST + event.text.length : EVENT_COST;
}
