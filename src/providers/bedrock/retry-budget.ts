import type { BedrockRuntimeClientResolvedConfig } from '@aws-sdk/client-bedrock-runtime';

/** How many retries all calls of one provider may take together. */
export interface RetryBudget {
  /** Takes one, or tells that none is left. */
  take(): boolean;
  /** Gives back one that was not needed. */
  giveBack(): void;
}

/** The time over which retries are counted, in milliseconds. */
export const RETRY_WINDOW_MS = 10_000;

/**
 * Allows `retries` within any 10 seconds. Without a bound a provider that is failing already would get `maxAttempts`
 * times the load. `now` is milliseconds of a clock that does not go back.
 */
export function createRetryBudget(retries: number, now: () => number = () => performance.now()): RetryBudget {
  const taken: number[] = [];
  return {
    take() {
      const expired = now() - RETRY_WINDOW_MS;
      while (taken[0] !== undefined && taken[0] <= expired) taken.shift();
      if (taken.length >= retries) return false;
      taken.push(now());
      return true;
    },
    giveBack() {
      taken.pop();
    },
  };
}

type Strategy = Awaited<ReturnType<BedrockRuntimeClientResolvedConfig['retryStrategy']>>;

/** The SDK's strategy within a budget: it says what is worth a retry and after how long, the budget whether there is one. */
export function withinBudget(strategy: Strategy, budget: RetryBudget): Strategy {
  if (!('refreshRetryTokenForRetry' in strategy)) throw new TypeError('a retry strategy of the SDK before version 2');
  return {
    acquireInitialRetryToken: (scope) => strategy.acquireInitialRetryToken(scope),
    recordSuccess: (token) => strategy.recordSuccess(token),
    async refreshRetryTokenForRetry(token, info) {
      // Taken before the strategy waits: those who wait at once would otherwise all find the last one.
      if (!budget.take()) throw new Error('the retry budget is used up');
      try {
        return await strategy.refreshRetryTokenForRetry(token, info);
      } catch (error) {
        budget.giveBack();
        throw error;
      }
    },
  };
}
