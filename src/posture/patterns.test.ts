import { assert, property, stringMatching } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlap, takes, takesAction } from './patterns.ts';

describe('a pattern of IAM', () => {
  it.each([
    ['*', 'anything\nat all', true],
    ['a?c', 'abc', true],
    ['a?c', 'ac', false],
    ['a.c', 'abc', false],
    ['s3:::${Bucket}/*', 's3:::b/x', true],
    ['s3:::b/*', 's3:::bb/x', false],
  ])('%s takes %j: %s', (pattern, text, is) => {
    expect(takes(pattern, text)).toBe(is);
  });

  it('takes an action in any case', () => {
    expect([takesAction('BEDROCK:invoke*', 'bedrock:InvokeModel'), takes('A', 'a')]).toEqual([true, false]);
  });

  it.each([
    ['a*', 'ab#*', true],
    ['a#*', 'ab#*', false],
    ['*b', 'a*', true],
    ['a?', 'ab', true],
    ['', '*', true],
    ['', 'a', false],
    ['${One.Arn}/*', '${Other.Arn}/*', false],
    ['${One.Arn}/*', '${One.Arn}/a', true],
    ['${One.Arn}/*', 'arn:aws:s3:::b/*', true],
    ['arn:${AWS::Partition}:s3:::${A}/*', 'arn:${AWS::Partition}:s3:::${B}/*', false],
  ])('%s and %s have a text in common: %s', (one, other, is) => {
    expect([overlap(one, other), overlap(other, one)]).toEqual([is, is]);
  });

  it('has whatever both patterns take in common', () => {
    const patterns = stringMatching(/^[ab*?]{0,6}$/);
    const texts = stringMatching(/^[ab]{0,5}$/);
    assert(
      property(patterns, patterns, texts, (one, other, text) => {
        if (takes(one, text) && takes(other, text)) expect(overlap(one, other)).toBe(true);
      }),
    );
  });
});
