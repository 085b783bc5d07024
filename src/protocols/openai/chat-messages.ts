import {
  type Block,
  type CachePoint,
  type Conversation,
  GatewayError,
  type Message,
  type PartIndex,
  type PartList,
  type TextBlock,
} from '../../core/index.ts';
import type { ChatRequest } from './chat-schema.ts';
import { type Place, toFile, toImage } from './files.ts';
import { toToolUse } from './tools.ts';

type WireMessage = ChatRequest['messages'][number];
type WireTurn = Exclude<WireMessage, { role: 'system' | 'developer' }>;
type AssistantMessage = Extract<WireMessage, { role: 'assistant' }>;
type UserPart = Exclude<Extract<WireMessage, { role: 'user' }>['content'], string>[number];
type TextPart = Extract<UserPart, { type: 'text' }>;
type TextContent = string | readonly TextPart[];

/**
 * Turns the messages into system text and turns. System and developer messages are one thing to the inner form, which
 * holds them before all turns: one that comes later is `unsupported`, since to move it would change what it means.
 */
export function toTurns(parts: PartList, messages: readonly WireMessage[]): Pick<Conversation, 'system' | 'messages'> {
  const system: (TextBlock | CachePoint)[] = [];
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

function toTurn(parts: PartList, message: WireTurn, path: string): Message {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: toUserContent(parts, message.content, `${path}/content`) };
    case 'assistant':
      return { role: 'assistant', content: toAssistantContent(parts, message, path) };
    case 'tool': {
      const origin = 'toolResult';
      const id = parts.add({ kind: 'identifier', origin, path: `${path}/tool_call_id`, text: message.tool_call_id });
      const at = `${path}/content`;
      const add = (text: string, of: string) => parts.add({ kind: 'text', origin, path: of, text });
      const content =
        typeof message.content === 'string'
          ? [add(message.content, at)]
          : message.content.map(({ text }, index) => add(text, `${at}/${index}/text`));
      return { role: 'user', content: [{ kind: 'toolResult', id, content, failed: false }] };
    }
    default:
      return message satisfies never;
  }
}

function toUserContent(parts: PartList, content: string | readonly UserPart[], path: string): readonly Block[] {
  const origin = 'user';
  if (typeof content === 'string') return [toText(parts, content, { origin, path })];
  return content.flatMap((part, index) => [
    toUserBlock(parts, part, `${path}/${index}`),
    ...toCachePoint(part.prompt_cache_breakpoint),
  ]);
}

function toUserBlock(parts: PartList, part: UserPart, path: string): Block {
  const origin = 'user';
  switch (part.type) {
    case 'text':
      return toText(parts, part.text, { origin, path: `${path}/text` });
    case 'image_url':
      return toImage(parts, part.image_url.url, { origin, path: `${path}/image_url/url` });
    case 'input_audio': {
      const { data, format } = part.input_audio;
      return { kind: 'media', modality: 'audio', format, bytes: data };
    }
    case 'file': {
      const { file_data: data, file_id: id, filename: name } = part.file;
      const at = `${path}/file`;
      const paths = { data: `${at}/file_data`, id: `${at}/file_id`, url: at, name: `${at}/filename` };
      return toFile(parts, { data, id, name, paths }, origin);
    }
    default:
      return part satisfies never;
  }
}

/** The reasoning first: a model thinks before it speaks. */
function toAssistantContent(parts: PartList, message: AssistantMessage, path: string): readonly Block[] {
  const { content, refusal, reasoning_content: reasoning } = message;
  const calls = message.tool_calls ?? [];
  const blocks: Block[] = [];
  const add = (text: string, at: string) => parts.add({ kind: 'text', origin: 'assistant', path: at, text });
  if (typeof reasoning === 'string' && reasoning !== '') {
    blocks.push({ kind: 'reasoning', text: add(reasoning, `${path}/reasoning_content`) });
  }
  // SDKs send an empty text along with tool calls, and models take no empty text.
  const hasContent = content !== undefined && content !== null && (content !== '' || calls.length === 0);
  if (hasContent) blocks.push(...toSaid(parts, content, `${path}/content`));
  if (typeof refusal === 'string') blocks.push({ kind: 'text', text: add(refusal, `${path}/refusal`) });
  blocks.push(
    ...calls.map(({ id, function: { name, arguments: raw } }, index): Block => {
      const at = `${path}/tool_calls/${index}`;
      const paths = { id: `${at}/id`, name: `${at}/function/name`, arguments: `${at}/function/arguments` };
      return toToolUse(parts, { id, name, arguments: raw }, paths);
    }),
  );
  if (blocks.length > 0) return blocks;
  throw new GatewayError('invalidRequest', { detail: 'an assistant message with neither content nor tool calls' });
}

function toSaid(parts: PartList, content: NonNullable<AssistantMessage['content']>, path: string): readonly Block[] {
  const origin = 'assistant';
  if (typeof content === 'string') return [toText(parts, content, { origin, path })];
  return content.flatMap((part, index): readonly Block[] => {
    const at = `${path}/${index}`;
    if (part.type === 'refusal') return [toText(parts, part.refusal, { origin, path: `${at}/refusal` })];
    return [toText(parts, part.text, { origin, path: `${at}/text` }), ...toCachePoint(part.prompt_cache_breakpoint)];
  });
}

function toTexts(parts: PartList, content: TextContent, { origin, path }: Place): readonly (TextBlock | CachePoint)[] {
  if (typeof content === 'string') return [toText(parts, content, { origin, path })];
  return content.flatMap((part, index): readonly (TextBlock | CachePoint)[] => [
    toText(parts, part.text, { origin, path: `${path}/${index}/text` }),
    ...toCachePoint(part.prompt_cache_breakpoint),
  ]);
}

function toText(parts: PartList, text: string, { origin, path }: Place): TextBlock {
  const index: PartIndex = parts.add({ kind: 'text', origin, path, text });
  return { kind: 'text', text: index };
}

/** The cache point that stands behind what says so: none, or one. */
function toCachePoint(breakpoint: TextPart['prompt_cache_breakpoint']): readonly CachePoint[] {
  return breakpoint ? [{ kind: 'cachePoint' }] : [];
}
