import { GatewayError } from '../../core/index.ts';

/** What one request may still buffer. */
export interface BodyAllowance {
  /** Takes room for bytes that have come. Throws `throttled` where the source, `overloaded` where all have too much. */
  take(bytes: number): void;
  /** Throws as `take` does where `bytes` would find no room now; takes none. */
  require(bytes: number): void;
  /** Gives back all that was taken. */
  release(): void;
}

/** The memory for bodies whose sender is not known yet. */
export interface BodyBudget {
  open(source: string): BodyAllowance;
}

export interface BodyBudgetLimits {
  readonly maxUnverifiedBytes: number;
  readonly maxUnverifiedBytesPerSource: number;
}

const RETRY_AFTER_SECONDS = 1;

/**
 * A budget of bytes over all sources and for each. A signature covers the body and can be verified only over the whole
 * of it, so that anybody who knows a key id could otherwise have as many bodies kept as connections allow.
 *
 * It counts what has come and not what was announced: who announces much and sends nothing would else keep others out.
 */
export function createBodyBudget(limits: BodyBudgetLimits): BodyBudget {
  const sources = new Map<string, number>();
  let total = 0;
  return {
    open(source) {
      let taken = 0;
      const add = (bytes: number): void => {
        taken += bytes;
        total += bytes;
        const held = (sources.get(source) ?? 0) + bytes;
        if (held > 0) sources.set(source, held);
        else sources.delete(source);
      };
      const require = (bytes: number): void => {
        if ((sources.get(source) ?? 0) + bytes > limits.maxUnverifiedBytesPerSource) throw refusal('throttled');
        if (total + bytes > limits.maxUnverifiedBytes) throw refusal('overloaded');
      };
      return {
        require,
        take(bytes) {
          require(bytes);
          add(bytes);
        },
        release: () => add(-taken),
      };
    },
  };
}

/** The allowance of a caller that is known: its bodies are bounded one by one. */
export const UNBOUNDED: BodyAllowance = { take: () => undefined, require: () => undefined, release: () => undefined };

function refusal(code: 'throttled' | 'overloaded'): GatewayError {
  return new GatewayError(code, { retryAfterSeconds: RETRY_AFTER_SECONDS });
}
