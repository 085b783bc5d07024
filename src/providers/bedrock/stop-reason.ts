import type { AnswerEvent, StopReason } from '../../core/index.ts';
import { notCarried } from './wire-value.ts';

/** `stopReason` of the Converse API. A full context window ends an answer as a full answer does. */
const reasons: ReadonlyMap<unknown, StopReason> = new Map([
  ['end_turn', 'endTurn'],
  ['tool_use', 'toolUse'],
  ['max_tokens', 'maxTokens'],
  ['model_context_window_exceeded', 'maxTokens'],
  ['stop_sequence', 'stopSequence'],
  ['content_filtered', 'contentFilter'],
  ['guardrail_intervened', 'guardrail'],
]);

/**
 * The stop of an answer. The API does not say at which sequence it stopped, so `sequence` is given where the request had
 * only one. Throws `upstreamFailed` for a reason that ends no answer well, such as `malformed_tool_use`.
 */
export function parseStop(value: unknown, sequence: string | undefined): Extract<AnswerEvent, { kind: 'stop' }> {
  const reason = reasons.get(value);
  if (reason === undefined) throw notCarried('no valid end');
  const isAtSequence = reason === 'stopSequence' && sequence !== undefined;
  return { kind: 'stop', reason, ...(isAtSequence ? { stopSequence: sequence } : {}) };
}
