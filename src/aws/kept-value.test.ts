import { describe, expect, it } from 'vitest';
import { createKeptValue } from './kept-value.ts';

/** A value that says how often it was fetched; kept for 100, fetched ahead from 80, given out until 200. */
function keep() {
  let now = 0;
  let fetches = 0;
  let isDown = false;
  let gate: Promise<unknown> | undefined;
  const faults: unknown[] = [];
  const ask = createKeptValue({
    async load() {
      fetches += 1;
      const value = fetches;
      await gate;
      if (isDown) throw new Error(`down ${value}`);
      return value;
    },
    until: (_, at) => ({ aheadAt: at + 80, dueAt: at + 100, endAt: at + 200 }),
    clock: { now: () => now },
    holdOffMs: 10,
    onFault: (cause) => faults.push(cause),
  });
  return {
    ask,
    faults,
    fetches: () => fetches,
    at(time: number) {
      now = time;
      return ask();
    },
    bring(state: 'down' | 'up') {
      isDown = state === 'down';
    },
    hold() {
      const held = Promise.withResolvers<void>();
      gate = held.promise;
      return held.resolve;
    },
  };
}

describe('a kept value', () => {
  it('is fetched once, for all who ask at once and for a while', async () => {
    const { ask, at, fetches } = keep();
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([1, 1, 1]);
    expect(await at(79)).toBe(1);
    expect(fetches()).toBe(1);
  });

  it('is fetched ahead of its time without anybody waiting, and once it is due with all waiting', async () => {
    const { at, ask, fetches, hold } = keep();
    await at(0);
    const release = hold();
    expect(await at(80)).toBe(1);
    expect(await at(99)).toBe(1);
    expect(fetches()).toBe(2);
    const due = [at(100), ask()];
    release();
    expect(await Promise.all(due)).toEqual([2, 2]);
    expect(fetches()).toBe(2);
  });

  it('is given out on when no new one can be had, and only so long; the source is left alone between two tries', async () => {
    const { at, bring, fetches, faults } = keep();
    await at(0);
    bring('down');
    expect(await at(100)).toBe(1);
    expect(await at(109)).toBe(1);
    expect(fetches()).toBe(2);
    expect(await at(110)).toBe(1);
    expect(fetches()).toBe(3);
    await expect(at(200)).rejects.toThrow('down 4');
    await expect(at(205)).rejects.toThrow('down 4');
    expect(faults).toHaveLength(3);
    bring('up');
    expect(await at(210)).toBe(5);
    bring('down');
    expect(await at(289)).toBe(5);
  });

  it('is not there where it never could be fetched', async () => {
    const { at, bring } = keep();
    bring('down');
    await expect(at(0)).rejects.toThrow('down 1');
    bring('up');
    await expect(at(9)).rejects.toThrow('down 1');
    expect(await at(10)).toBe(2);
  });
});
