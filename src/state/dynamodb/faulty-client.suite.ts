import type { DynamoDB } from '@aws-sdk/client-dynamodb';

/** What befalls one request: it never arrives, it is done and nobody hears of it, or it is to come again. */
export type Fault = 'failed' | 'landed, and its reply lost' | 'throttled';
export const faults: readonly Fault[] = ['failed', 'landed, and its reply lost', 'throttled'];

export interface FaultPlan {
  readonly fault: Fault;
  /** Which requests of a kind it befalls, counted from 0, tries that the SDK makes by itself too. */
  readonly befalls: (request: number) => boolean;
  readonly kind: 'write' | 'read';
}

const READS: readonly unknown[] = ['GetItemCommand', 'QueryCommand'];

/** Has a fault befall what a client sends, below the SDK's own retries. Gives how many requests of the kind were made. */
export function addFaults(client: DynamoDB, { fault, befalls, kind }: FaultPlan): { readonly requests: number } {
  let requests = 0;
  client.middlewareStack.add(
    (next, context) => async (request) => {
      if (READS.includes(context['commandName']) !== (kind === 'read')) return next(request);
      requests += 1;
      if (!befalls(requests - 1)) return next(request);
      if (fault === 'landed, and its reply lost') await next(request);
      throw toError(fault);
    },
    { step: 'deserialize', priority: 'high', name: 'faults' },
  );
  return {
    get requests() {
      return requests;
    },
  };
}

function toError(fault: Fault): Error {
  const isThrottled = fault === 'throttled';
  return Object.assign(new Error('needle in what went wrong'), {
    name: isThrottled ? 'ThrottlingException' : 'TimeoutError',
    $metadata: isThrottled ? { httpStatusCode: 400 } : {},
  });
}
