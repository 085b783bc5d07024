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
import { toMetadata } from './metadata.ts';
import { toJsonSchema } from './output-format.ts';
import { writeEcho } from './response-echo.ts';
import { toTurns } from './response-items.ts';
import { type ResponseRequest, responseRequest } from './response-schema.ts';
import { toTool } from './tools.ts';

/** What an answer depends on in its request, besides the request's content. */
export interface Asked {
  /** Whether reasoning comes with the token that takes it back to its model. */
  readonly includesProofs: boolean;
  /** The members with which a response repeats what was asked, as JSON without braces. */
  readonly echo: string;
}

/** A request for a response: its structure, and every text in it. */
export interface ReadResponse {
  readonly model: string;
  readonly stream: boolean;
  readonly asked: Asked;
  readonly request: Conversation;
  readonly parts: readonly Part[];
}

/**
 * Reads a request for a response. Nothing is stored: whatever refers to a store is refused.
 *
 * Throws `invalidRequest`, `unsupported` or `uninspectable`: every text of the body ends in a part or is refused.
 */
export function readResponse(document: JsonDocument): ReadResponse {
  const body = parseShape(responseRequest, document.value);
  const stream = body.stream ?? false;
  if (body.stream_options && !stream) {
    throw new GatewayError('invalidRequest', { detail: '`stream_options` is for streams only' });
  }
  const parts = createPartList();
  const reader: Reader = { document, parts };
  const request: Conversation = {
    kind: 'conversation',
    ...toTurns(parts, body),
    tools: (body.tools ?? []).map((tool, index) => toTool(reader, tool, `/tools/${index}`)),
    ...toToolChoice(parts, body.tool_choice),
    ...(body.parallel_tool_calls === false ? { parallelToolCalls: false } : {}),
    inference: toInference(reader, body),
    metadata: toMetadata(parts, body),
  };
  const asked = { includesProofs: (body.include ?? []).length > 0, echo: writeEcho(document, body) };
  return { model: parseModelId(body.model), stream, asked, request, parts: parts.parts };
}

function toToolChoice(parts: PartList, choice: ResponseRequest['tool_choice']): { readonly toolChoice?: ToolChoice } {
  if (choice === undefined || choice === null) return {};
  if (typeof choice === 'string') return { toolChoice: { kind: choice === 'required' ? 'any' : choice } };
  const path = '/tool_choice/name';
  const name = parts.add({ kind: 'identifier', origin: 'parameter', path, text: choice.name });
  return { toolChoice: { kind: 'tool', name } };
}

function toInference(reader: Reader, body: ResponseRequest): Inference {
  const outputFormat = toOutputFormat(reader, body.text?.format);
  const effort = body.reasoning?.effort;
  return {
    ...(typeof body.max_output_tokens === 'number' ? { maxTokens: body.max_output_tokens } : {}),
    ...(typeof body.temperature === 'number' ? { temperature: body.temperature } : {}),
    ...(typeof body.top_p === 'number' ? { topP: body.top_p } : {}),
    ...(effort ? { reasoning: { kind: 'effort', effort } } : {}),
    ...(outputFormat === undefined ? {} : { outputFormat }),
  };
}

type TextFormat = NonNullable<ResponseRequest['text']>['format'];

function toOutputFormat(reader: Reader, format: TextFormat): OutputFormat | undefined {
  switch (format?.type) {
    case undefined:
    case 'text':
      return undefined;
    case 'json_object':
      return { kind: 'json' };
    case 'json_schema':
      return toJsonSchema(reader, format, '/text/format');
    default:
      return format satisfies never;
  }
}
