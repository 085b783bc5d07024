import { CONTEXT, type Detector, type Reading, type Report } from './detector.ts';
import { hiddenText } from './hidden-text.ts';
import { firstLong } from './long-run.ts';
import type { Entry } from './plan.ts';
import { PADDING, type View } from './view.ts';

/** Takes a match in raw offsets of the whole text. */
export type AddHit = (start: number, end: number, detector: Detector) => void;

/** One way to read a text: a view of it, and where each rule goes on there. */
export interface Reader {
  readonly view: View;
  /**
   * Up to here text has been found hidden together with its padding: later matches count from here on. No accessor: an
   * object with one took 5 µs to make, as long as the scan of a short text.
   */
  floor(): number;
  /** Lets every rule look at the view. Returns the raw offset up to which all of them are done. */
  advance(isEnd: boolean): number;
  /** What of the view was undecided when it was last looked at, and what has come since. */
  undecided(): string;
  /** Another reader that has come as far, and goes on by itself. */
  fork(): Reader;
}

export interface ReaderState {
  readonly view: View;
  readonly lane: Lane;
  readonly floor: number;
  /** Index in the view up to which all rules are done. */
  readonly decided: number;
}

/** Units in front of what is undecided that may pile up before the window is cut. */
const SLACK = 1024;

export function createReader({ view, lane, ...from }: ReaderState, add: AddHit): Reader {
  let { floor, decided } = from;

  function report(start: number, end: number, detector: Detector): void {
    const rawEnd = view.rawEnd(end - 1);
    if (rawEnd > floor) add(Math.max(view.rawStart(start), floor), rawEnd, detector);
  }

  /**
   * A value padded with invisible text would have to be held for as long as the padding goes on. Past a bound what
   * has been held is a finding as it stands, the padding with it; what follows is read as if it began there, because
   * a value in front of which something is taken out stands alone.
   */
  function hidePadding(pending: number): void {
    const start = view.rawStart(pending);
    const end = view.consumed();
    const visible = view.reading(false).text.length - pending;
    if (end === floor || end - start - visible < PADDING) return;
    add(Math.max(start, floor), end, hiddenText);
    floor = end;
    view.separate();
  }

  return {
    view,
    floor: () => floor,
    advance(isEnd) {
      const reading = view.reading(isEnd);
      const least = runLane(lane, { ...reading, firstLong: firstLong(reading.text, decided) }, report);
      const pending = view.rawStart(least);
      if (view.isPadded()) hidePadding(least);
      decided = least;
      if (least > CONTEXT + SLACK) {
        view.discard(least - CONTEXT);
        shiftLane(lane, least - CONTEXT);
        decided = CONTEXT;
      }
      return Math.max(pending, floor);
    },
    undecided: () => view.reading(false).text.slice(decided),
    fork: () => createReader({ view: view.fork(), lane: { ...lane, resumes: [...lane.resumes] }, floor, decided }, add),
  };
}

/** The rules about one form of the text, each with where in its window it goes on. */
export interface Lane {
  readonly entries: readonly Entry[];
  readonly resumes: number[];
}

export function createLane(entries: readonly Entry[]): Lane {
  return { entries, resumes: new Array<number>(entries.length).fill(0) };
}

/** Lets the rules look at a window and returns the offset up to which all of them are done. */
export function runLane({ entries, resumes }: Lane, reading: Reading, add: AddHit): number {
  let least = reading.text.length;
  let current: Detector | undefined;
  const report: Report = (start, end, as = current) => {
    if (as !== undefined) add(start, end, as);
  };
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

export function shiftLane({ resumes }: Lane, length: number): void {
  for (let index = 0; index < resumes.length; index += 1) resumes[index] = (resumes[index] ?? 0) - length;
}
