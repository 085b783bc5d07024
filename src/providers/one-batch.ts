import type { AnswerEvent } from '../core/index.ts';

/** The events of an answer that came whole. */
export async function* oneBatch(events: readonly AnswerEvent[]): AsyncGenerator<readonly AnswerEvent[]> {
  yield events;
}
