import { describe, expect, it } from 'vitest';
import { readGuardrailHeaders, toNamedGuardrail } from './guardrail-headers.ts';
import { codeOf, errorOf } from './protocol.suite.ts';

const ARN = 'arn:aws:bedrock:us-east-1:111122223333:guardrail/abc';

interface Headers {
  readonly guardrailidentifier?: string;
  readonly guardrailversion?: string;
  readonly trace?: string;
}

const read = (headers: Headers) => {
  const given = new Map(Object.entries(headers).map(([name, value]) => [`x-amzn-bedrock-${name}`, value]));
  return readGuardrailHeaders((name) => given.get(name));
};

describe('the headers of a request', () => {
  it.each([{}, { guardrailidentifier: '', guardrailversion: '' }, { trace: 'ENABLED' }, { trace: 'DISABLED' }])(
    'name no guardrail: %j',
    (headers) => {
      expect(read(headers)).toBeUndefined();
    },
  );

  it.each([
    [undefined, undefined],
    ['DISABLED', undefined],
    ['ENABLED', 'found'],
    ['ENABLED_FULL', 'full'],
  ])('name one, and with the trace %s ask to be told %s', (trace, told) => {
    const headers = { guardrailidentifier: 'abc', guardrailversion: '3', ...(trace === undefined ? {} : { trace }) };
    expect(read(headers)).toEqual({
      identifier: 'abc',
      version: '3',
      ...(told === undefined ? {} : { trace: told }),
    });
  });

  it.each([
    [{ guardrailidentifier: 'abc' }, 'invalidRequest'],
    [{ guardrailversion: '1' }, 'invalidRequest'],
    [{ guardrailidentifier: 'abc', guardrailversion: '1', trace: 'enabled' }, 'unsupported'],
    [{ trace: 'SOMETIMES' }, 'unsupported'],
  ])('are refused as %j', (headers, code) => {
    expect(codeOf(() => read(headers))).toBe(code);
  });
});

describe('a guardrail by its names', () => {
  it.each([
    ['abc', '1'],
    ['0a1b', '99999999'],
    [ARN, 'DRAFT'],
    [ARN.replace('arn:aws:', 'arn:aws-us-gov:'), '2'],
  ])('is %s in version %s', (identifier, version) => {
    expect(toNamedGuardrail({ identifier, version }, undefined)).toEqual({ identifier, version });
  });

  it.each([
    ['ABC', '1'],
    ['a-b', '1'],
    ['a/../b', '1'],
    [`${ARN}/version/1`, '1'],
    [ARN.replace('guardrail/', 'guardrail-profile/'), '1'],
    [ARN.replace('111122223333', '1111'), '1'],
    ['a'.repeat(2_049), '1'],
    ['abc', '0'],
    ['abc', '01'],
    ['abc', 'draft'],
    ['abc', '1.5'],
    ['abc', '100000000'],
    ['abc', ''],
  ])('is none as %s in version %s, and the error says which half and repeats neither', (identifier, version) => {
    const refuse = () => toNamedGuardrail({ identifier, version }, 'found');
    expect(codeOf(refuse)).toBe('invalidRequest');
    const half = identifier === 'abc' ? 'version' : 'identifier';
    expect(errorOf(refuse)).toMatchObject({ message: `The request is not valid: the guardrail ${half} is none.` });
  });
});
