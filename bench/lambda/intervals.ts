/** A span of time, both ends in the same milliseconds. */
export interface Interval {
  readonly from: number;
  readonly to: number;
}

/** Milliseconds of `within` in which at least one of the intervals, in any order, lay. */
export function coveredMs(intervals: readonly Interval[], within: Interval): number {
  let covered = 0;
  let reached = within.from;
  for (const { from, to } of intervals.toSorted((a, b) => a.from - b.from)) {
    const begin = Math.max(from, reached);
    const end = Math.min(to, within.to);
    if (end <= begin) continue;
    covered += end - begin;
    reached = end;
  }
  return covered;
}
