import { classesOf } from './character-class.ts';
import type { Reading } from './detector.ts';

/** The end of the raw text, as far as invisible text may have begun in it. Offsets are UTF-16 units. */
export interface RawWindow {
  reading(isEnd: boolean): Reading;
  append(raw: string, from: number, to: number): void;
  discard(length: number): void;
  /** Where the window begins in the whole text. */
  origin(): number;
}

export function createRawWindow(): RawWindow {
  let text = '';
  let classes = 0;
  let origin = 0;
  return {
    reading: (isEnd) => ({ text, classes, isEnd }),
    append(raw, from, to) {
      classes |= classesOf(raw, from, to);
      text += raw.slice(from, to);
    },
    discard(length) {
      text = text.slice(length);
      origin += length;
      if (text === '') classes = 0;
    },
    origin: () => origin,
  };
}
