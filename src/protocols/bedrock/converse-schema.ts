import { z } from 'zod';
import { GatewayError } from '../../core/index.ts';
import { notCarried } from '../refusal.ts';
import { jsonObject } from '../shape.ts';
import { blob } from './blob.ts';
import { messages, system } from './content-schema.ts';
import { novaReasoning } from './reasoning-fields.ts';
import { type ResponseFieldPath, responseFieldPaths } from './response-fields.ts';
import { cachePoint, nonEmpty, toolName, union } from './shapes.ts';

/** Bounds and patterns are those of the Amazon Bedrock Runtime service model, API version 2023-09-30. */
const toolSpec = z.strictObject({
  name: toolName,
  description: nonEmpty.optional(),
  inputSchema: union({ json: jsonObject }),
  strict: z.boolean().optional(),
});

const tool = union({
  toolSpec: toolSpec.optional(),
  systemTool: z.strictObject({ name: toolName }).optional(),
  cachePoint: cachePoint.optional(),
});

const toolConfig = z.strictObject({
  tools: z.array(tool).min(1),
  toolChoice: union({
    auto: z.strictObject({}).optional(),
    any: z.strictObject({}).optional(),
    tool: z.strictObject({ name: toolName }).optional(),
  }).optional(),
});

const inferenceConfig = z.strictObject({
  maxTokens: z.int32().min(1).optional(),
  temperature: z.number().min(0).max(1).optional(),
  topP: z.number().min(0).max(1).optional(),
  stopSequences: z.array(nonEmpty).max(2500).optional(),
});

const outputConfig = z.strictObject({
  textFormat: z
    .strictObject({
      type: z.literal('json_schema'),
      structure: union({
        jsonSchema: z.strictObject({
          schema: z.string(),
          name: z.string().optional(),
          description: z.string().optional(),
        }),
      }),
    })
    .optional(),
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).optional(),
});

const metadataText = /^[a-zA-Z0-9\s:_@$#=/+,.-]*$/;

const requestMetadata = z
  .record(z.string().min(1).max(256).regex(metadataText), z.string().max(256).regex(metadataText))
  .refine((entries) => Object.keys(entries).length >= 1 && Object.keys(entries).length <= 16, {
    error: 'expected 1 to 16 entries',
  });

const counted = {
  messages,
  system: system.optional(),
  toolConfig: toolConfig.optional(),
  additionalModelRequestFields: jsonObject.optional(),
};

/** What of a model's own answer can be told beside Converse's. Throws `unsupported` for any other path. */
const responseFieldPath = z.string().transform((path): ResponseFieldPath => {
  const known = responseFieldPaths.find((one) => one === path);
  if (known !== undefined) return known;
  throw new GatewayError('unsupported', {
    detail: 'a path of `additionalModelResponseFieldPaths` but to `stop_sequence`',
  });
});

/** Of `Converse` and `ConverseStream`. What is asked to be looked at behind an answer's back is looked at before. */
const guardrailConfig = z.strictObject({
  guardrailIdentifier: z.string().optional(),
  guardrailVersion: z.string().optional(),
  trace: z.enum(['enabled', 'disabled', 'enabled_full']).optional(),
  streamProcessingMode: z.enum(['sync', 'async']).optional(),
});

export type WireGuardrailConfig = z.output<typeof guardrailConfig>;

/** A body of `Converse` and `ConverseStream`; the model stands in the path. */
export const converseRequest = z.strictObject({
  ...counted,
  inferenceConfig: inferenceConfig.optional(),
  outputConfig: outputConfig.optional(),
  requestMetadata: requestMetadata.optional(),
  additionalModelResponseFieldPaths: z.array(responseFieldPath).max(10).optional(),
  guardrailConfig: guardrailConfig.optional(),
  performanceConfig: notCarried('performanceConfig', {}, { latency: 'standard' }),
  promptVariables: notCarried('promptVariables', {}),
  serviceTier: notCarried('serviceTier', { type: 'default' }),
});

/** A body of `CountTokens`; that of `InvokeModel` comes in base64. */
export const countTokensRequest = z.strictObject({
  input: union({
    converse: z.strictObject(counted).optional(),
    invokeModel: z.strictObject({ body: blob(0, 25_000_000) }).optional(),
  }),
});

/**
 * A body of `InvokeModel` for Amazon Nova models, nearly that of `Converse`
 * (docs.aws.amazon.com/nova/latest/userguide/complete-request-schema.html).
 */
export const novaRequest = z.strictObject({
  schemaVersion: z.literal('messages-v1').optional(),
  messages,
  system: system.optional(),
  inferenceConfig: inferenceConfig
    .extend({ topK: z.int32().min(0).optional(), reasoningConfig: novaReasoning.optional() })
    .optional(),
  toolConfig: toolConfig.optional(),
});

type NovaBody = Omit<z.output<typeof novaRequest>, 'schemaVersion'>;

/** What the bodies have in common. */
export type ConverseBody = NovaBody &
  Pick<z.output<typeof converseRequest>, 'additionalModelRequestFields' | 'requestMetadata' | 'outputConfig'>;

export type WireToolConfig = z.output<typeof toolConfig>;
export type WireInferenceConfig = NonNullable<NovaBody['inferenceConfig']>;
export type WireTextFormat = NonNullable<z.output<typeof outputConfig>['textFormat']>;
