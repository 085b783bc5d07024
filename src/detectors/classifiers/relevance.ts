import { weightOf } from './word-weights.ts';
import { contentWordsOf, wordsOf } from './words.ts';

export interface Answered {
  readonly query: string;
  readonly answer: string;
}

/** With this share of what the query is about in it, an answer is half as relevant as one with all of it. */
const HALF = 0.25;
/** What an answer of the kind that is asked for counts for, where it is too short to repeat the question. */
const KIND_SHARE = 0.3;
const SHORT_ANSWER = 6;

const NUMBER_ASKED =
  /\bhow (?:many|much|long|old|high|tall|far|big|large|often)\b|\bwhat (?:time|year|percentage)\b|\bwhen\b/i;
const NUMBER_GIVEN = /\d/;
const NAME_ASKED = /\b(?:who|whom|whose|where|what(?:'s| is| was| are)? the (?:capital|name|title))\b/i;
/** Not the first word of several, which begins with a capital whatever it is. */
const NAME_GIVEN = /\S\s+\p{Lu}\p{Ll}|^\s*\p{Lu}\S*\s*$/u;
const TRUTH_ASKED = /^\s*(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have|had)\b/i;
const TRUTH_GIVEN = /^\s*(?:yes|no|correct|certainly|of course|absolutely|not)\b/i;

const KINDS = [
  [NUMBER_ASKED, NUMBER_GIVEN],
  [NAME_ASKED, NAME_GIVEN],
  [TRUTH_ASKED, TRUTH_GIVEN],
] as const;

/**
 * How far an answer is about what the query asks, from 0 to 1: by the share of the query's words that it has, each
 * weighed by how much it tells. A short answer counts for something where it is of the kind asked for: a number, a name,
 * yes or no. 1 where the query says nothing to be about.
 *
 * A baseline: an answer in other words looks irrelevant.
 */
export function scoreRelevance({ query, answer }: Answered): number {
  const asked = new Map(contentWordsOf(query).map((word) => [word.stem, weightOf(word)]));
  if (asked.size === 0) return 1;
  const given = wordsOf(answer);
  const stems = new Set(given.map(({ stem }) => stem));
  let shared = 0;
  let all = 0;
  for (const [stem, weight] of asked) {
    all += weight;
    if (stems.has(stem)) shared += weight;
  }
  const isOfKind = given.length <= SHORT_ANSWER && KINDS.some(([ask, give]) => ask.test(query) && give.test(answer));
  const share = Math.min(1, shared / all + (isOfKind ? KIND_SHARE : 0));
  return ((1 + HALF) * share) / (share + HALF);
}
