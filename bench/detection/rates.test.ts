import { describe, expect, it } from 'vitest';
import { areaUnderCurve, ratesAt, thresholdFor } from './rates.ts';

const scored = [
  { score: 0.9, isWanted: true },
  { score: 0.8, isWanted: false },
  { score: 0.7, isWanted: true },
  { score: 0.2, isWanted: false },
  { score: 0.1, isWanted: false },
];

describe('rates', () => {
  it('at a threshold', () => {
    expect(ratesAt(scored, 0.7)).toEqual({ precision: 2 / 3, recall: 1, f1: 0.8, falsePositives: 1 / 3 });
    expect(ratesAt(scored, 0.95)).toMatchObject({ recall: 0, f1: 0, falsePositives: 0 });
  });

  it('have a threshold that no more than a share reaches, also where scores are the same', () => {
    expect(thresholdFor([0.1, 0.2, 0.3, 0.4], 0.5)).toBe(0.3);
    expect(thresholdFor([0.1, 0.3, 0.3, 0.4], 0.5)).toBe(0.4);
    expect(thresholdFor([0.3, 0.3], 0.5)).toBe(Number.POSITIVE_INFINITY);
    expect(thresholdFor([0.3, 0.4], 1)).toBe(0);
  });

  it('have an area under their curve', () => {
    expect(areaUnderCurve(scored)).toBeCloseTo(5 / 6);
    expect(areaUnderCurve(scored.map((each) => ({ ...each, score: 1 })))).toBe(0.5);
  });
});
