import type { Cue } from './cue.ts';
import { createWordFinder } from './cue-words.ts';
import type { Detector, Report, Rule } from './detector.ts';

/** A cue, and whose it is. */
interface Owned {
  readonly cue: Cue;
  readonly detector: Detector;
}

/**
 * One rule for the cues of all of `detectors`: it goes over the words of the text once, however many there are, and
 * tries the pattern of a cue only where one of its words begins. Each finding is reported as its own detector's.
 */
export function cueRule(detectors: readonly Detector[]): Rule {
  const owned = detectors.flatMap((detector) => (detector.cues ?? []).map((cue) => ({ cue, detector })));
  const findWords = createWordFinder(
    owned.flatMap((one) => one.cue.beginnings.map((beginning) => [beginning, one] as const)),
  );
  return {
    reads: 'view',
    scan({ text, classes, isEnd }, from, report) {
      return findWords({ text, classes }, from, (start, { values, isOpen }) => {
        if (!isEnd && (isOpen || values.some(({ cue }) => cue.pattern().isOpenAt(text, start)))) return false;
        for (const one of values) reportValue(text, { start, one }, report);
        return true;
      });
    },
  };
}

function reportValue(
  text: string,
  { start, one }: { readonly start: number; readonly one: Owned },
  report: Report,
): void {
  const match = one.cue.pattern().matchAt(text, start);
  const value = match?.[1];
  if (match === null || value === undefined || !one.cue.isValue(value)) return;
  const end = start + match[0].length;
  report(end - value.length, end, one.detector);
}
