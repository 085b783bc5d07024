import { type AnswerEvent, GatewayError, type Usage } from '../../core/index.ts';
import type { Begun } from './call.ts';
import { parseBody } from './converse-answer.ts';
import type { Dropped } from './dropped.ts';
import type { CompletionFamily, Said } from './families/family.ts';
import { parseBlob } from './reasoning.ts';
import { toStop } from './stop-reason.ts';
import { parsePayload, type StreamEvent } from './stream-events.ts';
import type { StreamReader } from './streamed.ts';
import { toStreamException } from './upstream-error.ts';
import { isObject, notCarried, parseCount, parseObject, parseText, type WireObject } from './wire-value.ts';

/** What must be known to read the answer to a raw prompt. */
export interface CompletionReading {
  readonly family: CompletionFamily;
  readonly stopSequence: string | undefined;
  readonly dropped: Dropped;
}

/** The answer of an `InvokeModel` reply to a raw prompt. Throws `upstreamFailed` where it is malformed. */
export function parseCompletion(
  body: Uint8Array,
  header: Begun['header'],
  { family, stopSequence, dropped }: CompletionReading,
): readonly AnswerEvent[] {
  const answer = parseObject(parseBody(body).value);
  const said = family.read(answer, dropped);
  const counted = {
    input: toCount(header('x-amzn-bedrock-input-token-count')) ?? said.inputTokens,
    output: toCount(header('x-amzn-bedrock-output-token-count')) ?? said.outputTokens,
  };
  return [
    { kind: 'start' },
    { kind: 'blockStart', index: 0, block: { kind: 'text' } },
    { kind: 'delta', index: 0, text: said.text },
    { kind: 'blockStop', index: 0 },
    toStop(stopOf(answer, said), stopSequence),
    { kind: 'usage', usage: toUsage(counted.input, counted.output) },
  ];
}

/**
 * Makes the reader of one streamed answer to a raw prompt; its text comes in chunks of base64. What it took may be told
 * in the chunk that ends it, or in one behind that.
 */
export function createCompletionStream({ family, stopSequence, dropped }: CompletionReading): StreamReader {
  let state: 'waiting' | 'open' | 'stopped' | 'ended' = 'waiting';

  function chunk(answer: WireObject): readonly AnswerEvent[] {
    const said = family.read(answer, dropped);
    const stop = stopOf(answer, said);
    const events: AnswerEvent[] = [];
    if (state === 'waiting') {
      state = 'open';
      events.push({ kind: 'start' }, { kind: 'blockStart', index: 0, block: { kind: 'text' } });
    }
    if (state !== 'open' && (said.text !== '' || stop !== undefined)) throw notCarried('content behind its end');
    if (said.text !== '') events.push({ kind: 'delta', index: 0, text: said.text });
    if (stop !== undefined) {
      state = 'stopped';
      events.push({ kind: 'blockStop', index: 0 }, toStop(stop, stopSequence));
    }
    const usage = state === 'stopped' ? toStreamUsage(answer, said) : undefined;
    if (usage === undefined) return events;
    state = 'ended';
    return [...events, { kind: 'usage', usage }];
  }

  return {
    read({ kind, type, payload }: StreamEvent) {
      if (kind !== 'event') throw toStreamException(type);
      if (type !== 'chunk') throw notCarried('content that this gateway does not carry');
      return chunk(parseChunk(parsePayload(payload)));
    },
    end() {
      if (state !== 'ended') throw new GatewayError('upstreamInterrupted');
    },
  };
}

function parseChunk({ bytes }: WireObject): WireObject {
  return parseObject(parseBody(parseBlob(parseText(bytes))).value);
}

function stopOf(answer: WireObject, { stop }: Said): Said['stop'] {
  const isCut = answer['amazon-bedrock-guardrailAction'] === 'INTERVENED';
  return isCut && stop !== undefined ? 'guardrail' : stop;
}

function toStreamUsage(answer: WireObject, said: Said): Usage | undefined {
  const metrics = answer['amazon-bedrock-invocationMetrics'];
  if (isObject(metrics)) return toUsage(metrics.inputTokenCount, metrics.outputTokenCount);
  const isCounted = typeof said.inputTokens === 'number' && typeof said.outputTokens === 'number';
  return isCounted ? toUsage(said.inputTokens, said.outputTokens) : undefined;
}

function toUsage(input: unknown, output: unknown): Usage {
  return { inputTokens: parseCount(input), outputTokens: parseCount(output) };
}

/** A count in a header, in decimal digits; undefined for any other text. */
export function toCount(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : undefined;
}
