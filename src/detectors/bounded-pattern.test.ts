import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedPattern } from './bounded-pattern.ts';

const SOURCES = [
  'ab',
  'a(?:b|cd){0,2}e?',
  '(?<![a-c])a{1,3}(?![bc]|d[ab])',
  '[ab]{2,4}c|bd(?=e|ab)',
  '(?:a|b(?:c|d)){1,3}e',
  'a{0,2}?b',
  '(?<=a)b[ce]{0,3}(?!d)',
];
const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'), maxLength: 12 });

describe('a bounded pattern', () => {
  it.each(SOURCES)('leaves open where more text could change what matches: %s', (source) => {
    const { isOpenAt, longest, matchAt } = boundedPattern(source);
    fc.assert(
      fc.property(text, fc.nat(11), text, (before, start, after) => {
        fc.pre(start <= before.length);
        if (isOpenAt(before, start)) return;
        const [now] = matchAt(before, start) ?? [];
        const [later] = matchAt(before + after, start) ?? [];
        expect(later).toBe(now);
        if (now !== undefined) expect(now.length).toBeLessThanOrEqual(longest);
      }),
      { numRuns: 2_000 },
    );
  });

  it('leaves nothing open that has failed or that is whole', () => {
    const { isOpenAt } = boundedPattern('card: [0-9]{4}(?![0-9])');
    expect(['', 'c', 'card: 123', 'card: 1234'].map((part) => isOpenAt(part, 0))).toEqual([true, true, true, true]);
    expect(['x', 'carx', 'card: 12x', 'card: 1234.'].map((part) => isOpenAt(part, 0))).toEqual(
      Array.from({ length: 4 }, () => false),
    );
  });

  it('knows the first place where a match may still begin', () => {
    const { unfinished } = boundedPattern('(?<!x)ab{2}c', 'i');
    expect(unfinished('ab abB', 0)).toBe(3);
    expect(unfinished('ab abB', 4)).toBe(6);
    expect(unfinished('xabB', 0)).toBe(4);
    expect(unfinished('abbc', 0)).toBe(4);
  });

  it('steps to the first unit that a match may begin with', () => {
    const firsts = (source: string, text: string) => boundedPattern(source).first(text, 0);
    expect(firsts('(?<!x)(?!9)[0-9]{2}a', 'bxa 7')).toBe(4);
    expect(firsts('a{0,3}b|(?:c|d?e)f', '..d')).toBe(2);
    expect(firsts('a{0,3}b|(?:c|d?e)f', '..b')).toBe(2);
    expect(firsts('a{0,3}b|(?:c|d?e)f', '..f')).toBe(3);
    expect(firsts('(?:a|)b', '..x')).toBe(0);
    expect(firsts('a', '..é')).toBe(2);
    expect(boundedPattern('a', 'i').first('..A', 0)).toBe(2);
  });

  it('opens nothing in front of what can no longer be reached', () => {
    const { isOpenAt, longest } = boundedPattern('a.{0,3}b');
    expect(longest).toBe(5);
    expect(isOpenAt('a...', 0)).toBe(true);
    expect(isOpenAt('a....', 0)).toBe(false);
    expect(isOpenAt('a.....', 0)).toBe(false);
  });
});
