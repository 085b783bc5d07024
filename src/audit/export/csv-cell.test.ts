import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toCell } from './csv-cell.ts';

describe('a cell', () => {
  it('is quoted, its quotes doubled', () => {
    expect(toCell('a')).toBe('"a"');
    expect(toCell('say "a, b"')).toBe('"say ""a, b"""');
    expect(toCell(12)).toBe('"12"');
    expect(toCell(undefined)).toBe('""');
  });

  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    ' =1',
    '\u00a0=1',
    '\u200b=1',
    '\ufeff=1',
    '\u0301=1',
    '"=1',
    '＝1',
    '＋1',
    '－1',
    '＠1',
    ' ＝1',
    '﹦1',
    '﹢1',
    '﹣1',
    '﹫1',
    '⁼1',
    '₊1',
    '−1',
    '﬩1',
  ])('is no formula: %s', (text) => {
    expect(toCell(text)).toBe(`"'${text.replaceAll('"', '""')}"`);
  });

  it.each([
    ['\t=1', '"\'\\u0009=1"'],
    ['\t1', '"\'\\u00091"'],
    ['\r1', '"\'\\u000d1"'],
    ['\n1', '"\'\\u000a1"'],
    ['\u0000=1', '"\'\\u0000=1"'],
    ['a;=1', '"a;\'=1"'],
    ['a; ＝1', '"a;\' ＝1"'],
    ['a;b', '"a;b"'],
    ['a=1', '"a=1"'],
  ])('of %j is %s', (text, cell) => {
    expect(toCell(text)).toBe(cell);
  });

  it.each([
    ['\u001b[2J', '"\\u001b[2J"'],
    ['a\r\nb', '"a\\u000d\\u000ab"'],
    ['a\u007fb\u0085c', '"a\\u007fb\\u0085c"'],
    ['a\u2028b', '"a\\u2028b"'],
    ['a\u202eb\u2066c', '"a\\u202eb\\u2066c"'],
    ['a\ud800b', '"a\ufffdb"'],
    ['a😀b', '"a😀b"'],
  ])('has nothing in it that a terminal or a reader of lines acts on: %j', (text, cell) => {
    expect(toCell(text)).toBe(cell);
  });

  it('is one well-formed line that begins with no formula, whatever it is made of', () => {
    const units = fc.oneof(
      fc.constantFrom('=', '+', '-', '@', '＝', '＋', '－', '＠', ' ', '\t', '\r', '\n', '"', "'", ';', ',', '\u200b'),
      fc.string({ unit: 'binary', maxLength: 1 }),
    );
    fc.assert(
      fc.property(fc.array(units, { maxLength: 8 }), (pieces) => {
        const cell = toCell(pieces.join(''));
        const inside = cell.slice(1, -1).replaceAll('""', '"');
        for (const piece of inside.split(';')) expect(piece.normalize('NFKC').trim()).not.toMatch(/^"*[=+\-@\t\r]/);
        expect(cell).toMatch(/^"(?:[^"]|"")*"$/);
        expect(cell).not.toMatch(/\p{Cc}/u);
        expect(cell.isWellFormed()).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it('takes a long cell of nothing but spaces and semicolons in a moment', () => {
    const begun = performance.now();
    toCell(`${' '.repeat(100_000)};`.repeat(5));
    toCell(';'.repeat(500_000));
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
