import { createEvidence, type Evidence, type Statement, toStatements } from './evidence.ts';
import { stemOf } from './stem.ts';
import { opposites } from './stop-words.data.ts';

export interface Grounded {
  readonly sources: readonly string[];
  readonly answer: string;
}

/** What a claim keeps of its support where something in it is not as the sources say. */
const NUMBER_NOWHERE = 0.2;
const NUMBER_ELSEWHERE = 0.5;
const NAME_NOWHERE = 0.4;
const OPPOSITE = 0.35;
/** Of what only a second sentence supports. */
const SECOND_SHARE = 0.85;

const oppositesOf = new Map<string, readonly string[]>();
for (const [one, other] of opposites.map(([first, second]) => [stemOf(first), stemOf(second)] as const)) {
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
    keptForSense(claim, first)
  );
}

interface Found {
  readonly best: readonly Statement[];
  readonly evidence: Evidence;
}

function keptForNumbers({ numbers }: Statement, { best: [first, second], evidence }: Found): number {
  let kept = 1;
  for (const [number, counted] of numbers) {
    if (first?.numbers.has(number) === true || second?.numbers.get(number) === counted) continue;
    kept = Math.min(kept, evidence.has(number) ? NUMBER_ELSEWHERE : NUMBER_NOWHERE);
  }
  return kept;
}

function keptForNames({ names }: Statement, evidence: Evidence): number {
  return [...names].every((name) => evidence.has(name)) ? 1 : NAME_NOWHERE;
}

function keptForSense(claim: Statement, nearest: Statement): number {
  return isDenied(claim, nearest) || isOpposite(claim, nearest) ? OPPOSITE : 1;
}

/** Whether one of them denies what both are about, and the other does not. */
function isDenied(claim: Statement, statement: Statement): boolean {
  if (!claim.denied.isDisjointFrom(statement.denied)) return false;
  return (
    [...claim.denied].some((stem) => statement.weights.has(stem)) ||
    [...statement.denied].some((stem) => claim.weights.has(stem))
  );
}

/** Whether a word of the claim means the opposite of one in the statement. */
function isOpposite(claim: Statement, { stems }: Statement): boolean {
  return [...claim.stems].some(
    (stem) =>
      !stems.has(stem) && (oppositesOf.get(stem) ?? []).some((other) => stems.has(other) && !claim.stems.has(other)),
  );
}
