import type { Block, CachePoint, Message, ReasoningBlock, ToolResultBlock } from '../../core/index.ts';
import type { Reader } from '../reader.ts';
import type { CacheControl, WireBlock } from './block-schema.ts';
import { toText } from './cited-text.ts';
import type { MessagesRequest } from './request-schema.ts';
import { toDocument, toImage } from './sources.ts';

/** The cache point that stands behind what says so: none, or one. */
export function toCachePoints(control: CacheControl): readonly CachePoint[] {
  if (!control) return [];
  return [{ kind: 'cachePoint', ...(control.ttl ? { ttl: control.ttl } : {}) }];
}

/** Reads a turn; `path` is that of its content. */
export function toMessage(
  reader: Reader,
  { role, content }: MessagesRequest['messages'][number],
  path: string,
): Message {
  if (typeof content === 'string') {
    const text = reader.parts.add({ kind: 'text', origin: role, path, text: content });
    return { role, content: [{ kind: 'text', text }] };
  }
  const blocks: Block[] = [];
  for (const [index, block] of content.entries()) {
    blocks.push(toBlock(reader, block, { role, path: `${path}/${index}` }));
    if ('cache_control' in block) blocks.push(...toCachePoints(block.cache_control));
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
      return toText(reader, block, { role, path });
    case 'image':
      return toImage(reader, block, { origin: role, path });
    case 'document':
      return toDocument(reader, block, { origin: role, path });
    case 'thinking': {
      const text = parts.add({ kind: 'text', origin: role, path: `${path}/thinking`, text: block.thinking });
      return { kind: 'reasoning', text, ...toProof(block.signature) };
    }
    case 'redacted_thinking':
      return { kind: 'reasoning', ...toProof(block.data) };
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

/** Whatever a caller sends as proof is taken for a token of this gateway's, which alone can have given it one. */
function toProof(token: string): Pick<ReasoningBlock, 'proof'> {
  return token === '' ? {} : { proof: { kind: 'sealed', token } };
}

type WireResult = NonNullable<Extract<WireBlock, { type: 'tool_result' }>['content']>;

function toResult(reader: Reader, content: WireResult, path: string): ToolResultBlock['content'] {
  const origin = 'toolResult';
  const addText = (text: string, at: string) => reader.parts.add({ kind: 'text', origin, path: at, text });
  if (typeof content === 'string') return [addText(content, path)];
  return content.map((block, index) => {
    const at = `${path}/${index}`;
    switch (block.type) {
      case 'text':
        return addText(block.text, `${at}/text`);
      case 'image':
        return toImage(reader, block, { origin, path: at });
      case 'document':
        return toDocument(reader, block, { origin, path: at });
      default:
        return block satisfies never;
    }
  });
}
