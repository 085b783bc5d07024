import { describe, expect, it } from 'vitest';
import { escapesOf, unfinishedEscape } from './escapes.ts';

function decoded(text: string): string {
  const next = escapesOf(text);
  let result = '';
  let at = 0;
  for (let sequence = next(0); sequence !== undefined; sequence = next(sequence.end)) {
    result += text.slice(at, sequence.start) + sequence.text;
    at = sequence.end;
  }
  return result + text.slice(at);
}

describe('escapes', () => {
  it.each([
    ['%41%7e%2F', 'A~/'],
    ['%2541 %252541', 'A A'],
    ['%c3%A9 %e2%82%AC %f0%9f%99%82', 'é € 🙂'],
    ['%e2%82 %80 %c1%81 %f5%80%80%80', '%e2%82 %80 %c1%81 %f5%80%80%80'],
    ['&#65;&#x41;&#X1f642;&#65 &amp;#65;&amp;amp;#65;', 'AA🙂A AA'],
    ['&commat;&period;&nbsp;&amp;commat;', '@. @'],
    ['&amp; &constructor; &copy;', '&amp; &constructor; &copy;'],
    ['&#9999999;', '\ufffd'],
    ['\\u0041\\x41\\u{41}\\/', 'AAA/'],
    ['\\\\u0041 \\\\\\\\u0041', 'A A'],
    ['\\ud83d\\ude42', '🙂'],
    ['\\n \\" \\t', '\\n \\" \\t'],
    ['plain', 'plain'],
  ])('read %j as %j', (text, expected) => {
    expect(decoded(text)).toBe(expected);
  });

  it('are looked for from any offset on', () => {
    const next = escapesOf('%41 %42 %43');
    expect(next(1)).toEqual({ start: 4, end: 7, text: 'B' });
    expect(next(4)?.text).toBe('B');
    expect(next(9)).toBeUndefined();
  });

  it.each([
    ...[
      '%',
      '%4',
      '%25',
      '%252',
      '%2525',
      '%25254',
      '%e2',
      '%e2%',
      '%e2%8',
      '%e2%82',
      '%e2%82%',
      '%c3%a',
      '%f0%9f%99%8',
    ],
    ...['&', '&a', '&amp;', '&amp;amp;#', '&#', '&#x', '&#x41', '&#12', '&commat', '&ZeroWidthSpace'],
    ...['\\', '\\\\\\\\', '\\u', '\\u00', '\\u{4', '\\ud83d', '\\ud83d\\', '\\ud83d\\ude4', '\\x', '\\x4'],
  ])('may begin with %j at the end of a text', (beginning) => {
    expect(unfinishedEscape(`some ${beginning}`)).toBe(5);
    expect(unfinishedEscape(`${'long '.repeat(10)}${beginning}`)).toBe(50);
  });

  it.each(['', 'a', '%41', '% ', '100%!', '&;', '&nbsp;', '\\n', '\\x41', '\\/', `&${'a'.repeat(40)}`])(
    'do not begin with %j',
    (text) => {
      expect(unfinishedEscape(text)).toBe(text.length);
    },
  );
});
