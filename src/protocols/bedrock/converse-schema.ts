import { z } from 'zod';
import { type FaultCode, GatewayError } from '../../core/index.ts';
import { notCarried } from '../refusal.ts';
import { jsonObject, jsonValue } from '../shape.ts';
import { isCarriedFields } from './additional-fields.ts';

/** Bounds and patterns are those of the Amazon Bedrock Runtime service model, API version 2023-09-30. */
const toolUseId = z.string().regex(/^[a-zA-Z0-9_.:-]{1,64}$/);
const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
const nonEmpty = z.string().min(1);

/** A member that the service has and this gateway refuses, whatever it holds. Throws `code` out of the parse. */
function refused(code: Extract<FaultCode, 'unsupported' | 'uninspectable'>, member: string) {
  return z
    .custom<never>(() => {
      throw new GatewayError(code, { detail: `the member \`${member}\`` });
    })
    .optional();
}

/** A Smithy union: an object with exactly one of its members. */
function union<Members extends z.ZodRawShape>(members: Members) {
  return z
    .strictObject(members)
    .refine((value) => Object.keys(value).length === 1, { error: 'expected exactly one member' });
}

const cachePoint = z.strictObject({ type: z.literal('default'), ttl: notCarried('cachePoint.ttl', '5m') });
const guardContent = refused('unsupported', 'guardContent');
const searchResult = refused('unsupported', 'searchResult');
const media = {
  image: refused('uninspectable', 'image'),
  document: refused('uninspectable', 'document'),
  video: refused('uninspectable', 'video'),
};

const toolUse = z.strictObject({
  toolUseId,
  name: toolName,
  input: jsonObject,
  type: notCarried('toolUse.type'),
});

const toolResultContent = union({ text: z.string().optional(), json: jsonValue.optional(), ...media, searchResult });

const toolResult = z.strictObject({
  toolUseId,
  content: z.array(toolResultContent),
  status: z.enum(['success', 'error']).optional(),
  type: notCarried('toolResult.type'),
});

const refusedContent = {
  ...media,
  audio: refused('uninspectable', 'audio'),
  guardContent,
  searchResult,
  reasoningContent: refused('unsupported', 'reasoningContent'),
  citationsContent: refused('unsupported', 'citationsContent'),
  toolAddition: refused('unsupported', 'toolAddition'),
  toolRemoval: refused('unsupported', 'toolRemoval'),
};

const userContent = union({
  text: z.string().optional(),
  toolResult: toolResult.optional(),
  cachePoint: cachePoint.optional(),
  ...refusedContent,
});

const assistantContent = union({
  text: z.string().optional(),
  toolUse: toolUse.optional(),
  cachePoint: cachePoint.optional(),
  ...refusedContent,
});

const systemMessage = z.looseObject({ role: z.literal('system') }).transform((): never => {
  throw new GatewayError('unsupported', { detail: 'a system message between turns' });
});

const messages = z
  .array(
    z.discriminatedUnion('role', [
      z.strictObject({ role: z.literal('user'), content: z.array(userContent) }),
      z.strictObject({ role: z.literal('assistant'), content: z.array(assistantContent) }),
      systemMessage,
    ]),
  )
  .min(1);

const system = z.array(union({ text: nonEmpty.optional(), cachePoint: cachePoint.optional(), guardContent }));

const toolSpec = z.strictObject({
  name: toolName,
  description: nonEmpty.optional(),
  inputSchema: z.strictObject({ json: jsonObject }),
  strict: notCarried('toolSpec.strict', false),
});

/** A union too, of which only this member is carried. */
const tool = z.strictObject({
  toolSpec,
  systemTool: refused('unsupported', 'systemTool'),
  cachePoint: refused('unsupported', 'toolConfig.tools.cachePoint'),
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

const metadataText = /^[a-zA-Z0-9\s:_@$#=/+,.-]*$/;

const requestMetadata = z
  .record(z.string().min(1).max(256).regex(metadataText), z.string().max(256).regex(metadataText))
  .refine((entries) => Object.keys(entries).length >= 1 && Object.keys(entries).length <= 16, {
    error: 'expected 1 to 16 entries',
  });

/** A body of `Converse` and `ConverseStream`; the model stands in the path. */
export const converseRequest = z.strictObject({
  messages,
  system: system.optional(),
  inferenceConfig: inferenceConfig.optional(),
  toolConfig: toolConfig.optional(),
  additionalModelRequestFields: jsonObject.refine(isCarriedFields).optional(),
  requestMetadata: requestMetadata.optional(),
  additionalModelResponseFieldPaths: notCarried('additionalModelResponseFieldPaths', []),
  guardrailConfig: notCarried('guardrailConfig', {}),
  outputConfig: notCarried('outputConfig', {}),
  performanceConfig: notCarried('performanceConfig', {}, { latency: 'standard' }),
  promptVariables: notCarried('promptVariables', {}),
  serviceTier: notCarried('serviceTier', { type: 'default' }),
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
    .extend({
      topK: z.int32().min(0).optional(),
      reasoningConfig: notCarried('inferenceConfig.reasoningConfig', { type: 'disabled' }),
    })
    .optional(),
  toolConfig: toolConfig.optional(),
});

/** What both bodies have in common. */
export type ConverseBody = Omit<z.output<typeof novaRequest>, 'schemaVersion'> &
  Pick<z.output<typeof converseRequest>, 'additionalModelRequestFields' | 'requestMetadata'>;
