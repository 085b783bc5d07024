import type { Answer, AnswerBlock, StopReason, Usage } from '../../core/index.ts';
import { type OutputItem, toItemId, writeItem } from './response-item.ts';
import type { Asked } from './response-request.ts';

/** What a response says of itself besides its content. */
export interface ResponseMeta {
  /** The request's, of which all ids are made. */
  readonly key: string;
  /** Epoch seconds. */
  readonly createdAt: number;
  readonly model: string;
  readonly asked: Asked;
}

/** Where a response stands. */
export type ResponseState =
  | { readonly status: 'in_progress' }
  | { readonly status: 'failed'; readonly error: { readonly code: string; readonly message: string } }
  | { readonly status: 'incomplete'; readonly reason: 'max_output_tokens' | 'content_filter'; readonly usage: Usage }
  /** In epoch seconds. */
  | { readonly status: 'completed'; readonly completedAt: number; readonly usage: Usage };

/** Why a response is not complete, by the reason an answer stopped. */
export const incompleteReasons = {
  endTurn: undefined,
  stopSequence: undefined,
  toolUse: undefined,
  maxTokens: 'max_output_tokens',
  contextWindow: 'max_output_tokens',
  contentFilter: 'content_filter',
  guardrail: 'content_filter',
} as const satisfies Record<StopReason, 'max_output_tokens' | 'content_filter' | undefined>;

/** How a response ended. */
export function toEndState(stop: StopReason, usage: Usage, completedAt: number): ResponseState {
  const reason = incompleteReasons[stop];
  return reason === undefined ? { status: 'completed', completedAt, usage } : { status: 'incomplete', reason, usage };
}

/** The JSON text of the response to a buffered request. */
export function writeWholeResponse(answer: Answer, meta: ResponseMeta, completedAt: number): string {
  const last = answer.blocks.length - 1;
  const isCut = incompleteReasons[answer.stop] !== undefined;
  const items = answer.blocks.map((block, index) =>
    writeItem(toItem(block, { meta, index, isCut: isCut && index === last })),
  );
  return writeResponse(meta, toEndState(answer.stop, answer.usage, completedAt), items);
}

interface Standing {
  readonly meta: ResponseMeta;
  readonly index: number;
  readonly isCut: boolean;
}

function toItem(block: AnswerBlock, { meta, index, isCut }: Standing): OutputItem {
  const id = toItemId(meta.key, block, index);
  switch (block.kind) {
    case 'text':
      return { id, start: block, quoted: JSON.stringify(block.text), status: isCut ? 'incomplete' : 'completed' };
    case 'reasoning': {
      const { text, proof } = block;
      const token = meta.asked.includesProofs && proof?.kind === 'sealed' ? proof.token : undefined;
      return { id, start: block, quoted: text === '' ? undefined : JSON.stringify(text), token, status: 'completed' };
    }
    case 'toolUse':
      return { id, start: block, quoted: JSON.stringify(block.arguments), status: 'completed' };
    default:
      return block satisfies never;
  }
}

/** The JSON text of a response; `items` are those of its output. */
export function writeResponse(meta: ResponseMeta, state: ResponseState, items: readonly string[]): string {
  const { key, createdAt, model, asked } = meta;
  const head = JSON.stringify({
    id: `resp_${key}`,
    object: 'response',
    created_at: createdAt,
    status: state.status,
    completed_at: state.status === 'completed' ? state.completedAt : null,
    error: state.status === 'failed' ? state.error : null,
    incomplete_details: state.status === 'incomplete' ? { reason: state.reason } : null,
    model,
  });
  const usage = 'usage' in state ? `,"usage":${JSON.stringify(toUsage(state.usage))}` : '';
  return `${head.slice(0, -1)},${asked.echo},"output":[${items.join(',')}]${usage}}`;
}

/** Token counts as OpenAI counts them: those read from or written to a cache are part of the input's. */
function toUsage(usage: Usage) {
  const cached = usage.cacheReadInputTokens ?? 0;
  const written = usage.cacheWriteInputTokens ?? 0;
  const input = usage.inputTokens + cached + written;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: written },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
    total_tokens: input + usage.outputTokens,
  };
}
