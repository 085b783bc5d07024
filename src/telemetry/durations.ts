/**
 * Durations as CloudWatch takes a distribution: values, and how often each was, with the numbers of the whole. The page of
 * the format names numbers and lists of them alone; this is what OpenTelemetry's exporter for it writes of a histogram.
 */
export interface Distribution {
  readonly Values: readonly number[];
  readonly Counts: readonly number[];
  readonly Max: number;
  readonly Min: number;
  readonly Count: number;
  readonly Sum: number;
}

/** Each step is 16 % above the one before: 91 steps lead from a millisecond to more than ten minutes. */
const RATIO = 1.16;
const STEPS = Array.from({ length: 92 }, (_, step) => Math.round(RATIO ** step * 100) / 100);

/** Counts durations in milliseconds. It holds no more values than CloudWatch takes of one metric, 100. */
export function createDurations(): { add(ms: number): void; take(): Distribution } {
  const counts = new Map<number, number>();
  return {
    add(ms) {
      const value = toStep(ms);
      counts.set(value, (counts.get(value) ?? 0) + 1);
    },
    take() {
      const sorted = [...counts].toSorted(([one], [other]) => one - other);
      counts.clear();
      const values = sorted.map(([value]) => value);
      const occurrences = sorted.map(([, count]) => count);
      return {
        Values: values,
        Counts: occurrences,
        Max: values.at(-1) ?? 0,
        Min: values[0] ?? 0,
        Count: occurrences.reduce((sum, count) => sum + count, 0),
        Sum: sorted.reduce((sum, [value, count]) => sum + value * count, 0),
      };
    },
  };
}

/** The step next to a duration, at most 8 % away; below a millisecond 0, and above the last step the last. */
function toStep(ms: number): number {
  if (!(ms >= 1)) return 0;
  return Number(STEPS[Math.min(Math.round(Math.log(ms) / Math.log(RATIO)), STEPS.length - 1)]);
}
