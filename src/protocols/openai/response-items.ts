import {
  type Block,
  type CachePoint,
  type Conversation,
  type DocumentBlock,
  GatewayError,
  type MediaBlock,
  type Message,
  type PartList,
  type PartOrigin,
  type ReferenceBlock,
  type TextBlock,
  type ToolResultBlock,
} from '../../core/index.ts';
import { type Place, toFile, toImage, toUploadedImage } from './files.ts';
import type { InputItem, SentPart } from './response-item-schema.ts';
import type { ResponseRequest } from './response-schema.ts';
import { toToolUse } from './tools.ts';

type Item<Type extends InputItem['type']> = Extract<InputItem, { type: Type }>;
type WireMessage = Item<'message'>;
type AssistantItem = Extract<WireMessage, { role: 'assistant' }> | Item<'function_call'> | Item<'reasoning'>;
type UserPart = Exclude<Extract<WireMessage, { role: 'user' }>['content'], string>[number];

/**
 * Turns instructions and input into system text and turns. What a model said, thought and called, one item each, is one
 * turn of its. A system message after the first turn is `unsupported`, since to move it would change what it means.
 */
export function toTurns(
  parts: PartList,
  { instructions, input }: Pick<ResponseRequest, 'instructions' | 'input'>,
): Pick<Conversation, 'system' | 'messages'> {
  const system: (TextBlock | CachePoint)[] = [];
  const messages: Message[] = [];
  if (typeof instructions === 'string') {
    system.push(toText(parts, instructions, { origin: 'system', path: '/instructions' }));
  }
  if (typeof input === 'string') {
    messages.push({ role: 'user', content: [toText(parts, input, { origin: 'user', path: '/input' })] });
    return { system, messages };
  }
  let turn: Block[] | undefined;
  for (const [index, item] of input.entries()) {
    const path = `/input/${index}`;
    if (isAssistant(item)) {
      if (turn === undefined) {
        turn = [];
        messages.push({ role: 'assistant', content: turn });
      }
      turn.push(...toAssistantBlocks(parts, item, path));
      continue;
    }
    turn = undefined;
    if (item.type === 'function_call_output') messages.push(toToolResult(parts, item, path));
    else if (item.role === 'user') messages.push(toUserTurn(parts, item.content, `${path}/content`));
    else if (messages.length === 0) system.push(...toSystem(parts, item.content, `${path}/content`));
    else throw new GatewayError('unsupported', { detail: `a message of role \`${item.role}\` after the first turn` });
  }
  // An item of reasoning that tells nothing leaves nothing.
  return { system, messages: messages.filter(({ content }) => content.length > 0) };
}

function isAssistant(item: InputItem): item is AssistantItem {
  return item.type === 'message' ? item.role === 'assistant' : item.type !== 'function_call_output';
}

function toSystem(
  parts: PartList,
  content: Extract<WireMessage, { role: 'system' }>['content'],
  path: string,
): readonly (TextBlock | CachePoint)[] {
  const origin = 'system';
  if (typeof content === 'string') return [toText(parts, content, { origin, path })];
  return content.flatMap((part, index) => [
    toText(parts, part.text, { origin, path: `${path}/${index}/text` }),
    ...toCachePoint(part),
  ]);
}

function toUserTurn(parts: PartList, content: string | readonly UserPart[], path: string): Message {
  const origin = 'user';
  if (typeof content === 'string') return { role: 'user', content: [toText(parts, content, { origin, path })] };
  const blocks = content.flatMap((part, index): readonly Block[] => {
    const at = `${path}/${index}`;
    const block =
      part.type === 'input_text'
        ? toText(parts, part.text, { origin, path: `${at}/text` })
        : toSentFile(parts, part, { origin, path: at });
    return [block, ...toCachePoint(part)];
  });
  return { role: 'user', content: blocks };
}

function toToolResult(parts: PartList, item: Item<'function_call_output'>, path: string): Message {
  const origin = 'toolResult';
  addId(parts, item.id, { origin, path });
  const id = parts.add({ kind: 'identifier', origin, path: `${path}/call_id`, text: item.call_id });
  const at = `${path}/output`;
  const add = (text: string, of: string) => parts.add({ kind: 'text', origin, path: of, text });
  const content: ToolResultBlock['content'] =
    typeof item.output === 'string'
      ? [add(item.output, at)]
      : item.output.map((part, index) =>
          part.type === 'input_text'
            ? add(part.text, `${at}/${index}/text`)
            : toSentFile(parts, part, { origin, path: `${at}/${index}` }),
        );
  return { role: 'user', content: [{ kind: 'toolResult', id, content, failed: false }] };
}

function toSentFile(
  parts: PartList,
  part: SentPart,
  { origin, path }: Place,
): DocumentBlock | MediaBlock | ReferenceBlock {
  if (part.type === 'input_file') {
    const { file_data: data, file_id: id, file_url: url, filename: name } = part;
    const paths = {
      data: `${path}/file_data`,
      id: `${path}/file_id`,
      url: `${path}/file_url`,
      name: `${path}/filename`,
    };
    return toFile(parts, { data, id, url, name, paths }, origin);
  }
  const { image_url: image, file_id: id } = part;
  if (image && !id) return toImage(parts, image, { origin, path: `${path}/image_url` });
  if (id && !image) return toUploadedImage(parts, id, { origin, path: `${path}/file_id` });
  throw new GatewayError('invalidRequest', { detail: 'an image has exactly one of its URL and its id' });
}

function toAssistantBlocks(parts: PartList, item: AssistantItem, path: string): readonly Block[] {
  const origin: PartOrigin = 'assistant';
  addId(parts, item.id, { origin, path });
  switch (item.type) {
    case 'message':
      return toSaid(parts, item.content, `${path}/content`);
    case 'function_call': {
      const { call_id: id, name, arguments: raw } = item;
      const paths = { id: `${path}/call_id`, name: `${path}/name`, arguments: `${path}/arguments` };
      return [toToolUse(parts, { id, name, arguments: raw }, paths)];
    }
    case 'reasoning':
      return toReasoning(parts, item, path);
    default:
      return item satisfies never;
  }
}

/** Models take no empty text, and the answers of some begin with one. */
function toSaid(parts: PartList, content: Extract<WireMessage, { role: 'assistant' }>['content'], path: string) {
  const texts =
    typeof content === 'string'
      ? [{ text: content, at: path }]
      : content.map((part, index) =>
          part.type === 'refusal'
            ? { text: part.refusal, at: `${path}/${index}/refusal` }
            : { text: part.text, at: `${path}/${index}/text` },
        );
  return texts
    .filter(({ text }) => text !== '')
    .map(({ text, at }) => toText(parts, text, { origin: 'assistant', path: at }));
}

/** One block for each text; what is encrypted belongs to the last. Whatever it is, it is taken for a token made here. */
function toReasoning(
  parts: PartList,
  { summary, encrypted_content: token }: Item<'reasoning'>,
  path: string,
): readonly Block[] {
  const texts = summary.map(({ text }, index) =>
    parts.add({ kind: 'text', origin: 'assistant', path: `${path}/summary/${index}/text`, text }),
  );
  const proof = token ? ({ proof: { kind: 'sealed', token } } as const) : {};
  if (texts.length === 0) return token ? [{ kind: 'reasoning', ...proof }] : [];
  return texts.map((text, index) => ({ kind: 'reasoning', text, ...(index === texts.length - 1 ? proof : {}) }));
}

/** An item's own id goes no further; the part lets it be inspected and recorded. */
function addId(parts: PartList, id: string | null | undefined, { origin, path }: Place): void {
  if (typeof id === 'string') parts.add({ kind: 'identifier', origin, path: `${path}/id`, text: id });
}

function toCachePoint({
  prompt_cache_breakpoint: breakpoint,
}: Pick<UserPart, 'prompt_cache_breakpoint'>): readonly CachePoint[] {
  return breakpoint ? [{ kind: 'cachePoint' }] : [];
}

function toText(parts: PartList, text: string, { origin, path }: Place): TextBlock {
  return { kind: 'text', text: parts.add({ kind: 'text', origin, path, text }) };
}
