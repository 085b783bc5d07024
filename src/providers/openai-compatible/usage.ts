import type { Usage } from '../../core/index.ts';
import { isObject, parseCount, parseObject, type WireObject } from './wire-value.ts';

/**
 * Token counts of an answer. The API counts tokens read from or written to a cache among the prompt's. Throws
 * `upstreamFailed` where a count is none.
 */
export function parseUsage(value: unknown): Usage {
  const { prompt_tokens: prompt, completion_tokens: completion, prompt_tokens_details: details } = parseObject(value);
  const read = isObject(details) ? countOf(details, 'cached_tokens') : 0;
  const written = isObject(details) ? countOf(details, 'cache_write_tokens') : 0;
  return {
    inputTokens: Math.max(0, parseCount(prompt) - read - written),
    // Embeddings have no completion.
    outputTokens: completion === undefined ? 0 : parseCount(completion),
    ...(read === 0 ? {} : { cacheReadInputTokens: read }),
    ...(written === 0 ? {} : { cacheWriteInputTokens: written }),
  };
}

function countOf(details: WireObject, member: string): number {
  const count = details[member];
  return count === undefined || count === null ? 0 : parseCount(count);
}
