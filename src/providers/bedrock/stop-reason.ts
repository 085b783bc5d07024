import type { AnswerEvent, StopReason } from '../../core/index.ts';
import { notCarried } from './wire-value.ts';

/** `stopReason` of the Converse API. */
const reasons: ReadonlyMap<unknown, StopReason> = new Map([
  ['end_turn', 'endTurn'],
  ['tool_use', 'toolUse'],
  ['max_tokens', 'maxTokens'],
  ['model_context_window_exceeded', 'contextWindow'],
  ['stop_sequence', 'stopSequence'],
  ['content_filtered', 'contentFilter'],
  ['guardrail_intervened', 'guardrail'],
]);

type Stop = Extract<AnswerEvent, { kind: 'stop' }>;

/** The stop of a Converse answer. Throws `upstreamFailed` for a reason that ends no answer well, such as `malformed_tool_use`. */
export function parseStop(value: unknown, sequence: string | undefined): Stop {
  return toStop(reasons.get(value), sequence);
}

/** A stop for a reason, with the sequence where the request had only that one. Throws `upstreamFailed` without a reason. */
export function toStop(reason: StopReason | undefined, sequence: string | undefined): Stop {
  if (reason === undefined) throw notCarried('no valid end');
  const isAtSequence = reason === 'stopSequence' && sequence !== undefined;
  return { kind: 'stop', reason, ...(isAtSequence ? { stopSequence: sequence } : {}) };
}
