import { z } from 'zod';
import { GatewayError } from '../../core/index.ts';
import { documentDataUrl, imageUrl, webUrl } from '../data-url.ts';
import { notCarried, refusedTypes } from '../refusal.ts';
import { cacheBreakpoint, callId, functionName, objectId } from './fields.ts';

const inputText = z.strictObject({
  type: z.literal('input_text'),
  text: z.string(),
  prompt_cache_breakpoint: cacheBreakpoint,
});

const inputImage = z.strictObject({
  type: z.literal('input_image'),
  image_url: imageUrl.nullish(),
  file_id: objectId.nullish(),
  detail: notCarried('detail', 'auto'),
  prompt_cache_breakpoint: cacheBreakpoint,
});

const inputFile = z.strictObject({
  type: z.literal('input_file'),
  filename: z.string().min(1).nullish(),
  file_data: documentDataUrl.nullish(),
  file_id: objectId.nullish(),
  file_url: webUrl.nullish(),
  detail: notCarried('detail', 'auto'),
  prompt_cache_breakpoint: cacheBreakpoint,
});

const outputText = z.strictObject({
  type: z.literal('output_text'),
  text: z.string(),
  // A text of the inner form has no place for what it rests on.
  annotations: notCarried('annotations', []),
  logprobs: notCarried('logprobs', []),
});

const refusal = z.strictObject({ type: z.literal('refusal'), refusal: z.string() });

// Items that came out of an answer say how whole they are; a turn that was cut short is a turn all the same.
const status = z.enum(['in_progress', 'completed', 'incomplete']).nullish();
const phase = notCarried('phase');
const message = z.literal('message');

const systemParts = z.discriminatedUnion('type', [
  inputText,
  refusedTypes('unsupported', ['input_image', 'input_file']),
]);
const systemContent = z.union([z.string(), z.array(systemParts).min(1)]);
const userParts = z.discriminatedUnion('type', [inputText, inputImage, inputFile]);

const messageItem = z.discriminatedUnion('role', [
  z.strictObject({ type: message, role: z.literal('system'), content: systemContent, status, phase }),
  z.strictObject({ type: message, role: z.literal('developer'), content: systemContent, status, phase }),
  z.strictObject({
    type: message,
    role: z.literal('user'),
    content: z.union([z.string(), z.array(userParts).min(1)]),
    status,
    phase,
  }),
  z.strictObject({
    type: message,
    role: z.literal('assistant'),
    id: objectId.optional(),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [outputText, refusal]))]),
    status,
    phase,
  }),
]);

const functionCall = z.strictObject({
  type: z.literal('function_call'),
  id: objectId.optional(),
  call_id: callId,
  name: functionName,
  arguments: z.string(),
  status,
  caller: notCarried('caller', { type: 'direct' }),
  namespace: notCarried('namespace'),
});

// The result of a tool is one thing to the inner form, kept whole or not at all.
const whole = { prompt_cache_breakpoint: notCarried('prompt_cache_breakpoint') };
const resultParts = z.discriminatedUnion('type', [
  inputText.extend(whole),
  inputImage.extend(whole),
  inputFile.extend(whole),
]);

const functionCallOutput = z.strictObject({
  type: z.literal('function_call_output'),
  id: objectId.nullish(),
  call_id: callId,
  output: z.union([z.string(), z.array(resultParts)]),
  status,
  name: notCarried('name'),
  caller: notCarried('caller', { type: 'direct' }),
  namespace: notCarried('namespace'),
});

const reasoningItem = z.strictObject({
  type: z.literal('reasoning'),
  id: objectId.optional(),
  summary: z.array(z.strictObject({ type: z.literal('summary_text'), text: z.string() })),
  content: notCarried('reasoning.content', []),
  encrypted_content: z.string().nullish(),
  status,
});

const itemReference = z.looseObject({ type: z.literal('item_reference') }).transform((): never => {
  throw new GatewayError('unsupported', {
    detail: 'an `item_reference`: no item is stored here; send the item itself',
  });
});

const otherItems = refusedTypes('unsupported', [
  'file_search_call',
  'computer_call',
  'computer_call_output',
  'web_search_call',
  'tool_search_call',
  'tool_search_output',
  'additional_tools',
  'compaction',
  'compaction_trigger',
  'image_generation_call',
  'code_interpreter_call',
  'local_shell_call',
  'local_shell_call_output',
  'shell_call',
  'shell_call_output',
  'apply_patch_call',
  'apply_patch_call_output',
  'mcp_list_tools',
  'mcp_approval_request',
  'mcp_approval_response',
  'mcp_call',
  'custom_tool_call',
  'custom_tool_call_output',
  'program',
  'program_output',
]);

/** An item of the input. One without a type is a message. */
export const inputItem = z.preprocess(
  (value) =>
    typeof value === 'object' && value !== null && !Object.hasOwn(value, 'type')
      ? { ...value, type: 'message' }
      : value,
  z.discriminatedUnion('type', [
    messageItem,
    functionCall,
    functionCallOutput,
    reasoningItem,
    itemReference,
    otherItems,
  ]),
);

/** An image or a file, in a message or the result of a tool. */
export type SentPart =
  | Omit<z.output<typeof inputImage>, 'prompt_cache_breakpoint'>
  | Omit<z.output<typeof inputFile>, 'prompt_cache_breakpoint'>;

export type InputItem = z.output<typeof inputItem>;
