import type { Span } from '../core/index.ts';
import type { Detector } from './detector.ts';
import { createStreamScanner } from './scanner.ts';

/** Scans texts that may be read as one, and as several, one by one. */
export interface RunScanner {
  push(text: string): void;
  /** What was found in each text, in its own offsets. What lies in several of them is a finding in each. */
  end(): readonly (readonly Span[])[];
}

export function createRunScanner(detectors: readonly Detector[]): RunScanner {
  const scanner = createStreamScanner(detectors);
  /** Where each text begins in all of them together, and the end of the last. */
  const edges: number[] = [0];
  return {
    push(text) {
      if (edges.length > 1) scanner.divide();
      scanner.add(text);
      edges.push((edges.at(-1) ?? 0) + text.length);
    },
    end: () => toTexts(scanner.end().spans, edges),
  };
}

/** As a `RunScanner` finds in texts. */
export function scanRun(detectors: readonly Detector[], texts: readonly string[]): readonly (readonly Span[])[] {
  const scanner = createRunScanner(detectors);
  for (const text of texts) scanner.push(text);
  return scanner.end();
}

/** One pass: both spans and texts ascend. */
function toTexts(spans: readonly Span[], edges: readonly number[]): readonly (readonly Span[])[] {
  const found: Span[][] = [];
  let first = 0;
  for (let text = 0; text + 1 < edges.length; text += 1) {
    const [from = 0, to = 0] = edges.slice(text, text + 2);
    const ofText: Span[] = [];
    for (let index = first; index < spans.length; index += 1) {
      const span = spans[index];
      if (span === undefined || span.start >= to) break;
      if (span.end <= to) first = index + 1;
      if (span.end > from && to > from) {
        ofText.push({ ...span, start: Math.max(span.start, from) - from, end: Math.min(span.end, to) - from });
      }
    }
    found.push(ofText);
  }
  return found;
}
