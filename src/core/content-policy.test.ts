import { describe, expect, it } from 'vitest';
import { strictest, toBlocked, toContentPolicy } from './content-policy.ts';

const policy = toContentPolicy({
  input: { EMAIL: 'mask', PROMPT_ATTACK: 'block', PHONE: 'allow' },
  output: { EMAIL: 'allow' },
  blockedInputMessage: 'in',
  blockedOutputMessage: 'out',
});
const found = (type: 'EMAIL' | 'PROMPT_ATTACK' | 'PHONE' | 'URL') => ({ type, detector: 'one' });

describe('a policy by types', () => {
  it('says by side what is done about a finding, and ignores what it does not name', () => {
    expect(policy.input.actionOf(found('EMAIL'))).toBe('mask');
    expect(policy.output.actionOf(found('EMAIL'))).toBe('allow');
    expect(policy.input.actionOf(found('URL'))).toBe('ignore');
  });

  it('does about a finding what is strictest of all that lies in it', () => {
    expect(policy.input.actionOf({ ...found('EMAIL'), also: [found('URL'), found('PROMPT_ATTACK')] })).toBe('block');
    expect(policy.input.actionOf({ ...found('URL'), also: [found('PHONE')] })).toBe('allow');
  });

  it('tells of a block each type once, and the message of its side', () => {
    const by = [found('EMAIL'), found('PHONE'), found('EMAIL')];
    expect(toBlocked(policy.input, by)).toEqual({ types: ['EMAIL', 'PHONE'], message: 'in' });
    expect(toBlocked(policy.output, [])).toEqual({ types: [], message: 'out' });
  });
});

it('ranks actions from doing nothing to blocking', () => {
  expect(strictest([])).toBe('ignore');
  expect(strictest(['allow', 'ignore'])).toBe('allow');
  expect(strictest(['allow', 'mask', 'ignore'])).toBe('mask');
  expect(strictest(['mask', 'block', 'mask'])).toBe('block');
});
