import { describe, expect, it } from 'vitest';
import { at, hasParameter, listAt, toBoolean, toText, UNKNOWN } from './values.ts';

describe('a value of a template', () => {
  it('is found under a path, is absent, or is not known yet', () => {
    const value = { a: { b: [1], c: { Ref: 'P' }, d: { Ref: 'AWS::NoValue' } } };
    expect(at(value, 'a', 'b')).toEqual([1]);
    expect(at(value, 'a', 'c')).toBe(UNKNOWN);
    expect(at(value, 'a', 'c', 'below')).toBe(UNKNOWN);
    expect(at(value, 'a', 'd')).toBeUndefined();
    expect(at(value, 'x', 'y')).toBeUndefined();
    expect(at('text', 'x')).toBe(UNKNOWN);
    expect([listAt(value, 'a', 'b'), listAt(value, 'x'), listAt(value, 'a')]).toEqual([[1], [], UNKNOWN]);
  });

  it('is a switch as a word too, and nothing else is', () => {
    expect([true, 'false', undefined, 'yes', { Ref: 'P' }].map(toBoolean)).toEqual([
      true,
      false,
      undefined,
      UNKNOWN,
      UNKNOWN,
    ]);
  });

  it.each([
    ['text', 'text'],
    [7, '7'],
    [{ Ref: 'AWS::Region' }, '${AWS::Region}'],
    [{ 'Fn::GetAtt': ['Key', 'Arn'] }, '${Key.Arn}'],
    [{ 'Fn::GetAtt': 'Key.Arn' }, '${Key.Arn}'],
    [{ 'Fn::GetAtt': 7 }, undefined],
    [{ 'Fn::Sub': 'a-${B}-${!C}' }, 'a-${B}-${C}'],
    [{ 'Fn::Sub': ['a-${B}', { B: { Ref: 'D' } }] }, 'a-${D}'],
    [{ 'Fn::Sub': ['a-${B}', { B: ['x'] }] }, 'a-${B}'],
    [{ 'Fn::Sub': [7] }, undefined],
    [{ 'Fn::Join': [':', ['arn', { Ref: 'AWS::Partition' }]] }, 'arn:${AWS::Partition}'],
    [{ 'Fn::Join': [':', { Ref: 'P' }] }, undefined],
    [{ 'Fn::Join': [':', [['x']]] }, undefined],
    [{ 'Fn::Join': 'x' }, undefined],
    [{ 'Fn::ImportValue': 'Stack:Key' }, '${Stack:Key}'],
    [{ 'Fn::ImportValue': ['x'] }, '${import}'],
    [{ 'Fn::If': ['C', 'a', 'b'] }, undefined],
    [null, undefined],
  ])('%j as text is %s', (value, text) => {
    expect(toText(value)).toBe(text);
  });

  it('depends on whoever deploys where it names a parameter or can be several', () => {
    const parameters = new Set(['P']);
    expect(['${P}', 'a-${P}', '${?}', '${Bucket.Arn}', 'x'].map((text) => hasParameter(text, parameters))).toEqual([
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
