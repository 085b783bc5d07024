import type { AnswerEvent } from './answer.ts';
import type { Cleared } from './exchange.ts';

/** What a provider gives back. Iterating may throw a `GatewayError` (`upstreamInterrupted` and the like). */
export interface ProviderAnswer {
  /** The provider's own id of the call, where it gives one. */
  readonly providerRequestId?: string;
  /** Batches of events as they arrive; a buffered answer is one batch. */
  readonly events: AsyncIterable<readonly AnswerEvent[]>;
  /** How many members of the answer were not carried on, for the record. Final once `events` has ended. */
  readonly dropped?: () => number;
}

/** Where models run. `invoke` rejects with a `GatewayError` of an `upstream…` code, never with the provider's text. */
export interface Provider {
  readonly name: string;
  /** Aborting `signal` cancels the call and ends the iteration. */
  invoke(exchange: Cleared, signal: AbortSignal): Promise<ProviderAnswer>;
  close(): Promise<void>;
}
