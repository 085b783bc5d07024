import type { Span } from '../core/index.ts';
import type { Detector } from './detector.ts';
import { createStreamScanner } from './scanner.ts';

/** Scans texts that may be read as one, and as several, one by one. Each has a key. */
export interface RunScanner<Key> {
  push(key: Key, text: string): void;
  /** What follows in the text that was pushed last. */
  more(text: string): void;
  /** What was found in each text, in its own offsets. What lies in several of them is a finding in each. */
  end(): readonly FoundIn<Key>[];
}

export type FoundIn<Key> = readonly [key: Key, spans: readonly Span[]];

/** A text of a run, by its place in all of them together. */
interface Placed<Key> {
  readonly key: Key;
  readonly start: number;
  end: number;
}

export function createRunScanner<Key>(detectors: readonly Detector[]): RunScanner<Key> {
  const scanner = createStreamScanner(detectors);
  const texts: Placed<Key>[] = [];
  let length = 0;
  return {
    push(key, text) {
      if (texts.length > 0) scanner.divide();
      scanner.add(text);
      texts.push({ key, start: length, end: length + text.length });
      length += text.length;
    },
    more(text) {
      const last = texts.at(-1);
      if (last === undefined) throw new RangeError('there is no text to go on with');
      scanner.add(text);
      length += text.length;
      last.end = length;
    },
    end: () => shareOut(scanner.end().spans, texts),
  };
}

/** As a `RunScanner` finds in texts. */
export function scanRun<Key>(
  detectors: readonly Detector[],
  texts: Iterable<readonly [key: Key, text: string]>,
): readonly FoundIn<Key>[] {
  const scanner = createRunScanner<Key>(detectors);
  for (const [key, text] of texts) scanner.push(key, text);
  return scanner.end();
}

/** One pass, since both ascend: a span that goes on behind a text is looked at again for the next. */
function shareOut<Key>(spans: readonly Span[], texts: readonly Placed<Key>[]): readonly FoundIn<Key>[] {
  let next = 0;
  return texts.map(({ key, start, end }) => {
    const ofText: Span[] = [];
    for (let span = spans[next]; span !== undefined && span.start < end; span = spans[next]) {
      const [from, to] = [Math.max(span.start, start), Math.min(span.end, end)];
      if (to > from) ofText.push({ ...span, start: from - start, end: to - start });
      if (span.end > end) break;
      next += 1;
    }
    return [key, ofText];
  });
}
