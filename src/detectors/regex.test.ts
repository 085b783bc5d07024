import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { detectorSuite } from './detector.suite.ts';
import { createRegexDetector, createRegexDetectors } from './regex.ts';
import { RegexError } from './regex-program.ts';
import { createStreamScanner, scanText } from './scanner.ts';

const regex = (pattern: string) => createRegexDetector({ name: 'some', pattern });
const found = (pattern: string, text: string) =>
  scanText([regex(pattern)], text).map(({ start, end }) => text.slice(start, end));

detectorSuite(regex('\\bACCT-[0-9]{6,8}\\b'), {
  finds: [
    '⟦ACCT-123456⟧',
    'of ⟦ACCT-12345678⟧.',
    '⟦ACCT-12\u200b3456⟧',
    '⟦ＡＣＣＴ-123456⟧',
    '⟦АССТ–123456⟧',
    '⟦ACCT&#45;123456⟧',
  ],
  passes: ['acct-123456', 'ACCT-12345', 'ACCT-123456789', 'XACCT-123456', 'ACCT 123456', ''],
  hostile: ['ACCT-', 'ACCT-12345', 'A', '1'],
});

detectorSuite(regex('(?i)kunde (?:müller|groß)'), {
  finds: ['⟦Kunde Müller⟧', '⟦KUNDE MULLER⟧', '⟦kunde groß⟧', '⟦Kunde GROSS⟧', '⟦kunde mu\u0308ller⟧'],
  passes: ['kunde meller', 'kunde  müller'],
  hostile: ['kunde m', 'kunde '],
});

describe('a pattern of a guardrail', () => {
  it.each([
    ['(a+)+$', 'a', 'b'],
    ['(x+x+)+y', 'x', 'z'],
    ['a[^b]*b', 'a', 'c'],
    ['a(.*b)?', 'a', 'c'],
    ['.*secret.*', 'secret ', '\n'],
    ['[a-z]{1,200}[0-9]', 'a', ' '],
    ['(?:[a-z]+ ?)*@', 'word ', '.'],
    ['(a?){50}a{50}', 'a', 'b'],
  ])('%s takes time in proportion to text that is hard for it', (pattern, piece, stop) => {
    const detector = regex(pattern);
    const timeOf = (length: number) => {
      const text = piece.repeat(Math.ceil(length / piece.length)) + stop;
      const started = process.cpuUsage().user;
      scanText([detector], text);
      return process.cpuUsage().user - started;
    };
    timeOf(4_096);
    const short = Math.min(timeOf(4_096), timeOf(4_096));
    // Sixteen times the text: what grows with the square takes 256 times as long.
    expect(timeOf(65_536)).toBeLessThan(80 * Math.max(short, 2_000));
  });

  it('matches as a backtracking engine does', () => {
    const texts = fc
      .array(fc.constantFrom('a', 'b', 'c', ' ', '\n', '1'), { maxLength: 60 })
      .map((all) => all.join(''));
    const patterns = [
      'a+b',
      'a+?b',
      'a(?:b|bc)c?',
      '\\ba.*?\\b1',
      '(?:a|ab)(?:c|bcb)',
      '^a|1$',
      '(?m)^b+$',
      '[^a]{2,3}',
      'a(?:.*b)?',
    ];
    fc.assert(
      fc.property(fc.constantFrom(...patterns), texts, (pattern, text) => {
        const isMultiline = pattern.startsWith('(?m)');
        const native = new RegExp(pattern.replace('(?m)', ''), isMultiline ? 'gm' : 'g');
        // What lies side by side is one to the eye and two to the engine.
        const spans = scanText([regex(pattern)], text).map(({ start, end }) => [start, end]);
        expect(spans).toEqual([...text.matchAll(native)].map(({ index, 0: { length } }) => [index, index + length]));
      }),
      { numRuns: 2_000 },
    );
  });

  it('finds in any division of a text what it finds in the whole', () => {
    const list = ['a+b', '\\w+@corp', 'a[^b]*b', '(?i)key: \\S+', '\\bab\\b', '🙂+', '.*zz.*', '[a-c]{3}1', 'c$'].map(
      (pattern, at) => ({ name: String(at), pattern }),
    );
    const all = createRegexDetectors(list);
    const piece = fc.constantFrom(
      'a',
      'b',
      'ab',
      ' ',
      '1',
      '@corp',
      'KEY: ',
      'zz',
      '🙂',
      '\n',
      'é',
      '\u200b',
      'a'.repeat(700),
      'c ',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 14 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }),
        (pieces, sizes) => {
          const text = pieces.join('');
          const scanner = createStreamScanner(all);
          const spans = [];
          for (let at = 0, turn = 0; at < text.length; turn += 1) {
            const size = sizes[turn % sizes.length] ?? 1;
            spans.push(...scanner.push(text.slice(at, at + size)).spans);
            at += size;
          }
          expect([...spans, ...scanner.end().spans]).toEqual(scanText(all, text));
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is cut where it has no end, and holds back no more than that of a stream', () => {
    expect(found('a+', 'a'.repeat(1_500)).map(({ length }) => length)).toEqual([1_024, 476]);
    expect(found('x[^y]*y', `x${' '.repeat(2_000)}x1y`)).toEqual(['x1y']);
    const scanner = createStreamScanner([regex('.*secret.*')]);
    let length = 0;
    for (let turn = 0; turn < 500; turn += 1) {
      length += 10;
      expect(length - scanner.push('not here; ').settled).toBeLessThanOrEqual(1_024 + 10);
    }
  });

  it('holds back only what may become a match', () => {
    const scanner = createStreamScanner([regex('EMP[0-9]{5}\\b')]);
    expect(scanner.push('the staff number is ').settled).toBe(20);
    expect(scanner.push('EMP123').settled).toBe(20);
    expect(scanner.push('45').settled).toBe(20);
    expect(scanner.push(' ').spans.map(({ start, end }) => [start, end])).toEqual([[20, 28]]);
  });

  it('is refused, and named, where it cannot be searched for', () => {
    const refused = [
      '(a)\\1',
      'a(?=b)',
      '(?<=a)b',
      'a(?!b)',
      'a*',
      '\\b',
      '(',
      'a'.repeat(501),
      '(?:[a-z]{1000}){1000}',
      '(?:\\w{100}){50}',
    ];
    for (const pattern of refused) expect(() => regex(pattern), pattern).toThrow(RegexError);
    expect(() => regex('(a)\\1')).toThrow(/the pattern `some` cannot be used: .*invalid escape/);
    const many = Array.from({ length: 101 }, (_, at) => ({ name: `p${at}`, pattern: 'a' }));
    expect(() => createRegexDetectors(many)).toThrow(/the pattern `p100` cannot be used: there are more than 100/);
  });

  it('finds by classes, in every script and beyond the basic plane', () => {
    expect(found('\\p{Greek}{3}', 'see αβγδ')).toEqual([]);
    expect(found('\\p{Han}{2}', '我们 x')).toEqual(['我们']);
    expect(found('[😀-🙏]{2}', 'so 😀🙂!')).toEqual(['😀🙂']);
    expect(found('a.c', 'a🙂c')).toEqual(['a🙂c']);
  });

  it('are many, each found by its own name', () => {
    const list = createRegexDetectors(
      [
        { name: 'one', pattern: 'a1' },
        { name: 'two', pattern: '(?i)b2' },
      ],
      'g:1:',
    );
    expect(list.map(({ name }) => name)).toEqual(['g:1:regex:one', 'g:1:regex:two']);
    expect(scanText(list, 'a1 B2').map(({ detector }) => detector)).toEqual(['g:1:regex:one', 'g:1:regex:two']);
    expect(scanText(list.slice(1), 'a1 B2').map(({ detector }) => detector)).toEqual(['g:1:regex:two']);
  });
});
