import { z } from 'zod';
import { GatewayError } from '../../core/index.ts';
import { notCarried, refusedTypes } from '../refusal.ts';
import { jsonObject } from '../shape.ts';

const identifier = z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/);
const cacheControl = z.strictObject({ type: z.literal('ephemeral'), ttl: notCarried('ttl', '5m') }).nullish();

const textBlock = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  cache_control: cacheControl,
  citations: notCarried('citations', []),
});

const toolUseBlock = z.strictObject({
  type: z.literal('tool_use'),
  id: identifier,
  name: identifier,
  input: jsonObject,
  cache_control: cacheControl,
  caller: notCarried('caller', { type: 'direct' }),
  toolset_name: notCarried('toolset_name'),
});

const media = refusedTypes('uninspectable', ['image', 'document', 'container_upload']);

const toolResultText = textBlock.extend({ cache_control: notCarried('cache_control') });

const toolResultBlock = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: identifier,
  content: z
    .union([
      z.string(),
      z.array(
        z.discriminatedUnion('type', [
          toolResultText,
          media,
          refusedTypes('unsupported', ['search_result', 'tool_reference', 'browser_state']),
        ]),
      ),
    ])
    .optional(),
  is_error: z.boolean().optional(),
  cache_control: cacheControl,
  toolset_name: notCarried('toolset_name'),
});

const refusedBlock = refusedTypes('unsupported', [
  'thinking',
  'redacted_thinking',
  'search_result',
  'server_tool_use',
  'web_search_tool_result',
  'web_fetch_tool_result',
  'code_execution_tool_result',
  'bash_code_execution_tool_result',
  'text_editor_code_execution_tool_result',
  'tool_search_tool_result',
  'mcp_tool_use',
  'mcp_tool_result',
]);

const userMessage = z.strictObject({
  role: z.literal('user'),
  content: z.union([
    z.string(),
    z.array(z.discriminatedUnion('type', [textBlock, toolResultBlock, media, refusedBlock])),
  ]),
});

const assistantMessage = z.strictObject({
  role: z.literal('assistant'),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textBlock, toolUseBlock, media, refusedBlock]))]),
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
  // A wish about the cache changes no answer; the inner form marks cache points in `system` and `messages` alone.
  cache_control: cacheControl,
  strict: notCarried('strict', false),
  defer_loading: notCarried('defer_loading', false),
  eager_input_streaming: notCarried('eager_input_streaming', false),
  allowed_callers: notCarried('allowed_callers', ['direct']),
  input_examples: notCarried('input_examples', []),
});

const disableParallelToolUse = notCarried('disable_parallel_tool_use', false);

const toolChoice = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('auto'), disable_parallel_tool_use: disableParallelToolUse }),
  z.strictObject({ type: z.literal('any'), disable_parallel_tool_use: disableParallelToolUse }),
  z.strictObject({ type: z.literal('tool'), name: identifier, disable_parallel_tool_use: disableParallelToolUse }),
  z.strictObject({ type: z.literal('none') }),
]);

const fields = {
  max_tokens: z.int().min(1),
  messages: z.array(z.discriminatedUnion('role', [userMessage, assistantMessage, systemMessage])).min(1),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  tools: z.array(tool).optional(),
  tool_choice: toolChoice.optional(),
  stop_sequences: z.array(z.string().min(1)).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  metadata: z.strictObject({ user_id: z.string().max(512).nullish() }).optional(),
  thinking: notCarried('thinking', { type: 'disabled' }),
  service_tier: notCarried('service_tier', 'auto', 'standard_only'),
  speed: notCarried('speed', 'standard'),
  mcp_servers: notCarried('mcp_servers', []),
  cache_control: notCarried('cache_control'),
  container: notCarried('container'),
  context_management: notCarried('context_management'),
  diagnostics: notCarried('diagnostics'),
  inference_geo: notCarried('inference_geo'),
  output_config: notCarried('output_config', {}),
  output_format: notCarried('output_format'),
  user_profile_id: notCarried('user_profile_id'),
  workspace_id: notCarried('workspace_id'),
};

/** A body of `POST /v1/messages` (docs.anthropic.com/en/api/messages). */
export const apiRequest = z.strictObject({ ...fields, model: z.string(), stream: z.boolean().optional() });

/** A body of Amazon Bedrock's `InvokeModel` for Anthropic models; model and streaming stand in the path there. */
export const bedrockRequest = z.strictObject({
  ...fields,
  anthropic_version: z.literal('bedrock-2023-05-31'),
  anthropic_beta: notCarried('anthropic_beta', []),
});

export type MessagesRequest = Omit<z.output<typeof bedrockRequest>, 'anthropic_version' | 'anthropic_beta'>;
