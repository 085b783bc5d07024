import {
  type Block,
  type Conversation,
  GatewayError,
  type Message,
  type PartList,
  type PartOrigin,
  parseJson,
} from '../../core/index.ts';
import type { ChatRequest } from './chat-schema.ts';

type WireMessage = ChatRequest['messages'][number];
type AssistantMessage = Extract<WireMessage, { role: 'assistant' }>;
type ToolCall = NonNullable<AssistantMessage['tool_calls']>[number];
type Content = NonNullable<WireMessage['content']>;
type TextBlock = Extract<Block, { kind: 'text' }>;

interface Place {
  readonly origin: PartOrigin;
  readonly path: string;
}

/**
 * Turns the messages into system text and turns. System and developer messages are one thing to the inner form, which
 * holds them before all turns: one that comes later is `unsupported`, since to move it would change what it means.
 */
export function toTurns(parts: PartList, messages: readonly WireMessage[]): Pick<Conversation, 'system' | 'messages'> {
  const system: TextBlock[] = [];
  const turns: Message[] = [];
  for (const [index, message] of messages.entries()) {
    const path = `/messages/${index}`;
    if (message.role !== 'system' && message.role !== 'developer') {
      turns.push(toTurn(parts, message, path));
    } else if (turns.length === 0) {
      system.push(...toTexts(parts, message.content, { origin: 'system', path: `${path}/content` }));
    } else {
      throw new GatewayError('unsupported', { detail: `a message of role \`${message.role}\` after the first turn` });
    }
  }
  return { system, messages: turns };
}

type WireTurn = Exclude<WireMessage, { role: 'system' | 'developer' }>;

function toTurn(parts: PartList, message: WireTurn, path: string): Message {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: toTexts(parts, message.content, { origin: 'user', path: `${path}/content` }) };
    case 'assistant':
      return { role: 'assistant', content: toAssistantContent(parts, message, path) };
    case 'tool': {
      const origin = 'toolResult';
      const id = parts.add({ kind: 'identifier', origin, path: `${path}/tool_call_id`, text: message.tool_call_id });
      const texts = toTexts(parts, message.content, { origin, path: `${path}/content` });
      return {
        role: 'user',
        content: [{ kind: 'toolResult', id, content: texts.map(({ text }) => text), failed: false }],
      };
    }
    default:
      return message satisfies never;
  }
}

function toAssistantContent(parts: PartList, message: AssistantMessage, path: string): readonly Block[] {
  const { content, refusal } = message;
  const calls = message.tool_calls ?? [];
  const blocks: Block[] = [];
  // SDKs send an empty text along with tool calls, and models take no empty text.
  const hasContent = content !== undefined && content !== null && (content !== '' || calls.length === 0);
  if (hasContent) {
    blocks.push(...toTexts(parts, content, { origin: 'assistant', path: `${path}/content` }));
  }
  if (typeof refusal === 'string') {
    blocks.push(...toTexts(parts, refusal, { origin: 'assistant', path: `${path}/refusal` }));
  }
  blocks.push(...calls.map((call, index) => toToolUse(parts, call, `${path}/tool_calls/${index}`)));
  if (blocks.length > 0) return blocks;
  throw new GatewayError('invalidRequest', { detail: 'an assistant message with neither content nor tool calls' });
}

function toTexts(parts: PartList, content: Content, { origin, path }: Place): readonly TextBlock[] {
  const toText = (text: string, at: string): TextBlock => ({
    kind: 'text',
    text: parts.add({ kind: 'text', origin, path: at, text }),
  });
  if (typeof content === 'string') return [toText(content, path)];
  return content.map((part, index) =>
    part.type === 'text'
      ? toText(part.text, `${path}/${index}/text`)
      : toText(part.refusal, `${path}/${index}/refusal`),
  );
}

function toToolUse(parts: PartList, call: ToolCall, path: string): Block {
  const origin = 'toolCall';
  const { name, arguments: raw } = call.function;
  assertObject(raw);
  return {
    kind: 'toolUse',
    id: parts.add({ kind: 'identifier', origin, path: `${path}/id`, text: call.id }),
    name: parts.add({ kind: 'identifier', origin, path: `${path}/function/name`, text: name }),
    arguments: parts.add({ kind: 'json', origin, path: `${path}/function/arguments`, text: raw }),
  };
}

/** Throws `invalidRequest` unless the arguments, JSON within a string, are an object: only then can they be inspected. */
function assertObject(raw: string): void {
  const detail = 'the `arguments` of a tool call are not the text of a JSON object';
  let value: unknown;
  try {
    ({ value } = parseJson(raw));
  } catch (cause) {
    throw new GatewayError('invalidRequest', { detail, cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new GatewayError('invalidRequest', { detail });
  }
}
