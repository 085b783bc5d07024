import { createSentenceReader, type Stretch } from './sentences.ts';

/** Divides a text into windows while it comes. */
export interface WindowReader {
  /** The windows that end within `text`; no further text can change them. */
  push(text: string): readonly Stretch[];
  /** The last window, where the text goes on behind the one before it. */
  end(): readonly Stretch[];
  /** Up to where every unit lies in a window that was given out. */
  complete(): number;
  /** Where the next window begins: text in front of it is no longer needed. */
  needed(): number;
}

export interface WindowOptions {
  /** A window ends with the first sentence that brings what is new in it to so many units. With 1 each is a sentence. */
  readonly enough?: number;
}

/** A window ends with the first sentence that brings what is new in it to so many units. */
const ENOUGH = 240;
const LONGEST_SENTENCE = 200;
/** Of the last sentence of one window at most so much is the beginning of the next. */
const LONGEST_CONTEXT = 160;

/** Units of the longest window there can be. */
export const LONGEST_WINDOW = ENOUGH + LONGEST_SENTENCE + LONGEST_CONTEXT;

/**
 * Windows of whole sentences for a classifier to read. Each but the first begins with the last sentence of the one
 * before it, so that what stands on both sides of a border is read together.
 *
 * INVARIANT: the windows depend on the text alone, never on how it was divided.
 */
export function createWindowReader({ enough = ENOUGH }: WindowOptions = {}): WindowReader {
  const sentences = createSentenceReader(LONGEST_SENTENCE);
  let context = 0;
  let complete = 0;
  let end = 0;

  function close(last: Stretch): Stretch {
    const window = { start: context, end };
    complete = end;
    context = Math.max(last.start, end - LONGEST_CONTEXT);
    return window;
  }

  function take(read: readonly Stretch[]): readonly Stretch[] {
    const windows: Stretch[] = [];
    for (const sentence of read) {
      end = sentence.end;
      if (end - complete >= enough) windows.push(close(sentence));
    }
    return windows;
  }

  return {
    push: (text) => take(sentences.push(text)),
    end() {
      const rest = sentences.end();
      const windows = take(rest);
      return end > complete ? [...windows, close({ start: end, end })] : windows;
    },
    complete: () => complete,
    needed: () => context,
  };
}

/** The windows of a whole text. They cover it. */
export function windowsOf(text: string): readonly Stretch[] {
  const reader = createWindowReader();
  return [...reader.push(text), ...reader.end()];
}
