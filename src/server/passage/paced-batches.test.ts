import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paceBatches } from './paced-batches.ts';

async function* source(batches: readonly (readonly number[])[], { everyMs = 0, fault = false } = {}) {
  for (const batch of batches) {
    yield batch;
    if (everyMs > 0) await pause(everyMs);
  }
  if (fault) throw new Error('broke off');
}

const singles = (count: number) => Array.from({ length: count }, (_, at) => [at]);

describe('batches at an interval', () => {
  it('are those of the source where there is none', async () => {
    expect(await Array.fromAsync(paceBatches(source(singles(5)), 0))).toEqual(singles(5));
  });

  it('begin with the first as it comes, and gather what comes meanwhile', async () => {
    const [first, ...rest] = await Array.fromAsync(paceBatches(source(singles(40), { everyMs: 5 }), 60));
    expect(first?.length).toBe(1);
    expect(rest.length).toBeLessThan(20);
    expect([...(first ?? []), ...rest.flat()]).toEqual(singles(40).flat());
  });

  it('lose, double and disorder nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.nat(), { minLength: 1 })),
        fc.integer({ min: 0, max: 3 }),
        async (all, ms) => {
          const paced = await Array.fromAsync(paceBatches(source(all), ms));
          expect(paced.flat()).toEqual(all.flat());
        },
      ),
      { numRuns: 50 },
    );
  });

  it('end without waiting for the interval, with all that came', { timeout: 5_000 }, async () => {
    expect((await Array.fromAsync(paceBatches(source(singles(3)), 60_000))).flat()).toEqual([0, 1, 2]);
  });

  it('give all that came before a fault, and then the fault', { timeout: 5_000 }, async () => {
    const got: number[] = [];
    const take = async () => {
      for await (const batch of paceBatches(source(singles(3), { fault: true }), 60_000)) got.push(...batch);
    };
    await expect(take()).rejects.toThrow('broke off');
    expect(got).toEqual([0, 1, 2]);
  });

  it('come from a source that always has more, too', { timeout: 5_000 }, async () => {
    async function* ready() {
      for (;;) yield [1];
    }
    const sizes: number[] = [];
    for await (const batch of paceBatches(ready(), 20)) {
      sizes.push(batch.length);
      if (sizes.length === 3) break;
    }
    expect(sizes[0]).toBe(1);
    expect(sizes[2]).toBeGreaterThan(1);
  });

  it('end the source where nobody wants more', async () => {
    let isEnded = false;
    async function* endless() {
      try {
        for (;;) {
          yield [1];
          await pause(1);
        }
      } finally {
        isEnded = true;
      }
    }
    for await (const _ of paceBatches(endless(), 10)) break;
    expect(isEnded).toBe(true);
  });
});
