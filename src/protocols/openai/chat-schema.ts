import { z } from 'zod';
import { GatewayError } from '../../core/index.ts';
import { base64, documentDataUrl, imageUrl } from '../data-url.ts';
import { notCarried, refusedTypes } from '../refusal.ts';
import { jsonObject } from '../shape.ts';
import {
  cacheBreakpoint,
  cacheHints,
  callId,
  functionName,
  metadata,
  objectId,
  reasoningEffort,
  refusals,
} from './fields.ts';
import { refusedBecause } from './refused-because.ts';

// The inner form has no place for a participant's name, and a name left out would make two speakers one.
const name = notCarried('messages.name');

const textPart = z.strictObject({
  type: z.literal('text'),
  text: z.string(),
  prompt_cache_breakpoint: cacheBreakpoint,
});
const refusalPart = z.strictObject({ type: z.literal('refusal'), refusal: z.string() });

const imagePart = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({ url: imageUrl, detail: notCarried('detail', 'auto') }),
  prompt_cache_breakpoint: cacheBreakpoint,
});

const audioPart = z.strictObject({
  type: z.literal('input_audio'),
  input_audio: z.strictObject({ data: base64, format: z.enum(['wav', 'mp3']) }),
  prompt_cache_breakpoint: cacheBreakpoint,
});

const filePart = z.strictObject({
  type: z.literal('file'),
  file: z.strictObject({
    filename: z.string().min(1).optional(),
    file_data: documentDataUrl.optional(),
    file_id: objectId.optional(),
  }),
  prompt_cache_breakpoint: cacheBreakpoint,
});

/** Not of the API: what the Python SDK made of the text, which it sends back with the message where it is nothing. */
const parsed = z.null().optional();

const textContent = z.union([z.string(), z.array(textPart).min(1)]);

const systemMessage = z.strictObject({ role: z.literal('system'), content: textContent, name });
const developerMessage = z.strictObject({ role: z.literal('developer'), content: textContent, name });

const userPart = z.discriminatedUnion('type', [textPart, imagePart, audioPart, filePart]);

const userMessage = z.strictObject({
  role: z.literal('user'),
  content: z.union([z.string(), z.array(userPart).min(1)]),
  name,
});

const toolCall = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('function'),
    id: callId,
    function: z.strictObject({ name: functionName, arguments: z.string(), parsed_arguments: parsed }),
    // Not of the API: the SDKs leave it in a call that they gathered from a stream.
    index: z.int().min(0).optional(),
  }),
  refusedTypes('unsupported', ['custom']),
]);

const assistantMessage = z.strictObject({
  role: z.literal('assistant'),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, refusalPart])).min(1)]).nullish(),
  refusal: z.string().nullish(),
  parsed,
  // Not of the API: what servers of other models call reasoning, and what answers here have it in.
  reasoning_content: z.string().nullish(),
  tool_calls: z.array(toolCall).nullish(),
  name,
  annotations: notCarried('annotations', []),
  audio: notCarried('messages.audio'),
  function_call: notCarried('function_call'),
});

// The result of a tool is one thing to the inner form, kept whole or not at all.
const resultPart = textPart.extend({ prompt_cache_breakpoint: notCarried('prompt_cache_breakpoint') });

const toolMessage = z.strictObject({
  role: z.literal('tool'),
  content: z.union([z.string(), z.array(resultPart).min(1)]),
  tool_call_id: callId,
});

const functionMessage = z.looseObject({ role: z.literal('function') }).transform((): never => {
  throw new GatewayError('unsupported', { detail: 'messages of role `function`' });
});

const tool = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('function'),
    function: z.strictObject({
      name: functionName,
      description: z.string().nullish(),
      parameters: jsonObject.nullish(),
      strict: z.boolean().nullish(),
    }),
  }),
  refusedTypes('unsupported', ['custom']),
]);

const toolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: functionName }) }),
    refusedTypes('unsupported', ['allowed_tools', 'custom']),
  ]),
]);

const responseFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: functionName,
      description: z.string().nullish(),
      schema: jsonObject,
      strict: z.boolean().nullish(),
    }),
  }),
]);

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
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string().min(1), z.array(z.string().min(1)).max(4)]).nullish(),
  n: z.int().min(1).max(128).nullish(),
  reasoning_effort: reasoningEffort.nullish(),
  response_format: responseFormat.nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({
      include_usage: z.boolean().optional(),
      include_obfuscation: notCarried('include_obfuscation', false),
    })
    .nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().max(64).nullish(),
  metadata: metadata.nullish(),
  ...cacheHints,
  audio: notCarried('audio'),
  function_call: notCarried('function_call'),
  functions: notCarried('functions'),
  logit_bias: notCarried('logit_bias', {}),
  logprobs: refusedBecause(refusals.logprobs, false),
  modalities: notCarried('modalities', ['text']),
  moderation: notCarried('moderation'),
  prediction: notCarried('prediction'),
  service_tier: notCarried('service_tier', 'auto', 'default'),
  store: refusedBecause(refusals.stored, false),
  top_logprobs: refusedBecause(refusals.logprobs, 0),
  verbosity: notCarried('verbosity', 'medium'),
  web_search_options: notCarried('web_search_options'),
});

export type ChatRequest = z.output<typeof chatRequest>;
