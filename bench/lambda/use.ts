import type { Invocation } from './measured-function.ts';

type InvocationUse = Pick<Invocation, 'calls' | 'log' | 'durationMs' | 'waitingMs'>;

/** What AWS counts of some work, so that two of them add up. */
export interface Use {
  /** Request units of DynamoDB on demand. */
  readonly reads: number;
  readonly writes: number;
  /** Requests to S3 that put or list, and that read; what removes is free. */
  readonly puts: number;
  readonly gets: number;
  /** Requests to KMS. */
  readonly keys: number;
  /** Bytes that go to CloudWatch Logs. */
  readonly logBytes: number;
  /** Invocations of a function. */
  readonly invocations: number;
  /** Seconds of a function times gibibytes of its memory setting. */
  readonly gibSeconds: number;
  /** Seconds of a function in which no call of a service was under way. */
  readonly ownSeconds: number;
  /** Requests of API Gateway. */
  readonly requests: number;
}

type Counted = keyof Use;
const counted = [
  'reads',
  'writes',
  'puts',
  'gets',
  'keys',
  'logBytes',
  'invocations',
  'gibSeconds',
  'ownSeconds',
  'requests',
] as const satisfies readonly Counted[];

const from = (of: (name: Counted) => number): Use =>
  Object.fromEntries(counted.map((name) => [name, of(name)])) as unknown as Use;

export const none: Use = from(() => 0);

export function plus(one: Use, other: Use): Use {
  return from((name) => one[name] + other[name]);
}

export function times(use: Use, factor: number): Use {
  return from((name) => use[name] * factor);
}

/** Of several uses of the same work. */
export function meanOf(uses: readonly Use[]): Use {
  return times(uses.reduce(plus, none), 1 / uses.length);
}

/** What is the same for every wake, and what each further exchange adds, of two wakes with more and fewer exchanges. */
export function toShares(
  few: { readonly use: Use; readonly exchanges: number },
  many: { readonly use: Use; readonly exchanges: number },
): { readonly fixed: Use; readonly each: Use } {
  const more = many.exchanges - few.exchanges;
  // Measured, so that what hardly grows may seem to shrink.
  const each = from((name) => Math.max(0, (many.use[name] - few.use[name]) / more));
  return { fixed: from((name) => Math.max(0, few.use[name] - few.exchanges * each[name])), each };
}

/** What an invocation came to, in a function of so much memory. */
export function toUse({ calls, log, durationMs, waitingMs }: InvocationUse, memoryMiB: number): Use {
  const s3 = calls.filter(({ service }) => service === 's3').map(({ name }) => name.split(' ')[1]);
  return {
    ...none,
    reads: calls.reduce((sum, { units }) => sum + units.read, 0),
    writes: calls.reduce((sum, { units }) => sum + units.write, 0),
    puts: s3.filter((method) => method === 'PUT' || method === 'POST' || method === 'LIST').length,
    gets: s3.filter((method) => method === 'GET' || method === 'HEAD').length,
    keys: calls.filter(({ service }) => service === 'kms').length,
    logBytes: Buffer.byteLength(log),
    invocations: 1,
    gibSeconds: (durationMs * memoryMiB) / 1_024_000,
    ownSeconds: (durationMs - waitingMs) / 1_000,
  };
}
