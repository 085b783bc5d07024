const STEPS = 10;

/** A score in steps of a tenth, which on the same side of 0.5 stay there. */
export function quantised(score: number): number {
  const step = Math.round(score * STEPS) / STEPS;
  return score < 0.5 && step === 0.5 ? 0.4 : step;
}
