import type { AccessDecision } from '../core/index.ts';

/** Decisions by question. Holds at most as many as it was made for, then starts anew. */
export interface DecisionCache {
  /** The decision kept for a question, or else the one that `decide` makes now. */
  get(question: string, decide: () => AccessDecision): AccessDecision;
}

export function createDecisionCache(capacity: number): DecisionCache {
  const decisions = new Map<string, AccessDecision>();
  return {
    get(question, decide) {
      const kept = decisions.get(question);
      if (kept !== undefined) return kept;
      const decision = decide();
      if (decisions.size >= capacity) decisions.clear();
      decisions.set(question, decision);
      return decision;
    },
  };
}
