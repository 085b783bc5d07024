import type { StopReason } from '../../core/index.ts';
import { failed } from './upstream-fault.ts';

/** `finish_reason` of the chat completions API, and what servers call an end at their context's. */
const reasons: ReadonlyMap<unknown, StopReason> = new Map([
  ['stop', 'endTurn'],
  ['length', 'maxTokens'],
  ['model_length', 'contextWindow'],
  ['model_context_window_exceeded', 'contextWindow'],
  ['tool_calls', 'toolUse'],
  ['content_filter', 'contentFilter'],
]);

/** Throws `upstreamFailed` for a reason that does not end an answer well, such as vLLM's `abort`. */
export function parseFinishReason(value: unknown): StopReason {
  const reason = reasons.get(value);
  if (reason === undefined) throw failed('an answer with no valid end');
  return reason;
}
