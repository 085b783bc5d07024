import type { Answer, AnswerBlock, Citation, StopReason, Usage } from '../../core/index.ts';
import { GatewayError, type ReasoningProof } from '../../core/index.ts';
import { argumentsObject } from '../arguments-object.ts';
import { toCitation } from './citation.ts';

/** What a message says of itself besides its content. */
export interface MessageMeta {
  readonly id: string;
  readonly model: string;
}

interface Stop {
  readonly reason: StopReason;
  readonly stopSequence?: string | null;
}

const stopReasons = {
  endTurn: 'end_turn',
  maxTokens: 'max_tokens',
  contextWindow: 'model_context_window_exceeded',
  stopSequence: 'stop_sequence',
  toolUse: 'tool_use',
  contentFilter: 'refusal',
  guardrail: 'refusal',
} as const satisfies Record<StopReason, string>;

/**
 * The JSON text of a `Message`. Tool arguments stand in it byte for byte, big numbers and the order of keys included.
 * Throws `upstreamFailed` where they are not a JSON object.
 */
export function writeMessage(answer: Answer, meta: MessageMeta): string {
  return messageText(meta, {
    content: answer.blocks.map(toContent).join(),
    stop: stopText({ ...answer, reason: answer.stop }),
    usage: usageText(answer.usage),
  });
}

/** The JSON text of the message that opens a stream: empty, not stopped, its usage still to come. */
export function writeOpening(meta: MessageMeta): string {
  return messageText(meta, {
    content: '',
    stop: '"stop_reason":null,"stop_sequence":null,"stop_details":null',
    usage: usageText({ inputTokens: 0, outputTokens: 0 }),
  });
}

/** The members that say why a message ended, as JSON text. */
export function stopText({ reason, stopSequence = null }: Stop): string {
  const stopReason = stopReasons[reason];
  const details = stopReason === 'refusal' ? '{"type":"refusal","category":null,"explanation":null}' : 'null';
  return `"stop_reason":"${stopReason}","stop_sequence":${JSON.stringify(stopSequence)},"stop_details":${details}`;
}

/** The counts that a message and the last delta of a stream share, as JSON text. */
export function countsText(usage: Usage): string {
  const thinking = usage.reasoningTokens;
  return (
    `"input_tokens":${usage.inputTokens},"output_tokens":${usage.outputTokens},` +
    `"cache_creation_input_tokens":${usage.cacheWriteInputTokens ?? 0},` +
    `"cache_read_input_tokens":${usage.cacheReadInputTokens ?? 0},` +
    `"output_tokens_details":${thinking === undefined ? 'null' : `{"thinking_tokens":${thinking}}`},` +
    '"server_tool_use":null'
  );
}

function messageText(meta: MessageMeta, text: { content: string; stop: string; usage: string }): string {
  return (
    `{"id":${JSON.stringify(meta.id)},"type":"message","role":"assistant","model":${JSON.stringify(meta.model)},` +
    `"content":[${text.content}],${text.stop},"usage":${text.usage},"container":null,"diagnostics":null}`
  );
}

function usageText(usage: Usage): string {
  return `{${countsText(usage)},"cache_creation":null,"inference_geo":null,"service_tier":"standard","speed":null}`;
}

function toContent(block: AnswerBlock): string {
  switch (block.kind) {
    case 'text':
      return textText(block.text, block.citations);
    case 'reasoning':
      return reasoningText(block);
    case 'toolUse':
      return toolUseText(block, argumentsObject(block.arguments));
    default:
      return block satisfies never;
  }
}

/** The JSON text of a text block. */
export function textText(text: string, citations: readonly Citation[] = []): string {
  const list = citations.length === 0 ? 'null' : JSON.stringify(citations.map(toCitation));
  return `{"type":"text","text":${JSON.stringify(text)},"citations":${list}}`;
}

function reasoningText({ text, proof }: Extract<AnswerBlock, { kind: 'reasoning' }>): string {
  if (text === '' && proof !== undefined) return redactedText(tokenOf(proof));
  return thinkingText(text, proof === undefined ? '' : tokenOf(proof));
}

/** The JSON text of a thinking block; without a proof its signature is empty. */
export function thinkingText(text: string, signature: string): string {
  return `{"type":"thinking","thinking":${JSON.stringify(text)},"signature":${JSON.stringify(signature)}}`;
}

/** The JSON text of reasoning that nobody but the provider can read. */
export function redactedText(data: string): string {
  return `{"type":"redacted_thinking","data":${JSON.stringify(data)}}`;
}

/**
 * What a caller gets to hold of a proof. Throws `internal` where nobody sealed it: with a provider's own signature in
 * hand, a caller could have a model take words for its own that were never inspected.
 */
export function tokenOf(proof: ReasoningProof): string {
  if (proof.kind === 'sealed') return proof.token;
  throw new GatewayError('internal', { cause: new Error('a proof of reasoning that was not sealed') });
}

/** The JSON text of a tool use whose arguments are the JSON object `input`. */
export function toolUseText({ id, name }: { readonly id: string; readonly name: string }, input: string): string {
  return (
    `{"type":"tool_use","id":${JSON.stringify(id)},"name":${JSON.stringify(name)},` +
    `"input":${input},"caller":{"type":"direct"}}`
  );
}
