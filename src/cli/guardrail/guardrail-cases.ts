import { z } from 'zod';
import { type AssessedText, type GuardrailAssessment, qualifiers } from '../../core/index.ts';

const text = z.union([
  z.string(),
  z.strictObject({ text: z.string(), qualifiers: z.array(z.enum(qualifiers)).optional() }),
]);

/** A file of cases for a guardrail. */
export const guardrailCases = z.strictObject({
  guardrail: z.string().min(1),
  cases: z
    .array(
      z.strictObject({
        name: z.string().min(1),
        source: z.enum(['INPUT', 'OUTPUT']).default('INPUT'),
        content: z.union([text, z.array(text).min(1)]),
        expect: z.strictObject({
          action: z.enum(['NONE', 'BLOCK', 'ANONYMIZE']),
          output: z.string().optional(),
          found: z.array(z.string()).optional(),
        }),
      }),
    )
    .min(1),
});

export type GuardrailCase = z.output<typeof guardrailCases>['cases'][number];

export function contentOf({ content }: Pick<GuardrailCase, 'content'>): readonly AssessedText[] {
  return [content].flat().map((one): AssessedText => {
    if (typeof one === 'string') return { text: one };
    return one.qualifiers === undefined ? { text: one.text } : { text: one.text, qualifiers: one.qualifiers };
  });
}

/** What an assessment has found, by the names that a policy has: types, topics, patterns, `WORD` and `PROFANITY`. */
export function namesFound({
  topicPolicy,
  contentPolicy,
  wordPolicy,
  sensitiveInformationPolicy,
  contextualGroundingPolicy,
}: GuardrailAssessment): readonly string[] {
  const found = [
    ...named(topicPolicy?.topics, ({ name }) => name),
    ...named(contentPolicy?.filters, ({ type }) => type),
    ...named(wordPolicy?.customWords, () => 'WORD'),
    ...named(wordPolicy?.managedWordLists, ({ type }) => type),
    ...named(sensitiveInformationPolicy?.piiEntities, ({ type }) => type),
    ...named(sensitiveInformationPolicy?.regexes, ({ name }) => name),
    ...named(contextualGroundingPolicy?.filters, ({ type }) => type),
  ];
  return [...new Set(found)].toSorted();
}

function named<Line extends { readonly detected: boolean }>(
  lines: readonly Line[] = [],
  nameOf: (line: Line) => string,
): readonly string[] {
  return lines.filter(({ detected }) => detected).map(nameOf);
}
