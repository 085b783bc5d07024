import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from './nearest.ts';

describe('the nearest name', () => {
  it('is the one a typing mistake away', () => {
    const keys = ['providers', 'policies', 'models', 'listen', 'limits'];
    expect(nearest('modles', keys)).toBe('models');
    expect(nearest('provider', keys)).toBe('providers');
    expect(nearest('Policys', keys)).toBe('policies');
    expect(nearest('lisen', keys)).toBe('listen');
  });

  it('is none where nothing is near, or the name is there already', () => {
    expect(nearest('telemetry', ['providers', 'models'])).toBeUndefined();
    expect(nearest('ab', ['cd'])).toBeUndefined();
    expect(nearest('models', ['models'])).toBeUndefined();
    expect(nearest('models', [])).toBeUndefined();
  });
});

describe('the distance of two texts', () => {
  it('counts letters put in, left out, changed and swapped', () => {
    expect(editDistance('', '')).toBe(0);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('region', 'regoin')).toBe(1);
  });

  it('is the same both ways, zero for the same and never more than the longer is long', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).toBe(editDistance(b, a));
        expect(distance === 0).toBe(a === b);
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
        expect(distance).toBeGreaterThanOrEqual(Math.abs(a.length - b.length));
      }),
    );
  });
});
