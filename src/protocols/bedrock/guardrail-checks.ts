import { z } from 'zod';
import {
  attackCategories,
  type ChecksCall,
  type ChecksResult,
  contentCategories,
  createPartList,
  type JsonDocument,
  type PartOrigin,
  piiEntityTypes,
  type ReadAssessment,
  type RequestId,
  type Scored,
  type WireReply,
} from '../../core/index.ts';
import { parseShape } from '../shape.ts';
import { toJsonReply } from './apply-guardrail.ts';
import { union } from './shapes.ts';

const categoriesOf = <const Names extends readonly [string, ...string[]]>(names: Names) =>
  z.strictObject({
    categories: z
      .array(z.strictObject({ category: z.enum(names) }))
      .min(1)
      .max(names.length),
  });

/** `InvokeGuardrailChecksRequest` of the Amazon Bedrock Runtime service model, API version 2023-09-30. */
const checksRequest = z.strictObject({
  messages: z
    .array(
      z.strictObject({
        role: z.enum(['user', 'assistant', 'system']),
        content: z.array(union({ text: z.string().min(1) })).min(1),
      }),
    )
    .min(1),
  checks: z
    .strictObject({
      contentFilter: categoriesOf(contentCategories).optional(),
      promptAttack: categoriesOf(attackCategories).optional(),
      sensitiveInformation: z
        .strictObject({
          entities: z
            .array(z.strictObject({ type: z.enum(piiEntityTypes) }))
            .min(1)
            .max(piiEntityTypes.length),
        })
        .optional(),
    })
    .refine((checks) => Object.keys(checks).length > 0, { error: 'expected at least one check' }),
});

/** Reads a body of `InvokeGuardrailChecks`. Throws `invalidRequest`. */
export function readGuardrailChecks({ value }: JsonDocument): ReadAssessment {
  const { messages, checks } = parseShape(checksRequest, value);
  const { contentFilter, promptAttack, sensitiveInformation } = checks;
  const parts = createPartList();
  for (const [index, { role, content }] of messages.entries()) {
    const origin: PartOrigin = role;
    for (const [block, { text }] of content.entries()) {
      parts.add({ kind: 'text', origin, path: `/messages/${index}/content/${block}/text`, text });
    }
  }
  const call: ChecksCall = {
    messages: messages.map(({ role, content }) => ({ role, content: content.map(({ text }) => text) })),
    ...(contentFilter === undefined ? {} : { content: once(contentFilter.categories.map(({ category }) => category)) }),
    ...(promptAttack === undefined ? {} : { attack: once(promptAttack.categories.map(({ category }) => category)) }),
    ...(sensitiveInformation === undefined
      ? {}
      : { entities: once(sensitiveInformation.entities.map(({ type }) => type)) }),
  };
  return { kind: 'checks', call, parts: parts.parts, write: writeResult };
}

function once<Item>(items: readonly Item[]): readonly Item[] {
  return [...new Set(items)];
}

function writeResult({ content, attack, entities }: ChecksResult, requestId: RequestId): WireReply {
  const body = {
    results: {
      ...(content === undefined ? {} : { contentFilter: { results: toResults(content) } }),
      ...(attack === undefined ? {} : { promptAttack: { results: toResults(attack) } }),
      ...(entities === undefined ? {} : { sensitiveInformation: toEntities(entities) }),
    },
    usage: {
      ...(content === undefined ? {} : { contentFilter: { textUnits: content.units } }),
      ...(attack === undefined ? {} : { promptAttack: { textUnits: attack.units } }),
      ...(entities === undefined ? {} : { sensitiveInformation: { textUnits: entities.units } }),
    },
  };
  return toJsonReply(body, requestId);
}

function toResults({ scores }: Scored<string>) {
  return scores.map(([category, severityScore]) => ({ category, severityScore }));
}

function toEntities({ found, isTruncated }: NonNullable<ChecksResult['entities']>) {
  const results = found.map(({ type, confidence, start, end, message, block }) => ({
    type,
    confidenceScore: confidence,
    beginOffset: start,
    endOffset: end,
    messageIndex: message,
    contentIndex: block,
  }));
  return isTruncated ? { results, truncated: true } : { results };
}
