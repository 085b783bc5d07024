import type { AssessedGrounding, AssessedText, Qualifier } from '../../core/index.ts';
import type { Classifiers, GroundedAnswer } from '../policy/classifiers.ts';
import type { GroundingRule, GuardrailSide } from '../policy/guardrail.ts';
import type { AssessmentView } from './evaluate.ts';
import { quantised } from './quantised.ts';

interface Contents {
  readonly content: readonly AssessedText[];
  readonly guarded: readonly string[];
}

/** A line for each filter that there is something to measure for: a source, or a query. */
export function assessGrounding(
  { grounding }: Pick<GuardrailSide, 'grounding'>,
  { content, guarded }: Contents,
  { classifiers, view }: { readonly classifiers: Classifiers; readonly view: Pick<AssessmentView, 'isExact'> },
): readonly AssessedGrounding[] {
  const textsOf = (qualifier: Qualifier) =>
    content.filter(({ qualifiers = [] }) => qualifiers.includes(qualifier)).map(({ text }) => text);
  const answer = {
    sources: textsOf('grounding_source'),
    query: textsOf('query').join('\n'),
    answer: guarded.join('\n'),
  };
  return grounding.flatMap((rule) => {
    const score = groundingScore(rule.type, answer, classifiers);
    if (score === undefined) return [];
    const detected = score < rule.threshold;
    return [
      {
        type: rule.type,
        threshold: rule.threshold,
        score: view.isExact ? score : quantised(score),
        action: detected && rule.action === 'BLOCK' ? ('BLOCKED' as const) : ('NONE' as const),
        detected,
      },
    ];
  });
}

/** Undefined where there is nothing to measure an answer by. */
export function groundingScore(
  type: GroundingRule['type'],
  answer: GroundedAnswer,
  classifiers: Pick<Classifiers, 'scoreGrounding' | 'scoreRelevance'>,
): number | undefined {
  if (answer.answer === '') return undefined;
  if (type === 'GROUNDING') return answer.sources.length === 0 ? undefined : classifiers.scoreGrounding(answer);
  return answer.query === '' ? undefined : classifiers.scoreRelevance(answer);
}
