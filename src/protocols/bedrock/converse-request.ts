import {
  type Block,
  type Conversation,
  createPartList,
  type Inference,
  type JsonDocument,
  type Message,
  type Part,
  type PartIndex,
  type PartList,
  type Tool,
  type ToolChoice,
} from '../../core/index.ts';
import { parseShape } from '../shape.ts';
import { type ConverseBody, converseRequest, novaRequest } from './converse-schema.ts';

/** A conversation read from a body: its structure, and every text in it. */
export interface ReadConversation {
  readonly request: Conversation;
  readonly parts: readonly Part[];
}

/** Reads a body of `Converse`. Throws `invalidRequest`, `unsupported` or `uninspectable`. */
export function readConverse(document: JsonDocument): ReadConversation {
  return toConversation(document, parseShape(converseRequest, document.value));
}

/** Reads a body of `InvokeModel` for an Amazon Nova model. Throws `invalidRequest`, `unsupported` or `uninspectable`. */
export function readNova(document: JsonDocument): ReadConversation {
  const { schemaVersion, ...body } = parseShape(novaRequest, document.value);
  return toConversation(document, body);
}

interface Reader {
  readonly document: JsonDocument;
  readonly parts: PartList;
}

function toConversation(document: JsonDocument, body: ConverseBody): ReadConversation {
  const reader: Reader = { document, parts: createPartList() };
  const { additionalModelRequestFields: additional, toolConfig } = body;
  const request: Conversation = {
    kind: 'conversation',
    system: (body.system ?? []).map((block, index) => toSystemBlock(reader, block, `/system/${index}`)),
    messages: body.messages.map((message, index) => toMessage(reader, message, `/messages/${index}/content`)),
    tools: (toolConfig?.tools ?? []).map((tool, index) => toTool(reader, tool, `/toolConfig/tools/${index}/toolSpec`)),
    ...(toolConfig?.toolChoice === undefined ? {} : { toolChoice: toToolChoice(reader, toolConfig.toolChoice) }),
    inference: toInference(reader, body.inferenceConfig ?? {}),
    ...(additional === undefined ? {} : { additionalFields: toAdditionalFields(reader, additional) }),
    metadata: toMetadata(reader, body.requestMetadata ?? {}),
  };
  return { request, parts: reader.parts.parts };
}

const CACHE_POINT = { kind: 'cachePoint' } as const;

type SystemBlock = NonNullable<ConverseBody['system']>[number];

function toSystemBlock({ parts }: Reader, { text }: SystemBlock, path: string): Conversation['system'][number] {
  if (text === undefined) return CACHE_POINT;
  return { kind: 'text', text: parts.add({ kind: 'text', origin: 'system', path: `${path}/text`, text }) };
}

type WireMessage = ConverseBody['messages'][number];
type WireBlock = WireMessage['content'][number];

function toMessage(reader: Reader, { role, content }: WireMessage, path: string): Message {
  return { role, content: content.map((block, index) => toBlock(reader, block, { role, path: `${path}/${index}` })) };
}

interface Place {
  readonly role: Message['role'];
  readonly path: string;
}

function toBlock(reader: Reader, block: WireBlock, { role, path }: Place): Block {
  if (block.text !== undefined) {
    const part: Part = { kind: 'text', origin: role, path: `${path}/text`, text: block.text };
    return { kind: 'text', text: reader.parts.add(part) };
  }
  if ('toolUse' in block && block.toolUse !== undefined) return toToolUse(reader, block.toolUse, `${path}/toolUse`);
  if ('toolResult' in block && block.toolResult !== undefined) {
    return toToolResult(reader, block.toolResult, `${path}/toolResult`);
  }
  return CACHE_POINT;
}

type WireToolUse = NonNullable<Extract<WireBlock, { toolUse?: unknown }>['toolUse']>;

function toToolUse({ document, parts }: Reader, { toolUseId, name, input }: WireToolUse, path: string): Block {
  const origin = 'toolCall';
  return {
    kind: 'toolUse',
    id: parts.add({ kind: 'identifier', origin, path: `${path}/toolUseId`, text: toolUseId }),
    name: parts.add({ kind: 'identifier', origin, path: `${path}/name`, text: name }),
    arguments: parts.add({ kind: 'json', origin, path: `${path}/input`, text: document.rawOf(input) }),
  };
}

type WireToolResult = NonNullable<Extract<WireBlock, { toolResult?: unknown }>['toolResult']>;

function toToolResult(reader: Reader, { toolUseId, content, status }: WireToolResult, path: string): Block {
  const id: Part = { kind: 'identifier', origin: 'toolResult', path: `${path}/toolUseId`, text: toolUseId };
  return {
    kind: 'toolResult',
    id: reader.parts.add(id),
    content: content.map((item, index) => toResultPart(reader, item, `${path}/content/${index}`)),
    failed: status === 'error',
  };
}

function toResultPart(
  { document, parts }: Reader,
  { text, json }: WireToolResult['content'][number],
  path: string,
): PartIndex {
  const origin = 'toolResult';
  if (text !== undefined) return parts.add({ kind: 'text', origin, path: `${path}/text`, text });
  // Only objects and arrays keep their raw text; any other value is printed again, and goes on as it was inspected.
  const raw = typeof json === 'object' && json !== null ? document.rawOf(json) : JSON.stringify(json);
  return parts.add({ kind: 'json', origin, path: `${path}/json`, text: raw });
}

type WireToolConfig = NonNullable<ConverseBody['toolConfig']>;

function toTool({ document, parts }: Reader, { toolSpec }: WireToolConfig['tools'][number], path: string): Tool {
  const { name, description, inputSchema } = toolSpec;
  const origin = 'toolDefinition';
  return {
    name: parts.add({ kind: 'identifier', origin, path: `${path}/name`, text: name }),
    ...(description === undefined
      ? {}
      : { description: parts.add({ kind: 'text', origin, path: `${path}/description`, text: description }) }),
    schema: parts.add({
      kind: 'json',
      origin,
      path: `${path}/inputSchema/json`,
      text: document.rawOf(inputSchema.json),
    }),
  };
}

function toToolChoice({ parts }: Reader, { auto, tool }: NonNullable<WireToolConfig['toolChoice']>): ToolChoice {
  if (tool === undefined) return { kind: auto === undefined ? 'any' : 'auto' };
  const path = '/toolConfig/toolChoice/tool/name';
  return { kind: 'tool', name: parts.add({ kind: 'identifier', origin: 'parameter', path, text: tool.name }) };
}

function toInference({ parts }: Reader, config: NonNullable<ConverseBody['inferenceConfig']>): Inference {
  const { maxTokens, temperature, topP, topK } = config;
  const stopSequences = config.stopSequences?.map((text, index) =>
    parts.add({ kind: 'text', origin: 'parameter', path: `/inferenceConfig/stopSequences/${index}`, text }),
  );
  return {
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(stopSequences === undefined ? {} : { stopSequences }),
  };
}

function toAdditionalFields({ document, parts }: Reader, fields: object): PartIndex {
  const path = '/additionalModelRequestFields';
  return parts.add({ kind: 'json', origin: 'parameter', path, text: document.rawOf(fields) });
}

/** Keys and values are bounded by the same pattern, which a mask's tag would break: neither can be rewritten. */
function toMetadata({ parts }: Reader, entries: Readonly<Record<string, string>>): Conversation['metadata'] {
  return Object.entries(entries).map(([key, text]) => {
    const path = `/requestMetadata/${key.replaceAll('/', '~1')}`;
    return {
      key: parts.add({ kind: 'identifier', origin: 'metadata', path, text: key }),
      value: parts.add({ kind: 'identifier', origin: 'metadata', path, text }),
    };
  });
}
