import { describe, expect, it } from 'vitest';
import { findingTypes, type Span } from '../core/index.ts';
import { apiKey } from './api-key.ts';
import { card } from './card.ts';
import type { Detector } from './detector.ts';
import { email } from './email.ts';
import { endWithBlocks, mergeHits, rankOf } from './merge.ts';
import { phone } from './phone.ts';

const hit = (detector: Detector, start: number, end: number) => ({ detector, start, end });
const span = ({ name, type }: Detector, start: number, end: number) => ({ start, end, type, detector: name });
const withOthers = (merged: Span, ...others: readonly Detector[]): Span => ({
  ...merged,
  also: others.map(({ name, type }) => ({ type, detector: name })),
});

describe('merging', () => {
  it('gives the union of overlapping hits the type of first priority', () => {
    expect(mergeHits([hit(email, 0, 10), hit(apiKey, 5, 12)])).toEqual([withOthers(span(apiKey, 0, 12), email)]);
    expect(mergeHits([hit(apiKey, 0, 10), hit(email, 2, 5)])).toEqual([withOthers(span(apiKey, 0, 10), email)]);
    const three = [hit(phone, 8, 20), hit(card, 0, 10), hit(email, 18, 22)];
    expect(mergeHits(three)).toEqual([withOthers(span(card, 0, 22), email, phone)]);
    expect(mergeHits([...three, hit(email, 19, 21), hit(card, 21, 24)])).toEqual([
      withOthers(span(card, 0, 24), email, phone),
    ]);
  });

  it('keeps hits apart that only touch, in order', () => {
    expect(mergeHits([hit(email, 5, 9), hit(phone, 0, 5)])).toEqual([span(phone, 0, 5), span(email, 5, 9)]);
    expect(mergeHits([])).toEqual([]);
  });

  it('ends a hit with the first block that it is whole in, in whatever order the hits come', () => {
    const hits = [hit(email, 0, 30), hit(email, 0, 34), hit(email, 0, 50), hit(email, 30, 50), hit(phone, 0, 50)];
    const kept = [hit(email, 0, 30), hit(email, 30, 50), hit(phone, 0, 50)];
    for (const some of [hits, hits.toReversed()]) {
      const ended = endWithBlocks(some, new Set([30, 50]));
      expect(ended.toSorted((a, b) => a.start - b.start || a.end - b.end)).toEqual(
        kept.toSorted((a, b) => a.start - b.start || a.end - b.end),
      );
    }
  });

  it('ranks every type of finding, and no two alike', () => {
    const ranks = findingTypes.map(rankOf);
    expect(new Set(ranks).size).toBe(findingTypes.length);
    expect(Math.max(...ranks)).toBe(findingTypes.length - 1);
  });
});
