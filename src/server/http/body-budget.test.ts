import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../core/index.ts';
import { createBodyBudget } from './body-budget.ts';

const limits = { maxUnverifiedBytes: 100, maxUnverifiedBytesPerSource: 60 };

function refusalOf(action: () => void): string {
  try {
    action();
  } catch (error) {
    if (error instanceof GatewayError) return `${error.code} ${error.status} after ${error.retryAfterSeconds}`;
    throw error;
  }
  return 'taken';
}

describe('the memory for bodies of unknown senders', () => {
  it('is bounded for each source, whose other requests count with it', () => {
    const budget = createBodyBudget(limits);
    const first = budget.open('a');
    const second = budget.open('a');
    first.take(40);
    expect(refusalOf(() => second.take(21))).toBe('throttled 429 after 1');
    second.take(20);
    expect(refusalOf(() => first.take(1))).toBe('throttled 429 after 1');
    first.release();
    second.take(40);
  });

  it('is bounded for all sources together', () => {
    const budget = createBodyBudget(limits);
    const first = budget.open('a');
    first.take(60);
    expect(refusalOf(() => budget.open('b').take(41))).toBe('overloaded 503 after 1');
    budget.open('b').take(40);
    first.release();
    budget.open('c').take(60);
  });

  it('is not taken by what is only announced', () => {
    const budget = createBodyBudget(limits);
    for (const source of ['a', 'b', 'c']) budget.open(source).require(60);
    budget.open('d').take(60);
    expect(refusalOf(() => budget.open('a').require(41))).toBe('overloaded 503 after 1');
    expect(refusalOf(() => budget.open('d').require(1))).toBe('throttled 429 after 1');
  });

  it('is as large as before once all is given back, whatever was taken and refused between', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(70))), (takes) => {
        const budget = createBodyBudget(limits);
        const allowances = takes.map(([source, bytes]) => {
          const allowance = budget.open(source);
          refusalOf(() => allowance.take(bytes));
          return allowance;
        });
        for (const allowance of allowances) allowance.release();
        budget.open('a').take(60);
        budget.open('b').take(40);
        expect(refusalOf(() => budget.open('b').take(1))).toContain('overloaded');
      }),
    );
  });
});
