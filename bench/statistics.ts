/** What is left of a series of rounds. `NaN` throughout where there were none. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The nearest-rank percentile of values in ascending order; `share` from 0 to 1. `NaN` of nothing. */
export function percentile(ascending: ArrayLike<number>, share: number): number {
  const rank = Math.ceil(share * ascending.length);
  return ascending[Math.max(rank, 1) - 1] ?? Number.NaN;
}

/**
 * Median, least and greatest of those that are numbers. Of an even count the median is the mean of the two in the
 * middle.
 */
export function spreadOf(values: readonly number[]): Spread {
  const ascending = Float64Array.from(values.filter((value) => !Number.isNaN(value))).sort();
  const middle = ascending.length / 2;
  const low = ascending[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = ascending[Math.floor(middle)] ?? Number.NaN;
  return { median: (low + high) / 2, min: ascending[0] ?? Number.NaN, max: ascending.at(-1) ?? Number.NaN };
}

/** The slope of the least-squares line through `[x, y]` points; 0 where they do not differ in x. */
export function slopeOf(points: readonly (readonly [number, number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return spread > 0 ? points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread : 0;
}
