import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paddedLength } from './padding.ts';

describe('the padding', () => {
  it.each([
    [0, 512],
    [1, 512],
    [512, 512],
    [513, 544],
    [4096, 4096],
    [4097, 4352],
    [1_000_000, 1_015_808],
  ])('makes %i bytes %i long', (length, padded) => {
    expect(paddedLength(length)).toBe(padded);
  });

  it('never cuts, never grows by more than an eighth, and gives what is padded the length it has', () => {
    fc.assert(
      fc.property(fc.integer({ min: 513, max: 2 ** 31 }), (length) => {
        const padded = paddedLength(length);
        expect(padded).toBeGreaterThanOrEqual(length);
        expect(padded / length).toBeLessThan(1.125);
        expect(paddedLength(padded)).toBe(padded);
      }),
    );
  });

  it('leaves few lengths to tell records by', () => {
    const lengths = new Set(Array.from({ length: 100_000 }, (_, length) => paddedLength(length)));
    expect(lengths.size).toBeLessThan(150);
  });
});
