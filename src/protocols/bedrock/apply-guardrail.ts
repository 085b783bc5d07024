import { z } from 'zod';
import {
  type AssessedText,
  createPartList,
  GatewayError,
  type GuardrailReference,
  type GuardrailResult,
  type JsonDocument,
  qualifiers,
  type ReadAssessment,
  type RequestId,
  type WireReply,
} from '../../core/index.ts';
import { parseShape } from '../shape.ts';
import { refused, union } from './shapes.ts';

/** `ApplyGuardrailRequest` of the Amazon Bedrock Runtime service model, API version 2023-09-30. */
const applyGuardrailRequest = z.strictObject({
  source: z.enum(['INPUT', 'OUTPUT']),
  content: z.array(
    union({
      text: z.strictObject({ text: z.string(), qualifiers: z.array(z.enum(qualifiers)).optional() }).optional(),
      image: refused('uninspectable', 'image'),
    }),
  ),
  outputScope: z.enum(['INTERVENTIONS', 'FULL']).optional(),
});

/** Reads a body of `ApplyGuardrail`. Throws `invalidRequest` or `uninspectable`. */
export function readApplyGuardrail(guardrail: GuardrailReference, { value }: JsonDocument): ReadAssessment {
  const { source, content, outputScope } = parseShape(applyGuardrailRequest, value);
  if (content.length === 0) throw new GatewayError('invalidRequest', { detail: '`content` is empty' });
  const parts = createPartList();
  const texts = content.map(({ text }, index): AssessedText => {
    const { text: said = '', qualifiers: marks } = text ?? {};
    const origin = source === 'INPUT' ? 'user' : 'assistant';
    parts.add({ kind: 'text', origin, path: `/content/${index}/text/text`, text: said });
    return marks === undefined ? { text: said } : { text: said, qualifiers: marks };
  });
  return {
    kind: 'guardrail',
    call: {
      guardrail,
      side: source === 'INPUT' ? 'input' : 'output',
      content: texts,
      isFull: outputScope === 'FULL',
    },
    parts: parts.parts,
    write: writeResult,
  };
}

const REASONS = { BLOCK: 'Guardrail blocked.', ANONYMIZE: 'Guardrail masked.', NONE: 'No action.' } as const;

function writeResult(
  { outcome, outputs, assessment, usage, coverage }: GuardrailResult,
  requestId: RequestId,
): WireReply {
  const body = {
    usage,
    action: outcome === 'NONE' ? 'NONE' : 'GUARDRAIL_INTERVENED',
    actionReason: REASONS[outcome],
    outputs: outputs.map((text) => ({ text })),
    assessments: [assessment],
    guardrailCoverage: coverage,
  };
  return toJsonReply(body, requestId);
}

/** A JSON reply as the AWS SDKs read it. */
export function toJsonReply(body: object, requestId: RequestId): WireReply {
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId };
  return { status: 200, headers, body: Buffer.from(JSON.stringify(body)) };
}
