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
  parseModelId,
  type Tool,
  type ToolChoice,
} from '../../core/index.ts';
import { parseShape } from '../shape.ts';
import { apiRequest, bedrockRequest, type MessagesRequest } from './request-schema.ts';

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

interface Reader {
  readonly document: JsonDocument;
  readonly parts: PartList;
}

function toConversation(document: JsonDocument, body: MessagesRequest): Pick<ReadMessages, 'request' | 'parts'> {
  const reader: Reader = { document, parts: createPartList() };
  const request: Conversation = {
    kind: 'conversation',
    system: toSystem(reader, body.system ?? []),
    messages: body.messages.map((message, index) => toMessage(reader, message, `/messages/${index}/content`)),
    tools: (body.tools ?? []).map((tool, index) => toTool(reader, tool, `/tools/${index}`)),
    ...(body.tool_choice === undefined ? {} : { toolChoice: toToolChoice(reader, body.tool_choice) }),
    inference: toInference(reader, body),
    metadata: toMetadata(reader, body.metadata?.user_id),
  };
  return { request, parts: reader.parts.parts };
}

function toSystem(reader: Reader, system: NonNullable<MessagesRequest['system']>): Conversation['system'] {
  const toText = (text: string, path: string) =>
    ({ kind: 'text', text: reader.parts.add({ kind: 'text', origin: 'system', path, text }) }) as const;
  if (typeof system === 'string') return [toText(system, '/system')];
  return system.flatMap((block, index) => {
    const text = toText(block.text, `/system/${index}/text`);
    return block.cache_control ? [text, { kind: 'cachePoint' } as const] : [text];
  });
}

type WireMessage = MessagesRequest['messages'][number];
type WireBlock = Exclude<WireMessage['content'], string>[number];

function toMessage(reader: Reader, { role, content }: WireMessage, path: string): Message {
  if (typeof content === 'string') {
    return {
      role,
      content: [{ kind: 'text', text: reader.parts.add({ kind: 'text', origin: role, path, text: content }) }],
    };
  }
  const blocks: Block[] = [];
  for (const [index, block] of content.entries()) {
    blocks.push(toBlock(reader, block, { role, path: `${path}/${index}` }));
    if (block.cache_control) blocks.push({ kind: 'cachePoint' });
  }
  return { role, content: blocks };
}

interface Place {
  readonly role: Message['role'];
  readonly path: string;
}

function toBlock(reader: Reader, block: WireBlock, { role, path }: Place): Block {
  const { document, parts } = reader;
  switch (block.type) {
    case 'text':
      return {
        kind: 'text',
        text: parts.add({ kind: 'text', origin: role, path: `${path}/text`, text: block.text }),
      };
    case 'tool_use': {
      const input = document.rawOf(block.input);
      return {
        kind: 'toolUse',
        id: parts.add({ kind: 'identifier', origin: 'toolCall', path: `${path}/id`, text: block.id }),
        name: parts.add({ kind: 'identifier', origin: 'toolCall', path: `${path}/name`, text: block.name }),
        arguments: parts.add({ kind: 'json', origin: 'toolCall', path: `${path}/input`, text: input }),
      };
    }
    case 'tool_result': {
      const id = block.tool_use_id;
      return {
        kind: 'toolResult',
        id: parts.add({ kind: 'identifier', origin: 'toolResult', path: `${path}/tool_use_id`, text: id }),
        content: toResult(reader, block.content ?? [], `${path}/content`),
        failed: block.is_error ?? false,
      };
    }
    default:
      return block satisfies never;
  }
}

type WireResult = NonNullable<Extract<WireBlock, { type: 'tool_result' }>['content']>;

function toResult({ parts }: Reader, content: WireResult, path: string): readonly PartIndex[] {
  if (typeof content === 'string') return [parts.add({ kind: 'text', origin: 'toolResult', path, text: content })];
  return content.map(({ text }, index) =>
    parts.add({ kind: 'text', origin: 'toolResult', path: `${path}/${index}/text`, text }),
  );
}

function toTool({ document, parts }: Reader, tool: NonNullable<MessagesRequest['tools']>[number], path: string): Tool {
  const origin = 'toolDefinition';
  const { name, description, input_schema } = tool;
  return {
    name: parts.add({ kind: 'identifier', origin, path: `${path}/name`, text: name }),
    ...(description === undefined
      ? {}
      : { description: parts.add({ kind: 'text', origin, path: `${path}/description`, text: description }) }),
    schema: parts.add({ kind: 'json', origin, path: `${path}/input_schema`, text: document.rawOf(input_schema) }),
  };
}

function toToolChoice({ parts }: Reader, choice: NonNullable<MessagesRequest['tool_choice']>): ToolChoice {
  if (choice.type !== 'tool') return { kind: choice.type };
  const path = '/tool_choice/name';
  return { kind: 'tool', name: parts.add({ kind: 'identifier', origin: 'parameter', path, text: choice.name }) };
}

function toInference({ parts }: Reader, body: MessagesRequest): Inference {
  const stopSequences = body.stop_sequences?.map((text, index) =>
    parts.add({ kind: 'text', origin: 'parameter', path: `/stop_sequences/${index}`, text }),
  );
  return {
    maxTokens: body.max_tokens,
    ...(body.temperature === undefined ? {} : { temperature: body.temperature }),
    ...(body.top_p === undefined ? {} : { topP: body.top_p }),
    ...(body.top_k === undefined ? {} : { topK: body.top_k }),
    ...(stopSequences === undefined ? {} : { stopSequences }),
  };
}

function toMetadata({ parts }: Reader, userId: string | null | undefined): Conversation['metadata'] {
  if (userId === undefined || userId === null) return [];
  const path = '/metadata/user_id';
  const key = parts.add({ kind: 'identifier', origin: 'metadata', path, text: 'user_id' });
  return [{ key, value: parts.add({ kind: 'text', origin: 'metadata', path, text: userId }) }];
}
