import type { Answer, StopReason, Usage } from '../../core/index.ts';

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
  toolUse: 'tool_calls',
  contentFilter: 'content_filter',
  guardrail: 'content_filter',
} as const satisfies Record<StopReason, string>;

/** The JSON text of a `chat.completion`. Texts are joined; tool arguments are the JSON the model gave, as a string. */
export function writeChatCompletion(answer: Answer, { id, created, model }: ChatMeta): string {
  const texts: string[] = [];
  const calls: object[] = [];
  for (const block of answer.blocks) {
    if (block.kind === 'text') texts.push(block.text);
    else calls.push({ id: block.id, type: 'function', function: { name: block.name, arguments: block.arguments } });
  }
  const message = {
    role: 'assistant',
    content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
    refusal: null,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  };
  return JSON.stringify({
    id,
    object: 'chat.completion',
    created,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishReasons[answer.stop] }],
    usage: toUsage(answer.usage),
  });
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
  };
}
