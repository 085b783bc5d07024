import { z } from 'zod';
import { GatewayError } from '../../core/index.ts';
import { notCarried, refusedTypes } from '../refusal.ts';
import { jsonObject } from '../shape.ts';

const toolName = z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/);
const toolCallId = z.string().regex(/^[a-zA-Z0-9_.:-]{1,128}$/);
// The inner form has no place for a participant's name, and a name left out would make two speakers one.
const name = notCarried('messages.name');

const textPart = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  prompt_cache_breakpoint: notCarried('prompt_cache_breakpoint'),
});
const refusalPart = z.strictObject({ type: z.literal('refusal'), refusal: z.string() });
const media = refusedTypes('uninspectable', ['image_url', 'input_audio', 'file']);
const textContent = z.union([z.string(), z.array(textPart).min(1)]);

const systemMessage = z.strictObject({ role: z.literal('system'), content: textContent, name });
const developerMessage = z.strictObject({ role: z.literal('developer'), content: textContent, name });

const userMessage = z.strictObject({
  role: z.literal('user'),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, media])).min(1)]),
  name,
});

const toolCall = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('function'),
    id: toolCallId,
    function: z.strictObject({ name: toolName, arguments: z.string() }),
  }),
  refusedTypes('unsupported', ['custom']),
]);

const assistantMessage = z.strictObject({
  role: z.literal('assistant'),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, refusalPart])).min(1)]).nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(toolCall).nullish(),
  name,
  annotations: notCarried('annotations', []),
  audio: notCarried('messages.audio'),
  function_call: notCarried('function_call'),
});

const toolMessage = z.strictObject({ role: z.literal('tool'), content: textContent, tool_call_id: toolCallId });

const functionMessage = z.looseObject({ role: z.literal('function') }).transform((): never => {
  throw new GatewayError('unsupported', { detail: 'messages of role `function`' });
});

const tool = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('function'),
    function: z.strictObject({
      name: toolName,
      description: z.string().nullish(),
      parameters: jsonObject.nullish(),
      strict: notCarried('strict', false),
    }),
  }),
  refusedTypes('unsupported', ['custom']),
]);

const toolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: toolName }) }),
    refusedTypes('unsupported', ['allowed_tools', 'custom']),
  ]),
]);

const metadata = z
  .record(z.string().regex(/^[a-zA-Z0-9 :_@$#=/+,.-]{1,64}$/), z.string().max(512))
  .refine((entries) => Object.keys(entries).length <= 16, { error: 'more than 16 entries' });

/** A body of `POST /chat/completions` (platform.openai.com/docs/api-reference/chat). Null means absent. */
export const chatRequest = z.strictObject({
  model: z.string(),
  messages: z
    .array(
      z.discriminatedUnion('role', [
        systemMessage,
        developerMessage,
        userMessage,
        assistantMessage,
        toolMessage,
        functionMessage,
      ]),
    )
    .min(1),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({
      include_usage: z.boolean().optional(),
      include_obfuscation: notCarried('include_obfuscation', false),
    })
    .nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().max(64).nullish(),
  metadata: metadata.nullish(),
  audio: notCarried('audio'),
  frequency_penalty: notCarried('frequency_penalty', 0),
  function_call: notCarried('function_call'),
  functions: notCarried('functions'),
  logit_bias: notCarried('logit_bias', {}),
  logprobs: notCarried('logprobs', false),
  modalities: notCarried('modalities', ['text']),
  moderation: notCarried('moderation'),
  n: notCarried('n', 1),
  parallel_tool_calls: notCarried('parallel_tool_calls', true),
  prediction: notCarried('prediction'),
  presence_penalty: notCarried('presence_penalty', 0),
  prompt_cache_key: notCarried('prompt_cache_key'),
  prompt_cache_options: notCarried('prompt_cache_options'),
  prompt_cache_retention: notCarried('prompt_cache_retention'),
  reasoning_effort: notCarried('reasoning_effort'),
  response_format: notCarried('response_format', { type: 'text' }),
  seed: notCarried('seed'),
  service_tier: notCarried('service_tier', 'auto', 'default'),
  store: notCarried('store', false),
  top_logprobs: notCarried('top_logprobs', 0),
  verbosity: notCarried('verbosity', 'medium'),
  web_search_options: notCarried('web_search_options'),
});

export type ChatRequest = z.output<typeof chatRequest>;
