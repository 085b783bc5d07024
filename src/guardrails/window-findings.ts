import type { Found } from '../core/index.ts';
import type { Classifiers } from './policy/classifiers.ts';
import type { GuardrailSide, TopicRule } from './policy/guardrail.ts';

/** Which classifiers a text is read by. */
export interface WindowReading {
  readonly hasContent: boolean;
  readonly hasAttack: boolean;
}

/** Tells what guardrails find in a window of text, whoever of them it is. */
export interface WindowFinder {
  /** Whether there is anything to look for. */
  readonly isNeeded: boolean;
  find(window: string, reading?: WindowReading): readonly Found[];
}

const ALL: WindowReading = { hasContent: true, hasAttack: true };

/** A finder for several guardrails' rules on one side: each classifier reads a window once for all of them. */
export function createWindowFinder(sides: readonly GuardrailSide[], classifiers: Classifiers): WindowFinder {
  const types = new Set(sides.flatMap(({ content }) => content.map(({ type }) => type)));
  const topics: readonly TopicRule[] = sides.flatMap((side) => side.topics);
  const isAttackLooked = types.has('PROMPT_ATTACK');
  const isContentLooked = types.size > Number(isAttackLooked);

  function* scored(window: string, { hasContent, hasAttack }: WindowReading): Generator<Found> {
    if (hasAttack && isAttackLooked) {
      const score = Math.max(...Object.values(classifiers.scoreAttack(window)));
      yield { type: 'PROMPT_ATTACK', detector: 'attackClassifier', score };
    }
    if (!hasContent) return;
    if (isContentLooked) {
      const scores = classifiers.scoreContent(window);
      for (const type of types) {
        if (type !== 'PROMPT_ATTACK') yield { type, detector: 'contentClassifier', score: scores[type] };
      }
    }
    for (const { detector, score } of topics) {
      const near = score(window);
      if (near >= 0.5) yield { type: 'TOPIC', detector, score: near };
    }
  }

  return {
    isNeeded: types.size > 0 || topics.length > 0,
    find: (window, reading = ALL) =>
      [...scored(window, reading)].filter((found) => sides.some((side) => side.actionOn(found) !== undefined)),
  };
}
