import { describe, expect, it } from 'vitest';
import { CONTEXT, type Rule } from './detector.ts';
import { behindWord, patternRule, unfinishedMatch } from './pattern-rule.ts';

/** Four letters a; what is unfinished is said to be three of them, wherever they stand. */
const rule = patternRule({ pattern: /a{4}/g, unfinished: unfinishedMatch(/a{1,3}$/g, 3) });

function scan(some: Rule, text: string, from = 0, isEnd = false) {
  const found: (readonly [number, number])[] = [];
  const resume = some.scan({ text, classes: 1, isEnd }, from, (start, end) => found.push([start, end]));
  return { found, resume };
}

describe('a rule made of a pattern', () => {
  it('goes on behind what it has found, even where that looks unfinished', () => {
    expect(scan(rule, 'aaaaa')).toEqual({ found: [[0, 4]], resume: 4 });
    expect(scan(rule, 'aaaaaa', 4)).toEqual({ found: [], resume: 4 });
  });

  it('leaves to later what may still go on, unless no more comes', () => {
    expect(scan(rule, 'baa')).toEqual({ found: [], resume: 1 });
    expect(scan(rule, 'baab')).toEqual({ found: [], resume: 4 });
    const whole = patternRule({ pattern: /a+/g, unfinished: unfinishedMatch(/a+$/g, 8) });
    expect(scan(whole, 'baa')).toEqual({ found: [], resume: 1 });
    expect(scan(whole, 'baa', 0, true)).toEqual({ found: [[1, 3]], resume: 3 });
  });

  it('looks for no match where the classes it needs are missing', () => {
    const digits = patternRule({ classes: 2, pattern: /./g, unfinished: (text) => text.length });
    expect(scan(digits, '1')).toEqual({ found: [], resume: 1 });
  });

  it('looks for no match in front of where the first may begin', () => {
    const options = { pattern: /a/g, unfinished: (text: string) => text.length };
    const late = patternRule({ ...options, first: () => 2 });
    expect(scan(late, 'aaaa').found).toEqual([
      [2, 3],
      [3, 4],
    ]);
    const none = patternRule({ ...options, first: (text) => text.length });
    expect(scan(none, 'aaaa')).toEqual({ found: [], resume: 4 });
  });

  it('knows from a word where the first match may begin, as far back as there is context', () => {
    const first = behindWord(/key/gi);
    const rest = ' '.repeat(CONTEXT);
    expect(first(`the KEY is${rest}`, 0)).toBe(4);
    expect(first(`the key is${rest}`, 6)).toBe(6);
    expect(first(`the lock is${rest}`, 0)).toBe(11 + CONTEXT);
    const far = `key${rest}${rest}`;
    expect(first(far, CONTEXT)).toBe(CONTEXT);
    expect(first(far, CONTEXT + 1)).toBe(far.length);
    expect(first('the lock is', 3)).toBe(3);
  });

  it('tries again one unit further where a match is refused', () => {
    const even = patternRule({
      pattern: /ab?a/g,
      unfinished: (text) => text.length,
      locate: ({ index }) => (index % 2 === 1 ? { start: index, end: index + 2 } : undefined),
    });
    expect(scan(even, 'aaaa')).toEqual({ found: [[1, 3]], resume: 4 });
  });
});
