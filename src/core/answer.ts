import type { Citation } from './citation.ts';
import type { ReasoningProof } from './conversation.ts';
import type { Span } from './finding.ts';

export type StopReason =
  | 'endTurn'
  | 'maxTokens'
  | 'contextWindow'
  | 'stopSequence'
  | 'toolUse'
  | 'contentFilter'
  | 'guardrail';

export interface Usage {
  /** Without those read from or written to a cache. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadInputTokens?: number;
  readonly cacheWriteInputTokens?: number;
  /** Of the output, what was reasoning. */
  readonly reasoningTokens?: number;
}

export type AnswerBlockStart =
  | { readonly kind: 'text' }
  | { readonly kind: 'reasoning' }
  | { readonly kind: 'toolUse'; readonly id: string; readonly name: string };

/**
 * One step of an answer, in the order a provider gives them: `start`, then for each block `blockStart`, `delta`s and
 * `blockStop`, then `stop`, then `usage`. A buffered answer takes the same form as a streamed one.
 *
 * `delta.text` is text, or for a `toolUse` block the next fragment of the arguments' raw JSON. A `proof` is the last
 * event within a `reasoning` block, a `citation` stands behind the text of its `text` block that rests on it. Where
 * several answers were asked for, `choice` says whose the events behind it are; without one they are of choice 0.
 */
export type AnswerEvent =
  | { readonly kind: 'choice'; readonly choice: number }
  | { readonly kind: 'start' }
  | { readonly kind: 'blockStart'; readonly index: number; readonly block: AnswerBlockStart }
  | { readonly kind: 'delta'; readonly index: number; readonly text: string }
  | { readonly kind: 'proof'; readonly index: number; readonly proof: ReasoningProof }
  | { readonly kind: 'citation'; readonly index: number; readonly citation: Citation }
  | { readonly kind: 'blockStop'; readonly index: number }
  | { readonly kind: 'embedding'; readonly index: number; readonly vector: readonly number[] }
  | { readonly kind: 'stop'; readonly reason: StopReason; readonly stopSequence?: string }
  | { readonly kind: 'usage'; readonly usage: Usage };

export type AnswerBlock =
  | { readonly kind: 'text'; readonly text: string; readonly citations?: readonly Citation[] }
  | { readonly kind: 'reasoning'; readonly text: string; readonly proof?: ReasoningProof }
  | { readonly kind: 'toolUse'; readonly id: string; readonly name: string; readonly arguments: string };

/** A whole answer, gathered from its events. */
export interface Answer {
  readonly blocks: readonly AnswerBlock[];
  readonly embeddings: readonly (readonly number[])[];
  readonly stop: StopReason;
  readonly stopSequence?: string;
  /** Of all choices together. */
  readonly usage: Usage;
  /** The other choices, from 1 on, where several were asked for. */
  readonly alternatives?: readonly Pick<Answer, 'blocks' | 'stop' | 'stopSequence'>[];
}

/** Why an answer was cut, for the record. `types` are the finding types that a policy blocks. */
export interface Blocked {
  readonly types: readonly Span['type'][];
  /** What the caller is told instead of the content. */
  readonly message: string;
}

/** What the output side lets out in return for what it was fed. */
export interface Released {
  readonly events: readonly AnswerEvent[];
  /** Found since the last call, in the offsets of the block's own text; for counting and for the record. */
  readonly findings: readonly Span[];
  /** Set once: nothing more is released, and the answer ends here. */
  readonly blocked?: Blocked;
}

/**
 * The output side of the pipeline for one answer, fed in order.
 *
 * INVARIANT: text is released only when no further text could change the decision on it. For one answer, any
 * division into events gives the same released text.
 */
export interface OutputGuard {
  push(events: readonly AnswerEvent[]): Released;
  /** No more events will come: decides what was held back. */
  end(): Released;
}
