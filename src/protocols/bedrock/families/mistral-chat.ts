import {
  type Block,
  type Conversation,
  createPartList,
  GatewayError,
  type Message,
  type PartList,
} from '../../../core/index.ts';
import type { Reader } from '../../reader.ts';
import { parseShape } from '../../shape.ts';
import { objectText } from '../object-text.ts';
import type { Family } from './family.ts';
import { chatForm } from './mistral-chat-form.ts';
import {
  type ChatContent,
  type ChatImage,
  type ChatMessage,
  type ChatRequest,
  chatRequest,
} from './mistral-chat-schema.ts';

/** Mistral AI's chat: messages, images among them, and tools. */
export const mistralChat: Family = {
  read(document) {
    const body = parseShape(chatRequest, document.value);
    const reader: Reader = { document, parts: createPartList() };
    const { tool_choice, max_tokens, temperature, top_p } = body;
    const request: Conversation = {
      kind: 'conversation',
      ...toMessages(reader.parts, body.messages),
      tools: (body.tools ?? []).map((tool, index) => toTool(reader, tool, `/tools/${index}/function`)),
      ...(tool_choice === undefined ? {} : { toolChoice: { kind: tool_choice } }),
      inference: {
        ...(max_tokens === undefined ? {} : { maxTokens: max_tokens }),
        ...(temperature === undefined ? {} : { temperature }),
        ...(top_p === undefined ? {} : { topP: top_p }),
      },
      metadata: [],
    };
    return { request, parts: reader.parts.parts, form: chatForm };
  },
};

function toMessages(parts: PartList, wire: ChatRequest['messages']): Pick<Conversation, 'system' | 'messages'> {
  const system: Conversation['system'][number][] = [];
  const messages: Message[] = [];
  for (const [index, message] of wire.entries()) {
    const path = `/messages/${index}`;
    if (message.role !== 'system') {
      messages.push(toMessage(parts, message, path));
    } else if (messages.length === 0) {
      const text = parts.add({ kind: 'text', origin: 'system', path: `${path}/content`, text: message.content });
      system.push({ kind: 'text', text });
    } else throw new GatewayError('unsupported', { detail: 'a system message between turns' });
  }
  return { system, messages };
}

function toMessage(parts: PartList, message: Exclude<ChatMessage, { role: 'system' }>, path: string): Message {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: toContent(parts, message.content, `${path}/content`) };
    case 'assistant':
      return { role: 'assistant', content: toAssistantContent(parts, message, path) };
    case 'tool':
      return { role: 'user', content: [toToolResult(parts, message, path)] };
    default:
      return message satisfies never;
  }
}

function toContent(parts: PartList, content: ChatContent, path: string): readonly Block[] {
  if (typeof content === 'string') {
    return [{ kind: 'text', text: parts.add({ kind: 'text', origin: 'user', path, text: content }) }];
  }
  return content.map((piece, index): Block => {
    if (piece.type === 'image_url') return toImage(parts, piece, `${path}/${index}/image_url/url`);
    const { text } = piece;
    return { kind: 'text', text: parts.add({ kind: 'text', origin: 'user', path: `${path}/${index}/text`, text }) };
  });
}

/** An image within the body, or one that the provider would fetch: another address would be another image. */
function toImage(parts: PartList, { image_url: { url } }: ChatImage, path: string): Block {
  if (url.kind === 'bytes') return { kind: 'media', modality: 'image', format: url.format, bytes: url.bytes };
  const part = parts.add({ kind: 'identifier', origin: 'user', path, text: url.url });
  return { kind: 'reference', modality: 'image', source: { kind: 'url', url: part } };
}

type AssistantMessage = Extract<ChatMessage, { role: 'assistant' }>;

function toAssistantContent(
  parts: PartList,
  { content, tool_calls }: AssistantMessage,
  path: string,
): readonly Block[] {
  const calls = tool_calls ?? [];
  const origin = 'toolCall';
  const blocks = calls.map((call, index): Block => {
    const at = `${path}/tool_calls/${index}`;
    const { name, arguments: raw } = call.function;
    return {
      kind: 'toolUse',
      id: parts.add({ kind: 'identifier', origin, path: `${at}/id`, text: call.id }),
      name: parts.add({ kind: 'identifier', origin, path: `${at}/function/name`, text: name }),
      arguments: parts.add({
        kind: 'json',
        origin,
        path: `${at}/function/arguments`,
        text: objectText(raw, 'arguments'),
      }),
    };
  });
  // The format wants an empty text beside tool calls, and models take no empty text.
  const text = content ?? '';
  if (text === '' && blocks.length > 0) return blocks;
  const part = parts.add({ kind: 'text', origin: 'assistant', path: `${path}/content`, text });
  return [{ kind: 'text', text: part }, ...blocks];
}

function toToolResult(parts: PartList, message: Extract<ChatMessage, { role: 'tool' }>, path: string): Block {
  const { tool_call_id: id, content } = message;
  const origin = 'toolResult';
  return {
    kind: 'toolResult',
    id: parts.add({ kind: 'identifier', origin, path: `${path}/tool_call_id`, text: id }),
    content: [parts.add({ kind: 'text', origin, path: `${path}/content`, text: content })],
    failed: false,
  };
}

type ChatTool = NonNullable<ChatRequest['tools']>[number];

function toTool(
  { document, parts }: Reader,
  { function: wire }: ChatTool,
  path: string,
): Conversation['tools'][number] {
  const { name, description, parameters } = wire;
  const origin = 'toolDefinition';
  return {
    name: parts.add({ kind: 'identifier', origin, path: `${path}/name`, text: name }),
    ...(description === undefined
      ? {}
      : { description: parts.add({ kind: 'text', origin, path: `${path}/description`, text: description }) }),
    schema: parts.add({ kind: 'json', origin, path: `${path}/parameters`, text: document.rawOf(parameters) }),
  };
}
