import { describe, expect, it } from 'vitest';
import { assertSuccess, PolicyError, toProblem } from './policy-error.ts';

const source = { name: 'main.cedar', text: 'permit' };
const error = {
  message: 'for policy `policy0`, something is wrong',
  help: null,
  code: null,
  url: null,
  severity: null,
};

describe('a problem with a policy', () => {
  it('stands at the beginning where Cedar does not say where it lies', () => {
    expect(toProblem(source, error)).toBe('main.cedar:1:1: something is wrong');
  });

  it('names the policy by our id, not by the one Cedar counts', () => {
    expect(toProblem(source, { ...error, help: 'try again' }, 'mine')).toBe(
      'main.cedar:1:1: policy `mine`: something is wrong; try again',
    );
  });
});

describe('an answer of Cedar', () => {
  it('that is a failure is thrown with everything it says', () => {
    const failure = { type: 'failure', errors: [error, { ...error, message: 'and more' }] } as const;
    expect(() => assertSuccess(failure, source)).toThrow(PolicyError);
    expect(() => assertSuccess(failure, source)).toThrow(
      'main.cedar:1:1: something is wrong\nmain.cedar:1:1: and more',
    );
    expect(() => assertSuccess({ type: 'success' } as const, source)).not.toThrow();
  });
});
