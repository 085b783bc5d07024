import type { Usage } from '../../core/index.ts';
import { parseCount, parseObject } from './wire-value.ts';

/** `TokenUsage` of the Converse API. Throws `upstreamFailed` where it is malformed. */
export function parseUsage(value: unknown): Usage {
  const { inputTokens, outputTokens, cacheReadInputTokens: read, cacheWriteInputTokens: write } = parseObject(value);
  return {
    inputTokens: parseCount(inputTokens),
    outputTokens: parseCount(outputTokens),
    ...(read === undefined || read === null ? {} : { cacheReadInputTokens: parseCount(read) }),
    ...(write === undefined || write === null ? {} : { cacheWriteInputTokens: parseCount(write) }),
  };
}
