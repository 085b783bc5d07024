import { createEvidence, type Evidence, type Statement, toStatements } from './evidence.ts';
import { opposites } from './stop-words.data.ts';

export interface Grounded {
  readonly sources: readonly string[];
  readonly answer: string;
}

/** What a claim keeps of its support where something in it is not as the sources say. */
const NUMBER_NOWHERE = 0.2;
const NUMBER_ELSEWHERE = 0.6;
const NAME_NOWHERE = 0.4;
const OPPOSITE = 0.35;
/** Of what only a second sentence supports. */
const SECOND_SHARE = 0.85;

const oppositesOf = new Map<string, readonly string[]>();
for (const [one, other] of opposites) {
  oppositesOf.set(one, [...(oppositesOf.get(one) ?? []), other]);
  oppositesOf.set(other, [...(oppositesOf.get(other) ?? []), one]);
}

/**
 * How far the sources support an answer, from 0 to 1: claim by claim, that is sentence by sentence, by the words it
 * shares with the sentences nearest to it, less where its numbers, its names or its negation differ. The worst claim
 * counts as much as all of them together. 1 where every sentence stands in the sources as it is, and where nothing is
 * claimed.
 *
 * A baseline: what is said in other words looks unsupported, and the same words in another order supported.
 */
export function scoreGrounding({ sources, answer }: Grounded): number {
  const claims = toStatements(answer).filter(({ weights }) => weights.size > 0);
  if (claims.length === 0) return 1;
  const evidence = createEvidence(sources);
  const supports = claims.map((claim) => supportOf(claim, evidence));
  const sizes = claims.map(({ weights }) => weights.size);
  const size = sizes.reduce((sum, each) => sum + each, 0);
  const mean = supports.reduce((sum, support, index) => sum + (support * (sizes[index] ?? 0)) / size, 0);
  const worst = supports.reduce((least, support) => Math.min(least, support), 1);
  return Math.min(1, (mean + worst) / 2);
}

function supportOf(claim: Statement, evidence: Evidence): number {
  const best = evidence.findBest(claim.weights);
  const [first, second] = best;
  if (first === undefined) return 0;
  let shared = 0;
  let all = 0;
  for (const [stem, weight] of claim.weights) {
    all += weight;
    if (first.weights.has(stem)) shared += weight;
    else if (second?.weights.has(stem) === true) shared += SECOND_SHARE * weight;
  }
  return (
    (shared / all) *
    keptForNumbers(claim, { best, evidence }) *
    keptForNames(claim, evidence) *
    keptForSense(claim, best)
  );
}

interface Found {
  readonly best: readonly Statement[];
  readonly evidence: Evidence;
}

function keptForNumbers({ numbers }: Statement, { best, evidence }: Found): number {
  let kept = 1;
  for (const number of numbers) {
    if (best.some((statement) => statement.numbers.has(number))) continue;
    kept = Math.min(kept, evidence.has(number) ? NUMBER_ELSEWHERE : NUMBER_NOWHERE);
  }
  return kept;
}

function keptForNames({ names }: Statement, evidence: Evidence): number {
  return [...names].every((name) => evidence.has(name)) ? 1 : NAME_NOWHERE;
}

/** Whether the claim denies what the nearest sentence says, by a negation or by a word that means the opposite. */
function keptForSense(claim: Statement, [first]: readonly Statement[]): number {
  if (first === undefined) return 1;
  if (claim.isNegated !== first.isNegated) return OPPOSITE;
  for (const text of claim.texts) {
    if (first.texts.has(text)) continue;
    const isOpposite = (oppositesOf.get(text) ?? []).some((other) => first.texts.has(other) && !claim.texts.has(other));
    if (isOpposite) return OPPOSITE;
  }
  return 1;
}
