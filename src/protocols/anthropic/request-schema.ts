import { z } from 'zod';
import { GatewayError } from '../../core/index.ts';
import { notCarried, refusedTypes } from '../refusal.ts';
import { jsonObject } from '../shape.ts';
import { checkBetas } from './betas.ts';
import { assistantBlock, cacheControl, identifier, textBlock, userBlock } from './block-schema.ts';
import { apiVersions } from './headers.ts';

const userMessage = z.strictObject({
  role: z.literal('user'),
  content: z.union([z.string(), z.array(userBlock)]),
});

const assistantMessage = z.strictObject({
  role: z.literal('assistant'),
  content: z.union([z.string(), z.array(assistantBlock)]),
});

const systemMessage = z.looseObject({ role: z.literal('system') }).transform((): never => {
  throw new GatewayError('unsupported', { detail: 'a system message between turns' });
});

const tool = z.strictObject({
  // Any other type names a tool that the provider or the client defines, with texts no part could hold.
  type: notCarried('tools.type', 'custom'),
  name: identifier,
  description: z.string().optional(),
  input_schema: jsonObject,
  cache_control: cacheControl,
  strict: z.boolean().optional(),
  defer_loading: notCarried('defer_loading', false),
  eager_input_streaming: notCarried('eager_input_streaming', false),
  allowed_callers: notCarried('allowed_callers', ['direct']),
  input_examples: notCarried('input_examples', []),
});

const disable_parallel_tool_use = z.boolean().optional();

const toolChoice = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto'), disable_parallel_tool_use }),
  z.strictObject({ type: z.literal('any'), disable_parallel_tool_use }),
  z.strictObject({ type: z.literal('tool'), name: identifier, disable_parallel_tool_use }),
  z.strictObject({ type: z.literal('none') }),
]);

// Which way of showing its thinking is a model's default depends on the model, so that neither asks for nothing.
const display = notCarried('thinking.display');
const block_binding = notCarried('thinking.block_binding');

const thinking = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('enabled'), budget_tokens: z.int().min(1024), display, block_binding }),
  z.strictObject({ type: z.literal('adaptive'), display, block_binding }),
  z.strictObject({ type: z.literal('disabled') }),
  refusedTypes('unsupported', ['between_tools']),
]);

const outputFormat = z.strictObject({ type: z.literal('json_schema'), schema: jsonObject }).nullish();

const outputConfig = z.strictObject({
  effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(),
  format: outputFormat,
  task_budget: notCarried('output_config.task_budget'),
});

/** What a request that only counts tokens has in common with one that generates. */
const prompt = {
  messages: z.array(z.discriminatedUnion('role', [userMessage, assistantMessage, systemMessage])).min(1),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  tools: z.array(tool).optional(),
  tool_choice: toolChoice.optional(),
  thinking: thinking.nullish(),
  output_config: outputConfig.nullish(),
  output_format: outputFormat,
  cache_control: cacheControl,
  speed: notCarried('speed', 'standard'),
  mcp_servers: notCarried('mcp_servers', []),
  billing_policy: notCarried('billing_policy'),
  compaction: notCarried('compaction'),
  context_management: notCarried('context_management'),
  thread: notCarried('thread'),
  user_profile_id: notCarried('user_profile_id'),
  workspace_id: notCarried('workspace_id'),
};

const generation = {
  ...prompt,
  max_tokens: z.int().min(1),
  stop_sequences: z.array(z.string().min(1)).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  metadata: z.strictObject({ user_id: z.string().max(512).nullish() }).optional(),
  service_tier: notCarried('service_tier', 'auto', 'standard_only'),
  container: notCarried('container'),
  diagnostics: notCarried('diagnostics'),
  fallback_credit_token: notCarried('fallback_credit_token'),
  fallbacks: notCarried('fallbacks'),
  inference_geo: notCarried('inference_geo'),
};

/** A body of `POST /v1/messages` (platform.claude.com/docs/en/api/messages/create). */
export const apiRequest = z.strictObject({ ...generation, model: z.string(), stream: z.boolean().optional() });

/** A body of `POST /v1/messages/count_tokens` (platform.claude.com/docs/en/api/messages/count_tokens). */
export const countRequest = z.strictObject({ ...prompt, model: z.string() });

/** A body of Amazon Bedrock's `InvokeModel` for Anthropic models; model and streaming stand in the path there. */
export const bedrockRequest = z.strictObject({
  ...generation,
  // Clients for Bedrock put the version of the API they speak in the place of Bedrock's own.
  anthropic_version: z.enum(['bedrock-2023-05-31', ...apiVersions]),
  anthropic_beta: z
    .array(z.string())
    .refine((betas) => {
      checkBetas('anthropic_beta', betas);
      return true;
    })
    .nullish(),
});

type Generation = Omit<z.output<typeof bedrockRequest>, 'anthropic_version' | 'anthropic_beta'>;

/** What the three kinds of body have, with what only some have made optional. */
export type MessagesRequest = Omit<z.output<typeof countRequest>, 'model'> & Partial<Generation>;
