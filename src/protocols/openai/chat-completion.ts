import type { Answer, AnswerBlock, StopReason, Usage } from '../../core/index.ts';

/** What a completion says of itself besides its content. `created` is in epoch seconds. */
export interface ChatMeta {
  readonly id: string;
  readonly created: number;
  readonly model: string;
}

/** `finish_reason` by the reason an answer stopped. */
export const finishReasons = {
  endTurn: 'stop',
  stopSequence: 'stop',
  maxTokens: 'length',
  contextWindow: 'length',
  toolUse: 'tool_calls',
  contentFilter: 'content_filter',
  guardrail: 'content_filter',
} as const satisfies Record<StopReason, string>;

/** The JSON text of a `chat.completion`. */
export function writeChatCompletion(answer: Answer, { id, created, model }: ChatMeta): string {
  return JSON.stringify({
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [answer, ...(answer.alternatives ?? [])].map(({ blocks, stop }, index) => ({
      index,
      message: toMessage(blocks),
      logprobs: null,
      finish_reason: finishReasons[stop],
    })),
    usage: toUsage(answer.usage),
  });
}

/**
 * A message: its texts joined, its tool arguments the JSON the model gave, as a string. The API has no field for what a
 * model thought; `reasoning_content` is what servers of other models have it in, and is there only where there is any.
 */
function toMessage(blocks: readonly AnswerBlock[]): object {
  const texts: string[] = [];
  const thoughts: string[] = [];
  const calls: object[] = [];
  for (const block of blocks) {
    if (block.kind === 'text') texts.push(block.text);
    else if (block.kind === 'reasoning') thoughts.push(block.text);
    else calls.push({ id: block.id, type: 'function', function: { name: block.name, arguments: block.arguments } });
  }
  const reasoning = thoughts.join('');
  return {
    role: 'assistant',
    content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
    refusal: null,
    ...(reasoning === '' ? {} : { reasoning_content: reasoning }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
}

/** Token counts as OpenAI counts them: those read from or written to a cache are part of the prompt's. */
export function toUsage(usage: Usage) {
  const cached = usage.cacheReadInputTokens ?? 0;
  const prompt = usage.inputTokens + cached + (usage.cacheWriteInputTokens ?? 0);
  return {
    prompt_tokens: prompt,
    completion_tokens: usage.outputTokens,
    total_tokens: prompt + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: cached, cache_write_tokens: usage.cacheWriteInputTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  };
}
