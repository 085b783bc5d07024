import { describe, expect, it } from 'vitest';
import { createRunFinder, tokenRule } from './token-run.ts';

const finder = createRunFinder(/[a-z]/);
const rule = tokenRule({
  finder,
  least: 3,
  longest: 6,
  isExpected: (text, start) => text.charAt(start - 1) === '=',
  locate: (_text, { start, end }) => ({ start, end }),
});

function scan(text: string, from = 0, isEnd = false) {
  const found: string[] = [];
  const resume = rule.scan({ text, classes: 0, isEnd }, from, (start, end) => found.push(text.slice(start, end)));
  return { found, resume };
}

describe('finding runs', () => {
  it('steps over what is too short', () => {
    expect(finder.next('a ab abc d', 0, 3)).toEqual({ start: 5, end: 8 });
    expect(finder.next('a ab', 0, 3)).toBeUndefined();
    expect(finder.next('abcdef', 2, 3)).toEqual({ start: 2, end: 6 });
    expect(finder.next('é', 0, 1)).toBeUndefined();
  });

  it('finds the run at the end, as far as it is asked to look', () => {
    expect(finder.trailing('a bcd', 9)).toBe(2);
    expect(finder.trailing('abcd', 2)).toBe(2);
    expect(finder.trailing('a ', 9)).toBe(2);
  });
});

describe('a rule for tokens', () => {
  it('finds a whole token where one is expected', () => {
    expect(scan('=abc def =gh ')).toEqual({ found: ['abc'], resume: 13 });
  });

  it('waits for the end of a token that is expected, and of no other', () => {
    expect(scan('x =ab')).toEqual({ found: [], resume: 3 });
    expect(scan('x ab')).toEqual({ found: [], resume: 4 });
    expect(scan('x =')).toEqual({ found: [], resume: 3 });
    expect(scan('x =abc', 0, true)).toEqual({ found: ['abc'], resume: 6 });
  });

  it('takes a token that is too long as far as it may go, and never its rest', () => {
    expect(scan('=abcdefghijkl')).toEqual({ found: ['abcdef'], resume: 13 });
    expect(scan('=abcdefghijkl ', 10)).toEqual({ found: [], resume: 14 });
    const rest = tokenRule({ finder, least: 3, longest: 6, isExpected: () => true, locate: (_text, token) => token });
    const found: number[] = [];
    rest.scan({ text: '=abcdefghijkl ', classes: 0, isEnd: false }, 10, (start) => found.push(start));
    expect(found).toEqual([]);
  });

  it('looks for no token in front of where the first may begin', () => {
    const late = (first: number) =>
      tokenRule({
        finder,
        least: 3,
        longest: 6,
        first: () => first,
        isExpected: () => true,
        locate: (_text, token) => token,
      });
    const starts = (first: number) => {
      const found: number[] = [];
      late(first).scan({ text: 'abc def ', classes: 0, isEnd: false }, 0, (start) => found.push(start));
      return found;
    };
    expect([0, 1, 8].map(starts)).toEqual([[0, 4], [4], []]);
  });

  it('reports nothing that is no secret', () => {
    const none = tokenRule({ finder, least: 3, longest: 6, isExpected: () => true, locate: () => undefined });
    const found: number[] = [];
    expect(none.scan({ text: 'abc ', classes: 0, isEnd: true }, 0, (start) => found.push(start))).toBe(4);
    expect(found).toEqual([]);
  });
});
