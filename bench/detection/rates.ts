/** A score, and whether what was scored is of the kind that is looked for. */
export interface Scored {
  readonly score: number;
  readonly isWanted: boolean;
}

/** What a threshold makes of scores. `NaN` where there was nothing to divide by. */
export interface Rates {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Of what is not wanted, the share that was taken. */
  readonly falsePositives: number;
}

export function ratesAt(scored: readonly Scored[], threshold: number): Rates {
  const taken = scored.filter(({ score }) => score >= threshold);
  const right = taken.filter(({ isWanted }) => isWanted).length;
  const wanted = scored.filter(({ isWanted }) => isWanted).length;
  const precision = right / taken.length;
  const recall = right / wanted;
  return {
    precision,
    recall,
    f1: right === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    falsePositives: (taken.length - right) / (scored.length - wanted),
  };
}

/** The lowest threshold that at most a `share` of the scores reach. */
export function thresholdFor(scores: readonly number[], share: number): number {
  const descending = [...scores].sort((one, other) => other - one);
  const most = Math.floor(share * descending.length);
  const above = descending[most];
  if (above === undefined) return 0;
  // The least of those that may be taken and lie above the first that may not.
  return descending.slice(0, most).findLast((score) => score > above) ?? Number.POSITIVE_INFINITY;
}

/** How likely something wanted scores more than something that is not; half where they score the same. */
export function areaUnderCurve(scored: readonly Scored[]): number {
  const ascending = [...scored].sort((one, other) => one.score - other.score);
  let below = 0;
  let wins = 0;
  for (let at = 0; at < ascending.length; ) {
    let end = at;
    let [wanted, others] = [0, 0];
    for (; end < ascending.length && ascending[end]?.score === ascending[at]?.score; end += 1) {
      if (ascending[end]?.isWanted === true) wanted += 1;
      else others += 1;
    }
    wins += wanted * (below + others / 2);
    below += others;
    at = end;
  }
  return wins / (below * (scored.length - below));
}
