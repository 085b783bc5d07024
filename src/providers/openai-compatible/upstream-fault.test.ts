import { errors } from 'undici';
import { describe, expect, it } from 'vitest';
import { failed, toConnectionFault } from './upstream-fault.ts';

describe('the fault of a connection', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:80'), { code: 'ECONNREFUSED' });

  it.each([
    [new errors.ConnectTimeoutError(), 'upstreamTimeout', 'upstreamTimeout'],
    [Object.assign(new Error(), { code: 'ETIMEDOUT' }), 'upstreamTimeout', 'upstreamTimeout'],
    [new errors.HeadersOverflowError(), 'upstreamFailed', 'upstreamInterrupted'],
    [new errors.HTTPParserError('x'), 'upstreamFailed', 'upstreamInterrupted'],
    [new errors.SocketError('x'), 'upstreamUnavailable', 'upstreamInterrupted'],
    [refused, 'upstreamUnavailable', 'upstreamInterrupted'],
    ['a string', 'upstreamUnavailable', 'upstreamInterrupted'],
  ])('%o depends on whether an answer had begun', (error, before, within) => {
    expect([toConnectionFault(error, false).code, toConnectionFault(error, true).code]).toEqual([before, within]);
  });

  it('keeps class and code of its cause, and nothing else', () => {
    const { cause } = toConnectionFault(refused, false);
    expect(cause).toMatchObject({ name: 'Error', code: 'ECONNREFUSED', message: 'ECONNREFUSED' });
    expect(failed('x', new SyntaxError('"secret" is not valid JSON')).cause).toMatchObject({
      name: 'SyntaxError',
      message: '',
    });
    expect(failed('x').cause).toBeUndefined();
  });
});
