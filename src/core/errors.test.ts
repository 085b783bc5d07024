import { describe, expect, it } from 'vitest';
import { type FaultCode, faults, GatewayError, toGatewayError } from './errors.ts';

describe('a fault', () => {
  it.each(Object.keys(faults) as FaultCode[])('%s has the status and the message of the table', (code) => {
    const error = new GatewayError(code);
    expect(error).toMatchObject({ code, status: faults[code].status, message: faults[code].message });
    expect(error.message).toMatch(/^[A-Z].*\.$/);
    expect(error.status).toBeGreaterThanOrEqual(400);
    expect(error.status).toBeLessThan(600);
  });

  it('says in one sentence what exactly is wrong', () => {
    const error = new GatewayError('invalidRequest', { detail: 'a key was expected' });
    expect(error.message).toBe('The request is not valid: a key was expected.');
  });

  it('keeps its cause and the time to wait, and no cause changes its message', () => {
    const cause = new Error('secret');
    const error = new GatewayError('upstreamThrottled', { cause, retryAfterSeconds: 3 });
    expect(error.cause).toBe(cause);
    expect(error.retryAfterSeconds).toBe(3);
    expect(error.message).not.toContain('secret');
  });
});

describe('toGatewayError', () => {
  it('leaves a fault as it is', () => {
    const error = new GatewayError('forbidden');
    expect(toGatewayError(error)).toBe(error);
  });

  it.each([new Error('secret'), 'secret', undefined, { code: 'forbidden', message: 'secret' }])(
    'makes anything else internal and says nothing of it',
    (thrown) => {
      const error = toGatewayError(thrown);
      expect(error.code).toBe('internal');
      expect(error.message).toBe(faults.internal.message);
      expect(error.cause).toBe(thrown);
    },
  );
});
