import { describe, expect, it } from 'vitest';
import { createRetryBudget, RETRY_WINDOW_MS, withinBudget } from './retry-budget.ts';

describe('a budget of retries', () => {
  it('is that many within any ten seconds', () => {
    let now = 0;
    const budget = createRetryBudget(2, () => now);
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false]);
    now = RETRY_WINDOW_MS - 1;
    expect(budget.take()).toBe(false);
    now = RETRY_WINDOW_MS;
    expect([budget.take(), budget.take(), budget.take()]).toEqual([true, true, false]);
    now = RETRY_WINDOW_MS + 1;
    expect(budget.take()).toBe(false);
  });

  it('has back what was not needed', () => {
    const budget = createRetryBudget(1, () => 0);
    expect(budget.take()).toBe(true);
    budget.giveBack();
    expect([budget.take(), budget.take()]).toEqual([true, false]);
  });

  it('of none allows none', () => {
    expect(createRetryBudget(0).take()).toBe(false);
  });

  it('cannot bound a strategy that keeps its own count', () => {
    const budget = createRetryBudget(1);
    const old = { mode: 'legacy', retry: () => Promise.reject(new Error('never')) };
    expect(() => withinBudget(old, budget)).toThrow(TypeError);
  });
});
