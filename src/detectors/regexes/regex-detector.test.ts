import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectorSuite } from '../detector.suite.ts';
import { createStreamScanner, scanText } from '../scanner.ts';
import { createRegexDetector, PatternError } from './regex-detector.ts';

const detectorOf = (pattern: string) => createRegexDetector({ name: 'test', pattern }, 'g:1:regex:test');

describe('a pattern of a guardrail', () => {
  detectorSuite(detectorOf('\\bEMP-[0-9]{6}\\b'), {
    finds: ['⟦EMP-123456⟧', 'of ⟦EMP-123456⟧, and ⟦EMP-000001⟧.', 'Ｅ ⟦ＥＭＰ-１２３４５６⟧', '⟦E\u200bMP-123456⟧'],
    passes: ['EMP-12345', 'XEMP-123456', 'emp-123456', 'EMP-1234567'],
    hostile: ['EMP-', 'EMP-12345 ', 'EEMP-1'],
  });
  it('finds the same in any division, also where repetitions have no end', () => {
    const detectors = ['(?i)project\\s+(?:nightingale|lark)', '(a+)+b', 'x.*y', '\\bend\\b'].map((pattern, index) =>
      createRegexDetector({ name: 'test', pattern }, `g:1:regex:${index}`),
    );
    const piece = fc.constantFrom(
      'Project ',
      ' lark',
      'aaa',
      'b',
      'x',
      'y',
      '\n',
      ' the end',
      'ing ',
      'é',
      '😀',
      '.'.repeat(300),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(), { maxLength: 8 }), (pieces, cuts) => {
        const text = pieces.join('');
        const ends = [...cuts.map((cut) => cut % (text.length + 1)), text.length].toSorted((a, b) => a - b);
        for (const detector of detectors) {
          const scanner = createStreamScanner([detector]);
          const spans = ends.flatMap((end, at) => scanner.push(text.slice(ends[at - 1] ?? 0, end)).spans);
          expect([...spans, ...scanner.end().spans], detector.name).toEqual(scanText([detector], text));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('takes time in proportion to the text, whatever the pattern', () => {
    const text = 'a'.repeat(65_536);
    for (const pattern of ['(a+)+b', '(a|a?)+c', 'a{1,30}a{1,30}b', '(?i)a*a*a*a*d']) {
      const detector = detectorOf(pattern);
      const started = process.cpuUsage().user;
      expect(scanText([detector], text)).toEqual([]);
      // A backtracking engine would not come back.
      expect((process.cpuUsage().user - started) / 1_000, pattern).toBeLessThan(5_000);
    }
  });

  it.each([
    ['(?=x)y', 'look-around'],
    ['(?<!x)y', 'look-around'],
    ['(a)\\1', 'back reference'],
    ['a*', 'the empty text fits it'],
    ['(?:.{1000}){3}', 'longer than 1024'],
    ['a{2,1}', 'ends before it begins'],
    ['(a', 'no `)`'],
    ['a)', 'no `(`'],
    ['[a', 'no `]`'],
    ['*a', 'repeats nothing'],
    ['\\y', 'escape'],
    ['(?:(?:a{900}){900})', 'longer'],
    [`${'('.repeat(60)}a${')'.repeat(60)}`, 'too many groups'],
    ['[z-a]', 'RE2 does not take it'],
  ])('is refused where it is %s', (pattern, why) => {
    expect(() => detectorOf(pattern)).toThrow(PatternError);
    expect(() => detectorOf(pattern)).toThrow(why);
    expect(() => detectorOf(pattern)).toThrow('the pattern `test`');
  });

  it.each([
    ['\\Qa.b\\E', 'xa.bx', ['a.b']],
    ['\\Qa.b', 'a.b axb', ['a.b']],
    ['a\\.b', 'a.b axb', ['a.b']],
    ['[]a]+', ']a] b', [']a]']],
    ['[[:digit:]]{2,}', '1 22 333', ['22', '333']],
    ['\\p{Lu}{2}', 'aB CD', ['CD']],
    ['\\x41|\\x{42}', 'xABx', ['A', 'B']],
    ['a{2}', 'aaa', ['aa']],
    ['ab?c', 'ac abc', ['ac', 'abc']],
    ['x.+?y', 'x1y2y', ['x1y']],
    ['(?P<id>no) (?i)YES', 'no yes', ['no yes']],
    ['(?i:k)', 'K', ['K']],
    ['^a$', 'a', ['a']],
    ['^a', 'ba', []],
    ['😀{2}', 'x😀😀', ['😀😀']],
  ] as const)('%s finds in %j what it says', (pattern, text, found) => {
    expect(scanText([detectorOf(pattern)], text).map(({ start, end }) => text.slice(start, end))).toEqual(found);
  });
});
