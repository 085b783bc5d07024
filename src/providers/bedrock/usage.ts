import type { Usage } from '../../core/index.ts';
import type { Dropped } from './dropped.ts';
import { parseCount, parseObject } from './wire-value.ts';

/** `TokenUsage`, with what is made of its other members: the total, and the writes to a cache by time to live. */
const USAGE: ReadonlySet<string> = new Set([
  'inputTokens',
  'outputTokens',
  'totalTokens',
  'cacheReadInputTokens',
  'cacheWriteInputTokens',
  'cacheReadInputTokenCount',
  'cacheWriteInputTokenCount',
  'cacheDetails',
]);

/** `TokenUsage` of the Converse API. Throws `upstreamFailed` where it is malformed. */
export function parseUsage(value: unknown, dropped: Dropped): Usage {
  const usage = parseObject(value);
  dropped.besides(usage, USAGE);
  const { inputTokens, outputTokens, cacheReadInputTokens: read, cacheWriteInputTokens: write } = usage;
  return {
    inputTokens: parseCount(inputTokens),
    outputTokens: parseCount(outputTokens),
    ...(read === undefined || read === null ? {} : { cacheReadInputTokens: parseCount(read) }),
    ...(write === undefined || write === null ? {} : { cacheWriteInputTokens: parseCount(write) }),
  };
}
