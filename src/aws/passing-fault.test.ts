import { describe, expect, it } from 'vitest';
import { isPassingFault } from './passing-fault.ts';

const fault = (name: string, $metadata?: { readonly httpStatusCode?: number }) =>
  Object.assign(new Error('for a test'), { name, ...($metadata === undefined ? {} : { $metadata }) });

describe('a fault of AWS', () => {
  it.each([
    ['that throttles', fault('ThrottlingException', { httpStatusCode: 400 })],
    ['of the service itself', fault('InternalFailure', { httpStatusCode: 500 })],
    ['without an answer', fault('TimeoutError', {})],
    ['behind an error of our own', new Error('ours', { cause: fault('SlowDown', { httpStatusCode: 503 }) })],
  ])('%s passes', (_name, error) => expect(isPassingFault(error)).toBe(true));

  it.each([
    ['a refusal', fault('AccessDenied', { httpStatusCode: 403 })],
    ['having no credentials', fault('CredentialsProviderError', {})],
    ['an error of our own', new RangeError('not the ARN of a role')],
    ['what is no error', 'TimeoutError'],
  ])('%s does not', (_name, error) => expect(isPassingFault(error)).toBe(false));
});
