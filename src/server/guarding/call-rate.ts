import { type Caller, type Clock, GatewayError } from '../../core/index.ts';

export interface CallRateLimits {
  /** Calls a second that one principal may make; as many may come at once. */
  readonly perSecond: number;
  /** Of one principal, under way at a time. */
  readonly concurrent: number;
}

/** Bounds how often each principal is served. In memory, for this process. */
export interface CallRate {
  /** Takes one call in; the function it gives says that the call is over. Throws `throttled`. */
  enter(caller: Pick<Caller, 'tenant' | 'principal'>): () => void;
}

interface Bucket {
  tokens: number;
  at: number;
  underWay: number;
}

/** A token bucket for each principal. There are as many as the configuration has principals. */
export function createCallRate({ perSecond, concurrent }: CallRateLimits, clock: Clock): CallRate {
  const buckets = new Map<string, Bucket>();
  return {
    enter({ tenant, principal }) {
      const key = `${tenant}/${principal}`;
      const now = clock.now();
      const bucket = buckets.get(key) ?? { tokens: perSecond, at: now, underWay: 0 };
      buckets.set(key, bucket);
      // A clock that was set back must not take tokens away.
      bucket.tokens = Math.min(perSecond, bucket.tokens + (Math.max(0, now - bucket.at) * perSecond) / 1_000);
      bucket.at = now;
      if (bucket.tokens < 1 || bucket.underWay >= concurrent)
        throw new GatewayError('throttled', { retryAfterSeconds: 1 });
      bucket.tokens -= 1;
      bucket.underWay += 1;
      return () => {
        bucket.underWay -= 1;
      };
    },
  };
}
