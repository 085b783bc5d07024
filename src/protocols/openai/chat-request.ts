import {
  type Conversation,
  createPartList,
  GatewayError,
  type Inference,
  type JsonDocument,
  type OutputFormat,
  type Part,
  type PartList,
  parseModelId,
  type ToolChoice,
} from '../../core/index.ts';
import type { Reader } from '../reader.ts';
import { parseShape } from '../shape.ts';
import { toTurns } from './chat-messages.ts';
import { type ChatRequest, chatRequest } from './chat-schema.ts';
import { toMetadata } from './metadata.ts';
import { toJsonSchema } from './output-format.ts';
import { toTool } from './tools.ts';

/** A chat completion request: its structure, and every text in it. */
export interface ReadChat {
  readonly model: string;
  readonly stream: boolean;
  /** Whether a stream ends with a chunk of token counts. */
  readonly includeUsage: boolean;
  readonly request: Conversation;
  readonly parts: readonly Part[];
}

/** Most answers that one request may ask for: each is a call of its own. */
const MAX_CHOICES = 8;

/**
 * Reads a chat completion request.
 *
 * Throws `invalidRequest`, `unsupported` or `uninspectable`: every text of the body ends in a part or is refused.
 */
export function readChat(document: JsonDocument): ReadChat {
  const body = parseShape(chatRequest, document.value);
  const stream = body.stream ?? false;
  if (body.stream_options && !stream) throw invalid('`stream_options` is for streams only');
  const parts = createPartList();
  const reader: Reader = { document, parts };
  const request: Conversation = {
    kind: 'conversation',
    ...toTurns(parts, body.messages),
    tools: (body.tools ?? []).map((tool, index) => toTool(reader, tool.function, `/tools/${index}/function`)),
    ...toToolChoice(parts, body.tool_choice),
    ...(body.parallel_tool_calls === false ? { parallelToolCalls: false } : {}),
    inference: toInference(reader, body),
    metadata: toMetadata(parts, body),
  };
  const includeUsage = body.stream_options?.include_usage ?? false;
  return { model: parseModelId(body.model), stream, includeUsage, request, parts: parts.parts };
}

function toToolChoice(parts: PartList, choice: ChatRequest['tool_choice']): { readonly toolChoice?: ToolChoice } {
  if (choice === undefined || choice === null) return {};
  if (typeof choice === 'string') return { toolChoice: { kind: choice === 'required' ? 'any' : choice } };
  const path = '/tool_choice/function/name';
  const name = parts.add({ kind: 'identifier', origin: 'parameter', path, text: choice.function.name });
  return { toolChoice: { kind: 'tool', name } };
}

function toInference(reader: Reader, body: ChatRequest): Inference {
  const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? undefined;
  if (typeof body.max_tokens === 'number' && body.max_tokens !== maxTokens) {
    throw invalid('`max_tokens` and `max_completion_tokens` differ');
  }
  const choices = body.n ?? 1;
  if (choices > MAX_CHOICES) throw new GatewayError('unsupported', { detail: `\`n\` above ${MAX_CHOICES}` });
  const stopSequences = toStopSequences(reader.parts, body.stop);
  const outputFormat = toOutputFormat(reader, body.response_format);
  return {
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(typeof body.temperature === 'number' ? { temperature: body.temperature } : {}),
    ...(typeof body.top_p === 'number' ? { topP: body.top_p } : {}),
    ...(stopSequences.length === 0 ? {} : { stopSequences }),
    // Zero asks for nothing, and not every provider has a field for it.
    ...(body.frequency_penalty ? { frequencyPenalty: body.frequency_penalty } : {}),
    ...(body.presence_penalty ? { presencePenalty: body.presence_penalty } : {}),
    ...(typeof body.seed === 'number' ? { seed: body.seed } : {}),
    ...(body.reasoning_effort ? { reasoning: { kind: 'effort', effort: body.reasoning_effort } } : {}),
    ...(outputFormat === undefined ? {} : { outputFormat }),
    ...(choices === 1 ? {} : { choices }),
  };
}

function toOutputFormat(reader: Reader, format: ChatRequest['response_format']): OutputFormat | undefined {
  switch (format?.type) {
    case undefined:
    case 'text':
      return undefined;
    case 'json_object':
      return { kind: 'json' };
    case 'json_schema':
      return toJsonSchema(reader, format.json_schema, '/response_format/json_schema');
    default:
      return format satisfies never;
  }
}

function toStopSequences(parts: PartList, stop: ChatRequest['stop']): NonNullable<Inference['stopSequences']> {
  const origin = 'parameter';
  if (typeof stop === 'string') return [parts.add({ kind: 'text', origin, path: '/stop', text: stop })];
  return (stop ?? []).map((text, index) => parts.add({ kind: 'text', origin, path: `/stop/${index}`, text }));
}

function invalid(detail: string): GatewayError {
  return new GatewayError('invalidRequest', { detail });
}
