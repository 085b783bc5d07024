import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { toConfidence } from './classifier.ts';
import { toFeatures, toPlace } from './features.ts';
import { createLinearClassifier } from './linear-model.ts';

/** One row: the word "danger", with a weight of 100 for GOOD and of -100 for BAD. */
const place = toPlace('danger');
const distance = [(place & 0x7f) | 0x80, ((place >> 7) & 0x7f) | 0x80, place >> 14];
const classifier = createLinearClassifier({
  name: 'small',
  labels: ['BAD', 'GOOD'],
  rows: 1,
  packed: deflateRawSync(Uint8Array.from([...distance, 100, 156])).toString('base64'),
  scoring: {
    BAD: { scale: 0.1, anchors: [-1, 1, 2] },
    GOOD: { scale: 0.1, anchors: [-1, 1, 2] },
  },
});

describe('a linear classifier', () => {
  it('adds up weights, and goes on beyond the anchors without reaching an end', () => {
    const margin = 10 / Math.sqrt(toFeatures('danger').length);
    const { BAD, GOOD } = classifier.classify('danger');
    expect(BAD).toBe(0.5 + (0.5 * (margin - 1)) / (1 + (margin - 1)));
    expect(GOOD).toBe(0.5 + (0.5 * ((-margin - 1) / 2)) / (1 + (margin + 1) / 2));
    // A margin of 0 lies half way between those of 0.25 and 0.5.
    expect(classifier.classify('')).toEqual({ BAD: 0.5 - 0.25 / 1.5, GOOD: 0.5 - 0.25 / 1.5 });
    expect(BAD).toBeGreaterThan(0.5);
    expect(GOOD).toBeLessThan(0.5);
  });

  it('scores less where other words stand beside', () => {
    const others = 'among so many other words that mean no harm'.split(' ');
    const scores = [1, 2, 4, 8].map((count) => classifier.classify(`danger ${others.slice(0, count).join(' ')}`).BAD);
    expect(scores).toEqual([...scores].sort((one, other) => other - one));
    expect(new Set(scores).size).toBe(scores.length);
  });

  it('says the same of the features', () => {
    expect(classifier.classifyFeatures(toFeatures('much danger'))).toEqual(classifier.classify('much danger'));
  });
});

it('names the confidence of a score', () => {
  expect([0, 0.249, 0.25, 0.499, 0.5, 0.749, 0.75, 1].map(toConfidence)).toEqual([
    'NONE',
    'NONE',
    'LOW',
    'LOW',
    'MEDIUM',
    'MEDIUM',
    'HIGH',
    'HIGH',
  ]);
});
