/** Durations as CloudWatch takes a distribution: values, and how often each was. */
export interface Distribution {
  readonly Values: readonly number[];
  readonly Counts: readonly number[];
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
      return { Values: sorted.map(([value]) => value), Counts: sorted.map(([, count]) => count) };
    },
  };
}

/** The step next to a duration, at most 8 % away; below a millisecond 0, and above the last step the last. */
function toStep(ms: number): number {
  if (!(ms >= 1)) return 0;
  return Number(STEPS[Math.min(Math.round(Math.log(ms) / Math.log(RATIO)), STEPS.length - 1)]);
}
