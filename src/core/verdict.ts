import type { Blocked } from './answer.ts';
import type { GatewayError } from './errors.ts';
import type { Cleared, Exchange } from './exchange.ts';
import type { Finding } from './finding.ts';
import type { Part } from './part.ts';

/** What a stage says of an exchange. */
export type Verdict =
  | { readonly kind: 'pass' }
  /** Found in the original text. Later stages read it from `Exchange.findings`. */
  | { readonly kind: 'found'; readonly findings: readonly Finding[] }
  /** The same parts, in the same order, with other texts. */
  | { readonly kind: 'rewrite'; readonly parts: readonly Part[] }
  | { readonly kind: 'block'; readonly blocked: Blocked };

/** What a stage decided, for the record. */
export interface StageDecision {
  readonly stage: string;
  readonly decision: Verdict['kind'] | 'fault';
}

/** One step of the input side. It reads an exchange and returns a verdict; it cannot change, skip or call another. */
export interface Stage {
  readonly name: string;
  /** Milliseconds after which the stage counts as failed. */
  readonly timeoutMs: number;
  /** `signal` aborts when the time is over; `decided` is what the stages before this one said. */
  run(exchange: Exchange, signal: AbortSignal, decided: readonly StageDecision[]): Verdict | Promise<Verdict>;
}

/** What the whole input side decided. `exchange` is as the last stage that ran left it. */
export type Decision =
  | { readonly kind: 'allow'; readonly exchange: Cleared; readonly stages: readonly StageDecision[] }
  | {
      readonly kind: 'deny';
      readonly exchange: Exchange;
      readonly stages: readonly StageDecision[];
      readonly blocked: Blocked;
    }
  | {
      readonly kind: 'fault';
      readonly exchange: Exchange;
      readonly stages: readonly StageDecision[];
      readonly error: GatewayError;
    };
