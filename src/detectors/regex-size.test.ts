import { expect, it } from 'vitest';
import { estimateSteps } from './regex-size.ts';

it.each([
  ['abc', 3],
  ['a{50}b{2,7}c{3,}', 60],
  ['(?:[a-z]{1000}){1000}', 1_000_000],
  ['(a|[^]x]{10}\\{{20}){5}', 150],
  ['\\p{Greek}{9}\\x{10ffff}', 10],
  ['a{,5}', 5],
  ['(((a', 4],
  ['a)))', 1],
])('tells of %s that it comes to about %d steps', (pattern, steps) => {
  expect(estimateSteps(pattern)).toBeGreaterThanOrEqual(steps);
  expect(estimateSteps(pattern)).toBeLessThanOrEqual(2 * steps + 10);
});
