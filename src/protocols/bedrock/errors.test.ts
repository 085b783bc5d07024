import { describe, expect, it } from 'vitest';
import { hasServiceModel, shapeOf, violations } from '../../../test/vectors/service-model.suite.ts';
import { type FaultCode, faults, GatewayError } from '../../core/index.ts';
import { requestId } from '../served.suite.ts';
import { toExceptionFrame, writeFault } from './errors.ts';
import { encodeFrames } from './event-stream.ts';
import { headerOf, readFrames } from './wire.suite.ts';

const codes = Object.keys(faults).filter((code): code is FaultCode => Object.hasOwn(faults, code));

/** Errors that every AWS service may answer with, and those of the REST-JSON protocol itself. */
const common = new Set([
  'InvalidSignatureException',
  'RequestEntityTooLargeException',
  'RequestTimeoutException',
  'UnknownOperationException',
  'UnrecognizedClientException',
  'UnsupportedMediaTypeException',
]);

function bodyOf(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes).toString());
}

describe('a Bedrock fault', () => {
  it.each([
    ['invalidRequest', 400, 'ValidationException'],
    ['unsupported', 400, 'ValidationException'],
    ['contentBlocked', 400, 'ValidationException'],
    ['unauthenticated', 403, 'UnrecognizedClientException'],
    ['ambiguousCredentials', 403, 'AccessDeniedException'],
    ['signatureMismatch', 403, 'InvalidSignatureException'],
    ['signatureExpired', 403, 'InvalidSignatureException'],
    ['forbidden', 403, 'AccessDeniedException'],
    ['modelNotFound', 404, 'ResourceNotFoundException'],
    ['methodNotAllowed', 405, 'UnknownOperationException'],
    ['payloadTooLarge', 413, 'RequestEntityTooLargeException'],
    ['answerTooLarge', 413, 'RequestEntityTooLargeException'],
    ['tooManyRequests', 400, 'ServiceQuotaExceededException'],
    ['upstreamThrottled', 429, 'ThrottlingException'],
    ['upstreamNotReady', 429, 'ModelNotReadyException'],
    ['upstreamForbidden', 500, 'InternalServerException'],
    ['upstreamTimeout', 408, 'ModelTimeoutException'],
    ['upstreamFailed', 424, 'ModelErrorException'],
    ['upstreamInterrupted', 424, 'ModelStreamErrorException'],
    ['journalUnavailable', 503, 'ServiceUnavailableException'],
  ] as const)('of %s is a %i %s', (code, status, type) => {
    const reply = writeFault(new GatewayError(code), requestId);
    expect(reply.status).toBe(status);
    expect(reply.headers['x-amzn-errortype']).toBe(type);
    expect(reply.headers['x-amzn-requestid']).toBe(requestId);
    expect(bodyOf(reply.body)).toMatchObject({ message: expect.stringContaining(faults[code].message) });
  });

  it('tells an expired signature from a wrong one', () => {
    const messageOf = (code: FaultCode) => bodyOf(writeFault(new GatewayError(code), requestId).body);
    expect(messageOf('signatureExpired')).toEqual({ message: `Signature expired: ${faults.signatureExpired.message}` });
    expect(messageOf('signatureMismatch')).toEqual({ message: faults.signatureMismatch.message });
  });

  it('never asks an SDK to repeat what the gateway itself refused, but for a want of room, which passes', () => {
    const repeated = codes.filter((code) => writeFault(new GatewayError(code), requestId).status === 429);
    expect(repeated).toEqual(['throttled', 'upstreamThrottled', 'upstreamNotReady']);
  });

  it('says when to try again in whole seconds, where the fault does', () => {
    const late = writeFault(new GatewayError('upstreamThrottled', { retryAfterSeconds: 1.2 }), requestId);
    expect(late.headers['retry-after']).toBe('2');
    expect(writeFault(new GatewayError('upstreamThrottled'), requestId).headers).not.toHaveProperty('retry-after');
  });

  it.skipIf(!hasServiceModel)('has the name, status and members of the service model, or is common to AWS', () => {
    for (const code of codes) {
      const { status, headers, body } = writeFault(new GatewayError(code), requestId);
      const type = headers['x-amzn-errortype'] ?? '';
      if (common.has(type)) continue;
      expect([code, shapeOf(type).error?.httpStatusCode]).toEqual([code, status]);
      expect(violations(type, bodyOf(body))).toEqual([]);
    }
  });

  it.skipIf(!hasServiceModel)('ends a stream with an exception that the stream has', () => {
    const streams = {
      ConverseStream: 'ConverseStreamOutput',
      InvokeModelWithResponseStream: 'ResponseStream',
    } as const;
    for (const operation of ['ConverseStream', 'InvokeModelWithResponseStream'] as const) {
      for (const code of codes) {
        const [frame] = readFrames(encodeFrames([toExceptionFrame(new GatewayError(code), operation)]));
        expect(headerOf(frame, ':message-type')).toBe('exception');
        expect(headerOf(frame, ':content-type')).toBe('application/json');
        const type = headerOf(frame, ':exception-type') ?? '';
        expect(violations(streams[operation], { [type]: bodyOf(frame?.payload ?? Buffer.of()) })).toEqual([]);
      }
    }
  });

  it('ends a stream as the model’s failure where the model’s own exception is not one of the stream', () => {
    const typeOf = (code: FaultCode, operation: Parameters<typeof toExceptionFrame>[1]) =>
      headerOf(readFrames(encodeFrames([toExceptionFrame(new GatewayError(code), operation)]))[0], ':exception-type');
    expect(typeOf('upstreamInterrupted', 'ConverseStream')).toBe('modelStreamErrorException');
    expect(typeOf('upstreamTimeout', 'ConverseStream')).toBe('modelStreamErrorException');
    expect(typeOf('upstreamTimeout', 'InvokeModelWithResponseStream')).toBe('modelTimeoutException');
    expect(typeOf('forbidden', 'ConverseStream')).toBe('internalServerException');
    expect(typeOf('journalUnavailable', 'ConverseStream')).toBe('serviceUnavailableException');
  });
});
