import type { SidePolicy, Span } from '../core/index.ts';
import type { Scan, StreamScanner } from '../detectors/index.ts';
import type { Classifiers } from './policy/classifiers.ts';
import type { WindowFinder } from './window-findings.ts';

interface WindowScannerOptions {
  readonly classifiers: Pick<Classifiers, 'createSentences'>;
  readonly finder: WindowFinder;
  readonly policy: SidePolicy;
}

/**
 * Scans an answer sentence by sentence with classifiers, as `StreamScanner` has it. A sentence is settled once it is
 * whole and was read; one that the policy blocks is a span.
 */
export function createWindowScanner({ classifiers, finder, policy }: WindowScannerOptions): StreamScanner {
  const windows = classifiers.createSentences();
  let held = '';
  /** Offset of `held` in the whole text. */
  let origin = 0;
  let read = 0;
  let waiting: Span[] = [];

  function take(found: readonly { readonly start: number; readonly end: number }[]): void {
    for (const { start, end } of found) {
      const blocking = finder
        .find(held.slice(start - origin, end - origin))
        .find((one) => policy.actionOf(one) === 'block');
      if (blocking !== undefined) waiting.push({ ...blocking, start: read, end });
      read = end;
    }
    const needed = Math.max(origin, windows.needed());
    held = held.slice(needed - origin);
    origin = needed;
  }

  function add(text: string): void {
    held += text;
    take(windows.push(text));
  }

  function release(settled: number): Scan {
    const spans = waiting;
    waiting = [];
    return { spans, settled };
  }

  return {
    add,
    // Sentences go on from one block to the next, as a reader does.
    divide: () => undefined,
    push(text) {
      add(text);
      return release(windows.complete());
    },
    end(text = '') {
      add(text);
      take(windows.end());
      return release(windows.complete());
    },
  };
}
