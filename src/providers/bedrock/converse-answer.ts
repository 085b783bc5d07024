import {
  type AnswerBlockStart,
  type AnswerEvent,
  decodeUtf8,
  GatewayError,
  type JsonDocument,
  parseJson,
} from '../../core/index.ts';
import type { Asked } from './asked.ts';
import { parseCitation } from './citation.ts';
import type { Dropped } from './dropped.ts';
import { createProofGatherer } from './reasoning.ts';
import { parseStop } from './stop-reason.ts';
import { isOfProviderTool, parseToolUse } from './tool-use.ts';
import { parseUsage } from './usage.ts';
import { isObject, notCarried, parseArray, parseObject, parseText } from './wire-value.ts';

/** How an answer is read. */
export interface AnswerReading {
  readonly asked: Asked;
  readonly dropped: Dropped;
}

interface Reading extends AnswerReading {
  readonly document: JsonDocument;
}

/** Members of `ConverseResponse` that are read, or that tell of the service alone. */
const RESPONSE: ReadonlySet<string> = new Set([
  'output',
  'stopReason',
  'usage',
  'metrics',
  'performanceConfig',
  'serviceTier',
]);

/**
 * The answer of a `Converse` reply; its tool arguments as the raw JSON they came in. Throws `upstreamFailed` for content
 * that the gateway could neither inspect nor pass on, such as an image.
 */
export function parseConverseAnswer(body: Uint8Array, { asked, dropped }: AnswerReading): readonly AnswerEvent[] {
  const document = parseBody(body);
  const response = parseObject(document.value);
  dropped.besides(response, RESPONSE);
  const { content } = parseObject(parseObject(response.output).message);
  const reading = { asked, dropped, document };
  return [
    { kind: 'start' },
    ...parseArray(content).flatMap((block, index) => parseBlock(block, index, reading)),
    parseStop(response.stopReason, asked.stopSequence),
    { kind: 'usage', usage: parseUsage(response.usage, dropped) },
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

function parseBlock(value: unknown, index: number, reading: Reading): readonly AnswerEvent[] {
  const [member, ...others] = Object.entries(parseObject(value));
  if (member === undefined || others.length > 0) throw notCarried('a block of no one kind');
  const [kind, content] = member;
  if (isOfProviderTool(kind, content, reading.asked.hasProviderTools)) {
    reading.dropped.add();
    return [];
  }
  switch (kind) {
    case 'text':
      return whole(index, { kind: 'text' }, [delta(index, parseText(content))]);
    case 'toolUse': {
      const { input } = parseObject(content);
      if (!isObject(input)) throw notCarried('tool arguments that are not an object');
      return whole(index, parseToolUse(content), [delta(index, reading.document.rawOf(input))]);
    }
    case 'reasoningContent':
      return whole(index, { kind: 'reasoning' }, parseReasoning(content, index));
    case 'citationsContent':
      return whole(index, { kind: 'text' }, parseCited(content, index, reading));
    default:
      throw notCarried('content that this gateway does not carry');
  }
}

function parseReasoning(value: unknown, index: number): readonly AnswerEvent[] {
  const [[kind, content] = [], ...others] = Object.entries(parseObject(value));
  const gatherer = createProofGatherer();
  const said: AnswerEvent[] = [];
  if (kind === 'reasoningText' && others.length === 0) {
    const { text, signature } = parseObject(content);
    said.push(delta(index, parseText(text)));
    if (signature !== undefined && signature !== null) gatherer.sign(signature);
  } else if (kind === 'redactedContent' && others.length === 0) gatherer.redact(content);
  else throw notCarried('reasoning of no one kind');
  const proof = gatherer.proof();
  return proof === undefined ? said : [...said, { kind: 'proof', index, proof }];
}

function parseCited(value: unknown, index: number, reading: Reading): readonly AnswerEvent[] {
  const { content, citations } = parseObject(value);
  const text = parseArray(content ?? []).map((piece) => parseText(parseObject(piece).text));
  return [
    delta(index, text.join('')),
    ...parseArray(citations ?? []).map(
      (citation) => ({ kind: 'citation', index, citation: parseCitation(citation, reading) }) as const,
    ),
  ];
}

function delta(index: number, text: string): AnswerEvent {
  return { kind: 'delta', index, text };
}

function whole(index: number, block: AnswerBlockStart, said: readonly AnswerEvent[]): readonly AnswerEvent[] {
  return [{ kind: 'blockStart', index, block }, ...said, { kind: 'blockStop', index }];
}
