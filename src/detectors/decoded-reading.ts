import { classesOf } from './character-class.ts';
import { CONTEXT } from './detector.ts';
import type { Escape } from './escapes.ts';
import type { Reader } from './reader.ts';

/**
 * The second reading of a text, where it may be read in two ways: with escapes decoded, and with two blocks as one where
 * the first reading has them apart. It begins at such a place as a fork of the first reading, and is given up where no
 * such place has come for a while and nothing that began there is undecided: all of that is a matter of offsets in the
 * text, and not of how the text was divided.
 */
export interface DecodedReading {
  readonly reader: Reader;
  /** Adds `text` from `from` to `to`, in which `escapes` stand. */
  append(text: string, range: Range, escapes: readonly Escape[]): void;
  /** Behind this place two blocks meet. */
  join(): void;
  /** Offset in the raw text at which `isOver` is to be asked. */
  until(): number;
  /** Whether it may be given up at `until`. `pending` is the raw offset up to which its rules are done. */
  isOver(pending: number): boolean;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Raw units it goes on for behind an sequence, and behind the beginning of a block. */
export const BEHIND_ESCAPE = 512;
const BEHIND_JOINT = 64;

export function createDecodedReading(reader: Reader): DecodedReading {
  const { view } = reader;
  let until = view.consumed() + 1;
  /** What is pending must have begun behind this, or the two readings may still differ in it. */
  let clear = 0;

  function goOn(length: number, context: number): void {
    clear = Math.max(clear, view.consumed() + context);
    until = Math.max(until, view.consumed() + length);
  }

  function appendPlain(text: string): void {
    const seen = classesOf(text);
    for (let at = 0; at < text.length; ) {
      at = view.append(text, at, seen);
      if (view.isPadded()) reader.advance(false);
    }
  }

  return {
    reader,
    append(text, { from, to }, escapes) {
      let at = from;
      for (const sequence of escapes) {
        if (sequence.start < from) continue;
        if (sequence.start >= to) break;
        if (sequence.start > at) appendPlain(text.slice(at, sequence.start));
        view.appendEscaped(sequence.text, sequence.end - sequence.start);
        if (view.isPadded()) reader.advance(false);
        goOn(BEHIND_ESCAPE, CONTEXT);
        at = sequence.end;
      }
      if (at < to) appendPlain(text.slice(at, to));
    },
    join() {
      goOn(BEHIND_JOINT, 0);
    },
    until: () => until,
    isOver(pending) {
      if (pending > clear) return true;
      until += BEHIND_ESCAPE;
      return false;
    },
  };
}
