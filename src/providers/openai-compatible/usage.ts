import type { Usage } from '../../core/index.ts';
import { isObject, parseCount, parseObject } from './wire-value.ts';

/**
 * Token counts of an answer. The API counts tokens read from or written to a cache among the prompt's. Throws
 * `upstreamFailed` where a count is none.
 */
export function parseUsage(value: unknown): Usage {
  const usage = parseObject(value);
  const { prompt_tokens: prompt, completion_tokens: completion } = usage;
  const read = countOf(usage.prompt_tokens_details, 'cached_tokens');
  const written = countOf(usage.prompt_tokens_details, 'cache_write_tokens');
  const reasoning = countOf(usage.completion_tokens_details, 'reasoning_tokens');
  return {
    inputTokens: Math.max(0, parseCount(prompt) - read - written),
    // Embeddings have no completion.
    outputTokens: completion === undefined ? 0 : parseCount(completion),
    ...(read === 0 ? {} : { cacheReadInputTokens: read }),
    ...(written === 0 ? {} : { cacheWriteInputTokens: written }),
    ...(reasoning === 0 ? {} : { reasoningTokens: reasoning }),
  };
}

/** A count within details; 0 where there are none. */
function countOf(details: unknown, member: string): number {
  const count = isObject(details) ? details[member] : undefined;
  return count === undefined || count === null ? 0 : parseCount(count);
}
