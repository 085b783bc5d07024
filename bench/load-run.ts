import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';
import { z } from 'zod';
import { percentile } from './statistics.ts';
import { toRequestBody } from './traffic.ts';

export const loadOrder = z.object({
  /** Connections are dealt out among them. */
  endpoints: z.array(z.object({ origin: z.string(), headers: z.record(z.string(), z.string()) })).min(1),
  path: z.string(),
  model: z.string(),
  promptBytes: z.int(),
  isStream: z.boolean(),
  connections: z.int().min(1),
  durationMs: z.number(),
});
export type LoadOrder = z.infer<typeof loadOrder>;

/** What came of an order. Times in milliseconds, of answers that came whole; `NaN` travels as `null`. */
const measured = z.number().nullable();
export const loadResult = z.object({
  requests: z.int(),
  errors: z.record(z.string(), z.int()),
  elapsedMs: z.number(),
  p50Ms: measured,
  p99Ms: measured,
  firstByteMs: measured,
  firstTextMs: measured,
});
export type LoadResult = z.infer<typeof loadResult>;

type Outcome =
  | { readonly kind: 'whole'; readonly ms: number; readonly firstByteMs: number; readonly firstTextMs: number }
  | { readonly kind: 'failed'; readonly reason: string };

/** Different prompts in turn, so that nothing along the way can answer from memory. */
const PROMPTS = 64;
const TEXT = /"content":\s*"[^"]/;

interface Member {
  readonly pool: Pool;
  readonly headers: Readonly<Record<string, string>>;
}

let pools: { readonly key: string; readonly members: readonly Member[] } = { key: '', members: [] };

/**
 * A closed loop: each connection sends its next request when its last is answered, until the time is up; what is under
 * way then is waited for. Latency runs from handing the request to the connection to the answer's last byte.
 */
export async function runLoad(order: LoadOrder): Promise<LoadResult> {
  const members = await poolsFor(order);
  const bodies = Array.from({ length: PROMPTS }, (_, number) => Buffer.from(toRequestBody(number, order)));
  const outcomes: Outcome[] = [];
  const started = performance.now();
  const lane = async (number: number): Promise<void> => {
    const member = members[number % members.length];
    for (let turn = number; member !== undefined && performance.now() - started < order.durationMs; turn += 1) {
      const outcome = await exchange(member, order, bodies[turn % PROMPTS] ?? '');
      outcomes.push(outcome);
      // A target that refuses at once must not turn the loop into a flood.
      if (outcome.kind === 'failed') await pause(10);
    }
  };
  await Promise.all(Array.from({ length: order.connections }, (_, number) => lane(number)));
  return summarise(outcomes, performance.now() - started);
}

/** Connections stay open from warm-up to measurement; another target or another number of them starts anew. */
async function poolsFor({ endpoints, connections }: LoadOrder): Promise<readonly Member[]> {
  const key = `${connections} ${endpoints.map(({ origin }) => origin).join(' ')}`;
  if (pools.key !== key) {
    await Promise.all(pools.members.map(({ pool }) => pool.destroy()));
    const each = Math.ceil(connections / endpoints.length);
    const options = { connections: each, pipelining: 1, headersTimeout: 30_000, bodyTimeout: 30_000 };
    pools = { key, members: endpoints.map(({ origin, headers }) => ({ headers, pool: new Pool(origin, options) })) };
  }
  return pools.members;
}

function exchange({ pool, headers }: Member, { path, isStream }: LoadOrder, body: Buffer | string): Promise<Outcome> {
  return new Promise((resolve) => {
    const started = performance.now();
    let status = 0;
    let firstByteMs = Number.NaN;
    let firstTextMs = Number.NaN;
    let tail = '';
    pool.dispatch(
      { method: 'POST', path, headers, body },
      {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, chunk) {
          if (Number.isNaN(firstByteMs)) firstByteMs = performance.now() - started;
          const text = chunk.toString('latin1');
          if (Number.isNaN(firstTextMs) && TEXT.test(text)) firstTextMs = performance.now() - started;
          tail = (tail + text).slice(-16);
        },
        onResponseEnd() {
          const isWhole = isStream ? tail.includes('[DONE]') : tail.trimEnd().endsWith('}');
          if (status !== 200) resolve({ kind: 'failed', reason: `status ${status}` });
          else if (!isWhole) resolve({ kind: 'failed', reason: 'cut short' });
          else resolve({ kind: 'whole', ms: performance.now() - started, firstByteMs, firstTextMs });
        },
        onResponseError(_controller, error) {
          resolve({ kind: 'failed', reason: 'code' in error ? String(error.code) : error.name });
        },
      },
    );
  });
}

function summarise(outcomes: readonly Outcome[], elapsedMs: number): LoadResult {
  const whole = outcomes.filter((outcome) => outcome.kind === 'whole');
  const errors: Record<string, number> = {};
  for (const outcome of outcomes) {
    if (outcome.kind === 'failed') errors[outcome.reason] = (errors[outcome.reason] ?? 0) + 1;
  }
  const share = (values: readonly number[], of: number) => {
    const value = percentile(Float64Array.from(values.filter((one) => !Number.isNaN(one))).sort(), of);
    return Number.isNaN(value) ? null : value;
  };
  const times = whole.map(({ ms }) => ms);
  return {
    requests: whole.length,
    errors,
    elapsedMs,
    p50Ms: share(times, 0.5),
    p99Ms: share(times, 0.99),
    firstByteMs: share(
      whole.map(({ firstByteMs }) => firstByteMs),
      0.5,
    ),
    firstTextMs: share(
      whole.map(({ firstTextMs }) => firstTextMs),
      0.5,
    ),
  };
}
