import type { Answer, AnswerBlock, StopReason, Usage } from '../../core/index.ts';
import { argumentsObject } from '../arguments-object.ts';
import { citationText } from './citation-text.ts';
import { reasoningText } from './reasoning-text.ts';

/** `stopReason` of `Converse` and of Amazon Nova's own format. */
export const stopReasons = {
  endTurn: 'end_turn',
  maxTokens: 'max_tokens',
  contextWindow: 'model_context_window_exceeded',
  stopSequence: 'stop_sequence',
  toolUse: 'tool_use',
  contentFilter: 'content_filtered',
  guardrail: 'guardrail_intervened',
} as const satisfies Record<StopReason, string>;

/**
 * The members `output` and `stopReason` of a reply, as JSON text. Tool arguments stand in it byte for byte, big numbers
 * and the order of keys included. Throws `upstreamFailed` where they are not a JSON object.
 */
export function outputText({ blocks, stop }: Pick<Answer, 'blocks' | 'stop'>): string {
  const content = blocks.map(toContent).join();
  return `"output":{"message":{"role":"assistant","content":[${content}]}},"stopReason":"${stopReasons[stop]}"`;
}

/** The JSON text of `TokenUsage`. */
export function usageText(usage: Usage): string {
  const { cacheReadInputTokens: read, cacheWriteInputTokens: write } = usage;
  return (
    `{${countsText(usage)}` +
    (read === undefined ? '' : `,"cacheReadInputTokens":${read}`) +
    (write === undefined ? '' : `,"cacheWriteInputTokens":${write}`) +
    '}'
  );
}

/** The counts every usage object has, as JSON text. The total takes in what went through the prompt cache. */
export function countsText(usage: Usage): string {
  const { inputTokens, outputTokens, cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = usage;
  const total = inputTokens + outputTokens + cacheReadInputTokens + cacheWriteInputTokens;
  return `"inputTokens":${inputTokens},"outputTokens":${outputTokens},"totalTokens":${total}`;
}

function toContent(block: AnswerBlock): string {
  switch (block.kind) {
    case 'text':
      return toText(block);
    case 'reasoning':
      return `{"reasoningContent":${reasoningText(block.text, block.proof)}}`;
    case 'toolUse':
      return `{"toolUse":{${toolUseText(block)},"input":${argumentsObject(block.arguments)}}}`;
    default:
      return block satisfies never;
  }
}

function toText({ text, citations = [] }: Extract<AnswerBlock, { kind: 'text' }>): string {
  const content = `{"text":${JSON.stringify(text)}}`;
  if (citations.length === 0) return content;
  return `{"citationsContent":{"content":[${content}],"citations":[${citations.map(citationText).join()}]}}`;
}

/** The members that name a tool call, as JSON text. */
export function toolUseText({ id, name }: { readonly id: string; readonly name: string }): string {
  return `"toolUseId":${JSON.stringify(id)},"name":${JSON.stringify(name)}`;
}
