import {
  type Conversation,
  createPartList,
  GatewayError,
  type Inference,
  type JsonDocument,
  type Part,
  type PartList,
  parseModelId,
  type Tool,
  type ToolChoice,
} from '../../core/index.ts';
import { parseShape } from '../shape.ts';
import { toTurns } from './chat-messages.ts';
import { type ChatRequest, chatRequest } from './chat-schema.ts';

/** A chat completion request: its structure, and every text in it. */
export interface ReadChat {
  readonly model: string;
  readonly stream: boolean;
  /** Whether a stream ends with a chunk of token counts. */
  readonly includeUsage: boolean;
  readonly request: Conversation;
  readonly parts: readonly Part[];
}

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
  const request: Conversation = {
    kind: 'conversation',
    ...toTurns(parts, body.messages),
    tools: (body.tools ?? []).map((tool, index) => toTool({ document, parts }, tool.function, index)),
    ...toToolChoice(parts, body.tool_choice),
    inference: toInference(parts, body),
    metadata: toMetadata(parts, body),
  };
  const includeUsage = body.stream_options?.include_usage ?? false;
  return { model: parseModelId(body.model), stream, includeUsage, request, parts: parts.parts };
}

interface Reader {
  readonly document: JsonDocument;
  readonly parts: PartList;
}

type WireFunction = NonNullable<ChatRequest['tools']>[number]['function'];

function toTool({ document, parts }: Reader, definition: WireFunction, index: number): Tool {
  const origin = 'toolDefinition';
  const path = `/tools/${index}/function`;
  const { name, description, parameters } = definition;
  // Left out, `parameters` means a function that takes none.
  const schema = parameters ? document.rawOf(parameters) : '{"type":"object","properties":{}}';
  return {
    name: parts.add({ kind: 'identifier', origin, path: `${path}/name`, text: name }),
    ...(typeof description === 'string'
      ? { description: parts.add({ kind: 'text', origin, path: `${path}/description`, text: description }) }
      : {}),
    schema: parts.add({ kind: 'json', origin, path: `${path}/parameters`, text: schema }),
  };
}

function toToolChoice(parts: PartList, choice: ChatRequest['tool_choice']): { readonly toolChoice?: ToolChoice } {
  if (choice === undefined || choice === null) return {};
  if (typeof choice === 'string') return { toolChoice: { kind: choice === 'required' ? 'any' : choice } };
  const path = '/tool_choice/function/name';
  const name = parts.add({ kind: 'identifier', origin: 'parameter', path, text: choice.function.name });
  return { toolChoice: { kind: 'tool', name } };
}

function toInference(parts: PartList, body: ChatRequest): Inference {
  const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? undefined;
  if (typeof body.max_tokens === 'number' && body.max_tokens !== maxTokens) {
    throw invalid('`max_tokens` and `max_completion_tokens` differ');
  }
  const stopSequences = toStopSequences(parts, body.stop);
  return {
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(typeof body.temperature === 'number' ? { temperature: body.temperature } : {}),
    ...(typeof body.top_p === 'number' ? { topP: body.top_p } : {}),
    ...(stopSequences.length === 0 ? {} : { stopSequences }),
  };
}

function toStopSequences(parts: PartList, stop: ChatRequest['stop']): NonNullable<Inference['stopSequences']> {
  const origin = 'parameter';
  if (typeof stop === 'string') return [parts.add({ kind: 'text', origin, path: '/stop', text: stop })];
  return (stop ?? []).map((text, index) => parts.add({ kind: 'text', origin, path: `/stop/${index}`, text }));
}

function toMetadata(parts: PartList, body: ChatRequest): Conversation['metadata'] {
  const origin = 'metadata';
  const metadata = body.metadata ?? {};
  const toEntry = (key: string, value: string, path: string) => ({
    key: parts.add({ kind: 'identifier', origin, path, text: key }),
    value: parts.add({ kind: 'text', origin, path, text: value }),
  });
  const entries = Object.entries(metadata).map(([key, value]) =>
    toEntry(key, value, `/metadata/${key.replaceAll('/', '~1')}`),
  );
  for (const key of ['user', 'safety_identifier'] as const) {
    const value = body[key];
    if (typeof value !== 'string') continue;
    // One of two entries of the same name would be lost on the way.
    if (Object.hasOwn(metadata, key)) throw invalid(`\`${key}\` and \`metadata.${key}\` are both given`);
    entries.push(toEntry(key, value, `/${key}`));
  }
  return entries;
}

function invalid(detail: string): GatewayError {
  return new GatewayError('invalidRequest', { detail });
}
