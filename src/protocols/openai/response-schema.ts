import { z } from 'zod';
import { GatewayError } from '../../core/index.ts';
import { notCarried, refusedTypes } from '../refusal.ts';
import { jsonObject } from '../shape.ts';
import { cacheHints, functionName, metadata, reasoningEffort, refusals } from './fields.ts';
import { refusedBecause } from './refused-because.ts';
import { inputItem } from './response-item-schema.ts';

const tool = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('function'),
    name: functionName,
    description: z.string().nullish(),
    parameters: jsonObject.nullish(),
    strict: z.boolean().nullish(),
    output_schema: notCarried('output_schema'),
    defer_loading: notCarried('defer_loading', false),
    allowed_callers: notCarried('allowed_callers', ['direct']),
  }),
  refusedTypes('unsupported', [
    'file_search',
    'computer',
    'computer_use_preview',
    'web_search',
    'web_search_2025_08_26',
    'web_search_preview',
    'web_search_preview_2025_03_11',
    'mcp',
    'code_interpreter',
    'programmatic_tool_calling',
    'image_generation',
    'local_shell',
    'shell',
    'custom',
    'namespace',
    'tool_search',
    'apply_patch',
  ]),
]);

const toolChoice = z.union([
  z.enum(['none', 'auto', 'required']),
  z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('function'), name: functionName }),
    refusedTypes('unsupported', [
      'allowed_tools',
      'file_search',
      'web_search_preview',
      'web_search_preview_2025_03_11',
      'computer',
      'computer_use',
      'computer_use_preview',
      'image_generation',
      'code_interpreter',
      'mcp',
      'custom',
      'programmatic_tool_calling',
      'apply_patch',
      'shell',
    ]),
  ]),
]);

const textFormat = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: functionName,
    description: z.string().nullish(),
    schema: jsonObject,
    strict: z.boolean().nullish(),
  }),
]);

const reasoning = z.strictObject({
  effort: reasoningEffort.nullish(),
  // An answer has whatever the provider tells of its model's reasoning, which is all the detail there is.
  summary: z
    .enum(['auto', 'detailed', 'concise'])
    .transform((summary) => (summary === 'concise' ? refuse('the value of `reasoning.summary`') : summary))
    .nullish(),
  generate_summary: notCarried('reasoning.generate_summary'),
  mode: notCarried('reasoning.mode', 'standard'),
  context: notCarried('reasoning.context', 'auto'),
});

const PROOF = 'reasoning.encrypted_content';

/** What an answer is to hold besides what it holds anyway. */
const include = z
  .enum([
    PROOF,
    'file_search_call.results',
    'web_search_call.results',
    'web_search_call.action.sources',
    'message.input_image.image_url',
    'computer_call_output.output.image_url',
    'code_interpreter_call.outputs',
    'message.output_text.logprobs',
  ])
  .transform((included) => (included === PROOF ? included : refuse(`\`${included}\` in \`include\``)));

function refuse(detail: string): never {
  throw new GatewayError('unsupported', { detail });
}

/** A body of `POST /responses` (platform.openai.com/docs/api-reference/responses). Null means absent. */
export const responseRequest = z.strictObject({
  model: z.string(),
  input: z.union([z.string(), z.array(inputItem).min(1)]),
  instructions: z.string().nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: toolChoice.nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  max_output_tokens: z.int().min(16).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  reasoning: reasoning.nullish(),
  text: z.strictObject({ format: textFormat.optional(), verbosity: notCarried('text.verbosity', 'medium') }).nullish(),
  include: z.array(include).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_obfuscation: notCarried('include_obfuscation', false) }).nullish(),
  user: z.string().nullish(),
  safety_identifier: z.string().max(64).nullish(),
  metadata: metadata.nullish(),
  ...cacheHints,
  store: refusedBecause(refusals.stored, false),
  previous_response_id: refusedBecause(
    '`previous_response_id`: no response is stored here; send the items of the turns before in `input`',
  ),
  conversation: refusedBecause(
    '`conversation`: no conversation is stored here; send the items of the turns before in `input`',
  ),
  background: refusedBecause('`background`: no response is stored here to be fetched later', false),
  prompt: refusedBecause('`prompt`: no prompt is stored here; send its text in `instructions` and `input`'),
  context_management: notCarried('context_management'),
  max_tool_calls: notCarried('max_tool_calls'),
  moderation: notCarried('moderation'),
  service_tier: notCarried('service_tier', 'auto', 'default'),
  top_logprobs: refusedBecause(refusals.logprobs, 0),
  truncation: refusedBecause('`truncation`: nothing is cut out of a conversation here', 'disabled'),
});

export type ResponseRequest = z.output<typeof responseRequest>;
