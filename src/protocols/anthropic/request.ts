import {
  type Conversation,
  createPartList,
  type JsonDocument,
  type Message,
  type Part,
  parseModelId,
  type TokenCount,
  type Tool,
  type ToolChoice,
} from '../../core/index.ts';
import type { Reader } from '../reader.ts';
import { parseShape } from '../shape.ts';
import type { CacheControl } from './block-schema.ts';
import { toCachePoints, toMessage } from './blocks.ts';
import { toInference } from './inference.ts';
import { apiRequest, bedrockRequest, countRequest, type MessagesRequest } from './request-schema.ts';

/** A Messages request: its structure, and every text in it. */
export interface ReadMessages {
  readonly model?: string;
  readonly stream: boolean;
  readonly request: Conversation;
  readonly parts: readonly Part[];
}

/**
 * Reads a Messages request as the Anthropic API takes it (`api`), or Amazon Bedrock's `InvokeModel` (`bedrock`): there
 * without `model` and `stream`, and with `anthropic_version`.
 *
 * Throws `invalidRequest`, `unsupported` or `uninspectable`: every text of the body ends in a part or is refused.
 */
export function readMessages(document: JsonDocument, surface: 'api'): ReadMessages & { readonly model: string };
export function readMessages(document: JsonDocument, surface: 'bedrock'): ReadMessages;
export function readMessages(document: JsonDocument, surface: 'api' | 'bedrock'): ReadMessages {
  if (surface === 'bedrock') {
    return { stream: false, ...toConversation(document, parseShape(bedrockRequest, document.value)) };
  }
  const body = parseShape(apiRequest, document.value);
  return { model: parseModelId(body.model), stream: body.stream ?? false, ...toConversation(document, body) };
}

/** A request to count tokens, likewise. */
export interface ReadTokenCount {
  readonly model: string;
  readonly request: TokenCount;
  readonly parts: readonly Part[];
}

/** Reads a request to count the tokens of a Messages request, with the same rules. */
export function readTokenCount(document: JsonDocument): ReadTokenCount {
  const body = parseShape(countRequest, document.value);
  const { request, parts } = toConversation(document, body);
  return { model: parseModelId(body.model), request: { kind: 'tokenCount', of: request }, parts };
}

function toConversation(document: JsonDocument, body: MessagesRequest): Pick<ReadMessages, 'request' | 'parts'> {
  const reader: Reader = { document, parts: createPartList() };
  const { tool_choice: choice } = body;
  const isSerial = choice !== undefined && choice.type !== 'none' && choice.disable_parallel_tool_use === true;
  const request: Conversation = {
    kind: 'conversation',
    system: toSystem(reader, body.system ?? []),
    messages: cacheLast(
      body.messages.map((message, index) => toMessage(reader, message, `/messages/${index}/content`)),
      body.cache_control,
    ),
    tools: (body.tools ?? []).map((tool, index) => toTool(reader, tool, `/tools/${index}`)),
    ...(choice === undefined ? {} : { toolChoice: toToolChoice(reader, choice) }),
    ...(isSerial ? { parallelToolCalls: false } : {}),
    inference: toInference(reader, body),
    metadata: toMetadata(reader, body.metadata?.user_id),
  };
  return { request, parts: reader.parts.parts };
}

function toSystem(reader: Reader, system: NonNullable<MessagesRequest['system']>): Conversation['system'] {
  const toText = (text: string, path: string) =>
    ({ kind: 'text', text: reader.parts.add({ kind: 'text', origin: 'system', path, text }) }) as const;
  if (typeof system === 'string') return [toText(system, '/system')];
  return system.flatMap((block, index) => [
    toText(block.text, `/system/${index}/text`),
    ...toCachePoints(block.cache_control),
  ]);
}

/** The turns with the cache point of the whole request behind the last block, unless there is one already. */
function cacheLast(messages: readonly Message[], control: CacheControl): readonly Message[] {
  const points = toCachePoints(control);
  const last = messages.at(-1);
  if (points.length === 0 || last === undefined || last.content.at(-1)?.kind === 'cachePoint') return messages;
  return [...messages.slice(0, -1), { ...last, content: [...last.content, ...points] }];
}

function toTool({ document, parts }: Reader, tool: NonNullable<MessagesRequest['tools']>[number], path: string): Tool {
  const origin = 'toolDefinition';
  const { name, description, input_schema } = tool;
  const [cachePoint] = toCachePoints(tool.cache_control);
  return {
    name: parts.add({ kind: 'identifier', origin, path: `${path}/name`, text: name }),
    ...(description === undefined
      ? {}
      : { description: parts.add({ kind: 'text', origin, path: `${path}/description`, text: description }) }),
    schema: parts.add({ kind: 'json', origin, path: `${path}/input_schema`, text: document.rawOf(input_schema) }),
    ...(tool.strict === true ? { strict: true } : {}),
    ...(cachePoint === undefined ? {} : { cachePoint }),
  };
}

function toToolChoice({ parts }: Reader, choice: NonNullable<MessagesRequest['tool_choice']>): ToolChoice {
  if (choice.type !== 'tool') return { kind: choice.type };
  const path = '/tool_choice/name';
  return { kind: 'tool', name: parts.add({ kind: 'identifier', origin: 'parameter', path, text: choice.name }) };
}

function toMetadata({ parts }: Reader, userId: string | null | undefined): Conversation['metadata'] {
  if (userId === undefined || userId === null) return [];
  const path = '/metadata/user_id';
  const key = parts.add({ kind: 'identifier', origin: 'metadata', path, text: 'user_id' });
  return [{ key, value: parts.add({ kind: 'text', origin: 'metadata', path, text: userId }) }];
}
