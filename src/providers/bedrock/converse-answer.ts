import { type AnswerEvent, decodeUtf8, GatewayError, type JsonDocument, parseJson } from '../../core/index.ts';
import { parseStop } from './stop-reason.ts';
import { parseToolUse } from './tool-use.ts';
import { parseUsage } from './usage.ts';
import { isObject, notCarried, parseArray, parseObject, parseText } from './wire-value.ts';

/**
 * The answer of a `Converse` reply to a request with that one stop sequence, if any; its tool arguments as the raw JSON they came in. Throws `upstreamFailed` for content
 * other than text and tool use, which the gateway could neither inspect nor pass on.
 */
export function parseConverseAnswer(body: Uint8Array, stopSequence?: string): readonly AnswerEvent[] {
  const document = parseBody(body);
  const { output, stopReason, usage } = parseObject(document.value);
  const { content } = parseObject(parseObject(output).message);
  return [
    { kind: 'start' },
    ...parseArray(content).flatMap((block, index) => parseBlock(document, block, index)),
    parseStop(stopReason, stopSequence),
    { kind: 'usage', usage: parseUsage(usage) },
  ];
}

/** Parses the JSON of a reply. Throws `upstreamFailed` where it is malformed. */
export function parseBody(body: Uint8Array): JsonDocument {
  try {
    return parseJson(decodeUtf8(body));
  } catch (cause) {
    throw new GatewayError('upstreamFailed', { detail: 'an answer that is not JSON', cause });
  }
}

function parseBlock(document: JsonDocument, value: unknown, index: number): readonly AnswerEvent[] {
  const [member, ...others] = Object.entries(parseObject(value));
  if (member === undefined || others.length > 0) throw notCarried('a block of no one kind');
  const [kind, content] = member;
  switch (kind) {
    case 'text':
      return whole(index, { kind: 'text' }, parseText(content));
    case 'toolUse': {
      const { input } = parseObject(content);
      if (!isObject(input)) throw notCarried('tool arguments that are not an object');
      return whole(index, parseToolUse(content), document.rawOf(input));
    }
    default:
      throw notCarried('content that this gateway does not carry');
  }
}

type BlockStart = Extract<AnswerEvent, { kind: 'blockStart' }>['block'];

function whole(index: number, block: BlockStart, text: string): readonly AnswerEvent[] {
  return [
    { kind: 'blockStart', index, block },
    { kind: 'delta', index, text },
    { kind: 'blockStop', index },
  ];
}
