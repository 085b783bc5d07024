import type {
  Block,
  CachePoint,
  Conversation,
  Message,
  Part,
  ReasoningBlock,
  ToolResultBlock,
} from '../../core/index.ts';
import type { Reader } from '../reader.ts';
import { toCitedTexts } from './cited-text.ts';
import type {
  WireBlock,
  WireMessage,
  WireReasoning,
  WireSystemBlock,
  WireToolResult,
  WireToolUse,
} from './content-schema.ts';
import { toDocument, toMedia } from './converse-files.ts';

/** Reads a block of the system prompt. */
export function toSystemBlock(
  { parts }: Reader,
  { text, cachePoint, guardContent }: WireSystemBlock,
  path: string,
): Conversation['system'][number] {
  const marked = guardContent?.text;
  if (marked !== undefined) return { kind: 'text', text: parts.add(toMarked(marked, { origin: 'system', path })) };
  if (text === undefined) return toCachePoint(cachePoint);
  return { kind: 'text', text: parts.add({ kind: 'text', origin: 'system', path: `${path}/text`, text }) };
}

function toMarked(
  { text, qualifiers }: NonNullable<NonNullable<WireBlock['guardContent']>['text']>,
  { origin, path }: Pick<Part, 'origin' | 'path'>,
): Part {
  const part = { kind: 'text', origin, path: `${path}/guardContent/text/text`, text } as const;
  return qualifiers === undefined ? part : { ...part, qualifiers };
}

/** Reads a turn; `path` is its content's. */
export function toMessage(reader: Reader, { role, content }: WireMessage, path: string): Message {
  const blocks: readonly WireBlock[] = content;
  return {
    role,
    content: blocks.flatMap((block, index) => toBlocks(reader, block, { role, path: `${path}/${index}` })),
  };
}

/** The cache point a block or tool stands for. */
export function toCachePoint({ ttl }: { readonly ttl?: CachePoint['ttl'] } = {}): CachePoint {
  return { kind: 'cachePoint', ...(ttl === undefined ? {} : { ttl }) };
}

interface Place {
  readonly role: Message['role'];
  readonly path: string;
}

/** The blocks of one block: all have one, but for a text of an answer with citations, which may come in several pieces. */
function toBlocks(reader: Reader, block: WireBlock, { role, path }: Place): readonly Block[] {
  const place = { origin: role, path };
  if (block.text !== undefined) return [toText(reader, block.text, { role, path: `${path}/text` })];
  const marked = block.guardContent?.text;
  if (marked !== undefined) return [{ kind: 'text', text: reader.parts.add(toMarked(marked, { origin: role, path })) }];
  if (block.toolUse !== undefined) return [toToolUse(reader, block.toolUse, `${path}/toolUse`)];
  if (block.toolResult !== undefined) return [toToolResult(reader, block.toolResult, `${path}/toolResult`)];
  if (block.reasoningContent !== undefined) {
    return [toReasoning(reader, block.reasoningContent, `${path}/reasoningContent`)];
  }
  if (block.citationsContent !== undefined) {
    return toCitedTexts(reader, block.citationsContent, `${path}/citationsContent`);
  }
  if (block.audio !== undefined) {
    return [toMedia(reader, { ...block.audio, modality: 'audio' }, { ...place, path: `${path}/audio` })];
  }
  return [toFile(reader, block, place) ?? toCachePoint(block.cachePoint)];
}

function toText({ parts }: Reader, text: string, { role, path }: Place): Block {
  return { kind: 'text', text: parts.add({ kind: 'text', origin: role, path, text }) };
}

type WireFiles = Pick<WireBlock, 'image' | 'video' | 'document'>;

function toFile(
  reader: Reader,
  { image, video, document }: WireFiles,
  { origin, path }: { readonly origin: Message['role'] | 'toolResult'; readonly path: string },
) {
  if (image !== undefined) {
    return toMedia(reader, { ...image, modality: 'image' }, { origin, path: `${path}/image` });
  }
  if (video !== undefined) {
    return toMedia(reader, { ...video, modality: 'video' }, { origin, path: `${path}/video` });
  }
  return document === undefined ? undefined : toDocument(reader, document, { origin, path: `${path}/document` });
}

function toToolUse({ document, parts }: Reader, { toolUseId, name, input }: WireToolUse, path: string): Block {
  const origin = 'toolCall';
  return {
    kind: 'toolUse',
    id: parts.add({ kind: 'identifier', origin, path: `${path}/toolUseId`, text: toolUseId }),
    name: parts.add({ kind: 'identifier', origin, path: `${path}/name`, text: name }),
    arguments: parts.add({ kind: 'json', origin, path: `${path}/input`, text: document.rawOf(input) }),
  };
}

function toToolResult(reader: Reader, { toolUseId, content, status }: WireToolResult, path: string): Block {
  const id: Part = { kind: 'identifier', origin: 'toolResult', path: `${path}/toolUseId`, text: toolUseId };
  return {
    kind: 'toolResult',
    id: reader.parts.add(id),
    content: content.map((item, index) => toResultContent(reader, item, `${path}/content/${index}`)),
    failed: status === 'error',
  };
}

function toResultContent(
  reader: Reader,
  item: WireToolResult['content'][number],
  path: string,
): ToolResultBlock['content'][number] {
  const { document, parts } = reader;
  const { text, json } = item;
  const origin = 'toolResult';
  if (text !== undefined) return parts.add({ kind: 'text', origin, path: `${path}/text`, text });
  const file = toFile(reader, item, { origin, path });
  if (file !== undefined) return file;
  // Only objects and arrays keep their raw text; any other value is printed again, and goes on as it was inspected.
  const raw = typeof json === 'object' && json !== null ? document.rawOf(json) : JSON.stringify(json);
  return parts.add({ kind: 'json', origin, path: `${path}/json`, text: raw });
}

/**
 * Reads reasoning on its way back. Signatures and redacted content are tokens of this gateway's own making, which only
 * the server can open: it refuses what it did not seal.
 */
function toReasoning({ parts }: Reader, wire: WireReasoning, path: string): ReasoningBlock {
  const { reasoningText, redactedContent = new Uint8Array() } = wire;
  if (reasoningText === undefined) {
    return { kind: 'reasoning', proof: { kind: 'sealed', token: Buffer.from(redactedContent).toString() } };
  }
  const { text, signature: token = '' } = reasoningText;
  return {
    kind: 'reasoning',
    text: parts.add({ kind: 'text', origin: 'assistant', path: `${path}/reasoningText/text`, text }),
    ...(token === '' ? {} : { proof: { kind: 'sealed', token } }),
  };
}
