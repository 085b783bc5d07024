import { type AnswerBlockStart, type AnswerEvent, GatewayError } from '../core/index.ts';

/** The events of one answer. */
export type OneAnswerEvent = Exclude<AnswerEvent, { kind: 'choice' }>;

/** Holds the events of one answer to the order that `AnswerEvent` states. Both methods throw `upstreamInterrupted`. */
export interface AnswerOrder {
  /** Which of several answers this is was decided before: a guard sees one, and no `choice`. */
  check(event: AnswerEvent): asserts event is OneAnswerEvent;
  /** No more events will come. */
  finish(): void;
}

/**
 * What is out of order cannot be told from text that went round the inspection, so the answer ends there.
 *
 * Blocks come one after the other with rising indexes. `usage` may come at any time after `start`, and an answer of
 * embeddings needs no `stop`.
 */
export function createAnswerOrder(): AnswerOrder {
  let phase: 'new' | 'between' | 'block' | 'embeddings' | 'stopped' = 'new';
  let last = -1;
  let block: AnswerBlockStart['kind'] | undefined;

  function isInOrder(event: AnswerEvent): boolean {
    switch (event.kind) {
      case 'start':
        return phase === 'new';
      case 'blockStart':
        return phase === 'between' && event.index > last;
      case 'delta':
      case 'blockStop':
        return phase === 'block' && event.index === last;
      case 'proof':
        return phase === 'block' && event.index === last && block === 'reasoning';
      case 'citation':
        return phase === 'block' && event.index === last && block === 'text';
      case 'choice':
        return false;
      case 'embedding':
        return phase === 'between' || phase === 'embeddings';
      case 'stop':
        return phase === 'between' || phase === 'embeddings';
      case 'usage':
        return phase !== 'new';
      default:
        event satisfies never;
        return false;
    }
  }

  return {
    check(event) {
      if (!isInOrder(event)) throw new GatewayError('upstreamInterrupted');
      if (event.kind === 'blockStart') {
        last = event.index;
        block = event.block.kind;
        phase = 'block';
      } else if (event.kind === 'start' || event.kind === 'blockStop') phase = 'between';
      else if (event.kind === 'embedding') phase = 'embeddings';
      else if (event.kind === 'stop') phase = 'stopped';
    },
    finish() {
      if (phase !== 'stopped' && phase !== 'embeddings') throw new GatewayError('upstreamInterrupted');
    },
  };
}
