import type { Exchange, Qualifier, Span } from '../core/index.ts';
import type { StreamScanner } from '../detectors/index.ts';
import { groundingScore } from './assess/assess-grounding.ts';
import type { Classifiers } from './policy/classifiers.ts';
import type { GroundingRule } from './policy/guardrail.ts';

type Parts = Pick<Exchange, 'parts'>;

interface GroundingOptions {
  readonly rules: readonly GroundingRule[];
  readonly classifiers: Pick<Classifiers, 'scoreGrounding' | 'scoreRelevance'>;
}

/** Whether a request has what one of the rules measures an answer by. */
export function hasSomethingToMeasure(exchange: Parts, rules: readonly GroundingRule[]): boolean {
  return rules.some(({ type }) => textsOf(exchange, type === 'GROUNDING' ? 'grounding_source' : 'query').length > 0);
}

function textsOf({ parts }: Parts, qualifier: Qualifier): readonly string[] {
  return parts.filter(({ qualifiers = [] }) => qualifiers.includes(qualifier)).map(({ text }) => text);
}

/**
 * Holds an answer whole, and measures it by the request's sources and query: what is below a rule's threshold is one
 * span, all of the answer.
 */
export function createGroundingScanner(exchange: Parts, { rules, classifiers }: GroundingOptions): StreamScanner {
  const sources = textsOf(exchange, 'grounding_source');
  const query = textsOf(exchange, 'query').join('\n');
  let answer = '';

  function judge(): readonly Span[] {
    return rules.flatMap(({ type, threshold, action }) => {
      const score = groundingScore(type, { sources, query, answer }, classifiers);
      if (action !== 'BLOCK' || score === undefined || score >= threshold) return [];
      return [{ start: 0, end: answer.length, type, detector: `${type.toLowerCase()}Classifier`, score }];
    });
  }

  return {
    add: (text) => {
      answer += text;
    },
    divide: () => undefined,
    push(text) {
      answer += text;
      return { spans: [], settled: 0 };
    },
    end(text = '') {
      answer += text;
      return { spans: judge(), settled: answer.length };
    },
  };
}
