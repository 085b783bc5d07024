import { OTHER } from './character-class.ts';
import type { Reading } from './detector.ts';

/** The end of the raw text, as far as invisible text may have begun in it. Offsets are UTF-16 units. */
export interface RawWindow {
  reading(isEnd: boolean): Reading;
  /** Adds raw text of the classes `seen`. */
  append(raw: string, seen: number): void;
  discard(length: number): void;
  /** Where the window begins in the whole text. */
  origin(): number;
}

/** Without one of these no run of invisible text begins or goes on. */
const MAYBE_HIDDEN = /[\u{1f3f4}\p{Default_Ignorable_Code_Point}\p{Cf}]/u;

export function createRawWindow(): RawWindow {
  let text = '';
  let origin = 0;
  return {
    reading: (isEnd) => ({ text, classes: text === '' ? 0 : OTHER, isEnd }),
    append(raw, seen) {
      const isVisible = text === '' && ((seen & OTHER) === 0 || !MAYBE_HIDDEN.test(raw));
      if (isVisible) origin += raw.length;
      else text += raw;
    },
    discard(length) {
      text = text.slice(length);
      origin += length;
    },
    origin: () => origin,
  };
}
