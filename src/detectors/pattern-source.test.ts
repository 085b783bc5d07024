import { describe, expect, it } from 'vitest';
import { inAnyCase, parsePattern, writeOptions } from './pattern-source.ts';

describe('the source of a pattern', () => {
  it.each([
    'abc',
    'a|bc|',
    '[a-z]{2,3}?x',
    '[^\\]]{3}',
    '(?:a(b|[cd]){0,2}){1,4}',
    '(?<![0-9]|x{2})a(?=b|c)(?!d)',
    '\\u0041\\.\\s{0,3}.',
  ])('means the same when it has been read and written: %s', (source) => {
    const written = new RegExp(writeOptions(parsePattern(source)), 'g');
    const plain = new RegExp(source, 'g');
    for (const text of ['abc bc abbcab', 'A.  x', 'abx aabbx', ']]] 0a xxab ac', 'ab2ac acd abd']) {
      expect([...text.matchAll(written)].map(({ 0: match, index }) => [match, index])).toEqual(
        [...text.matchAll(plain)].map(({ 0: match, index }) => [match, index]),
      );
    }
  });

  it.each(['a*', 'a+', 'a{2,}', '^a', 'a$', '\\ba', '(a)\\1', '(?<name>a)', 'a)', '(a', '[a', '\\p{L}', 'a{2'])(
    'is refused where it has no bound, or would mean something else in a piece: %s',
    (source) => {
      expect(() => parsePattern(source)).toThrow(SyntaxError);
    },
  );

  it('takes letters in any case, and keeps what captures', () => {
    const pattern = new RegExp(`^(?:${inAnyCase('na(?:me|[xy]t)? (is) [A-Z]')})$`);
    for (const text of ['name is X', 'NAME IS X', 'NaXt Is Q', 'na is A']) expect(text).toMatch(pattern);
    expect('name is x').not.toMatch(pattern);
    expect(pattern.exec('NAME IS X')?.[1]).toBe('IS');
  });
});
