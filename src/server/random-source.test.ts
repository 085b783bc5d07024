import { describe, expect, it } from 'vitest';
import { createRandomSource } from './random-source.ts';

describe('the random source', () => {
  it('gives no byte twice, over many fillings of its pool', () => {
    const take = createRandomSource();
    const taken = Array.from({ length: 2_000 }, () => Buffer.from(take(10)).toString('hex'));
    expect(new Set(taken).size).toBe(2_000);
    expect(taken.every((hex) => hex.length === 20)).toBe(true);
  });

  it('fills the pool before it begins', () => {
    expect(createRandomSource()(16)).not.toEqual(createRandomSource()(16));
  });

  it('refuses more than its pool holds', () => {
    expect(() => createRandomSource()(4_097)).toThrow(RangeError);
  });
});
