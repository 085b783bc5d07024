import { type FaultCode, faults, type GatewayError, type RequestId, type WireReply } from '../../core/index.ts';
import { toRetryHeaders } from '../retry-advice.ts';

/** `error.type` of the Anthropic API (docs.anthropic.com/en/api/errors). */
type ErrorType =
  | 'invalid_request_error'
  | 'authentication_error'
  | 'permission_error'
  | 'not_found_error'
  | 'request_too_large'
  | 'rate_limit_error'
  | 'timeout_error'
  | 'overloaded_error'
  | 'api_error';

const types: Record<FaultCode, ErrorType> = {
  invalidRequest: 'invalid_request_error',
  unsupported: 'invalid_request_error',
  uninspectable: 'invalid_request_error',
  contentBlocked: 'invalid_request_error',
  unauthenticated: 'authentication_error',
  ambiguousCredentials: 'authentication_error',
  signatureMismatch: 'authentication_error',
  signatureExpired: 'authentication_error',
  forbidden: 'permission_error',
  hostNotAllowed: 'permission_error',
  guardrailNotFound: 'not_found_error',
  modelNotFound: 'not_found_error',
  routeNotFound: 'not_found_error',
  methodNotAllowed: 'invalid_request_error',
  requestTimeout: 'timeout_error',
  payloadTooLarge: 'request_too_large',
  answerTooLarge: 'request_too_large',
  unsupportedMediaType: 'invalid_request_error',
  tooManyRequests: 'rate_limit_error',
  throttled: 'rate_limit_error',
  clientClosed: 'api_error',
  internal: 'api_error',
  inspectionFailed: 'api_error',
  credentialsUnavailable: 'api_error',
  journalUnavailable: 'api_error',
  overloaded: 'overloaded_error',
  shuttingDown: 'overloaded_error',
  upstreamInvalid: 'invalid_request_error',
  upstreamForbidden: 'api_error',
  upstreamThrottled: 'rate_limit_error',
  upstreamNotReady: 'overloaded_error',
  upstreamTimeout: 'timeout_error',
  upstreamUnavailable: 'overloaded_error',
  upstreamFailed: 'api_error',
  upstreamInterrupted: 'api_error',
};

/** Where the API's status is not the fault's own: 401 for every bad credential, 529 for every overload. */
const statuses: Partial<Record<FaultCode, number>> = {
  signatureMismatch: 401,
  signatureExpired: 401,
  overloaded: 529,
  shuttingDown: 529,
  upstreamNotReady: 529,
  upstreamUnavailable: 529,
};

/** The JSON text of the API's error object; also the data of a stream's `error` event. */
export function writeError(error: GatewayError, requestId: RequestId): string {
  return JSON.stringify({
    type: 'error',
    error: { type: types[error.code], message: error.message },
    request_id: requestId,
  });
}

export function writeFault(error: GatewayError, requestId: RequestId): WireReply {
  return {
    status: statuses[error.code] ?? faults[error.code].status,
    headers: { 'content-type': 'application/json', 'request-id': requestId, ...toRetryHeaders(error) },
    body: Buffer.from(writeError(error, requestId)),
  };
}
