import { type FaultCode, faults, type GatewayError, type RequestId, type WireReply } from '../../core/index.ts';
import { toRetryHeaders } from '../retry-advice.ts';

interface ErrorKind {
  readonly type:
    | 'invalid_request_error'
    | 'authentication_error'
    | 'permission_error'
    | 'rate_limit_error'
    | 'server_error';
  readonly code: string | null;
}

const invalidRequest = { type: 'invalid_request_error', code: null } as const;
const authentication = { type: 'authentication_error', code: 'invalid_api_key' } as const;
const permission = { type: 'permission_error', code: null } as const;
const rateLimit = { type: 'rate_limit_error', code: 'rate_limit_exceeded' } as const;
const server = { type: 'server_error', code: null } as const;

/** `type` and `code` of the OpenAI API's errors (platform.openai.com/docs/guides/error-codes). */
const kinds: Record<FaultCode, ErrorKind> = {
  invalidRequest,
  unsupported: { type: 'invalid_request_error', code: 'unsupported_parameter' },
  uninspectable: { type: 'invalid_request_error', code: 'uninspectable_content' },
  contentBlocked: { type: 'invalid_request_error', code: 'content_filter' },
  unauthenticated: authentication,
  ambiguousCredentials: authentication,
  signatureMismatch: authentication,
  signatureExpired: authentication,
  forbidden: permission,
  hostNotAllowed: permission,
  guardrailNotFound: { type: 'invalid_request_error', code: 'guardrail_not_found' },
  modelNotFound: { type: 'invalid_request_error', code: 'model_not_found' },
  routeNotFound: { type: 'invalid_request_error', code: 'unknown_url' },
  methodNotAllowed: { type: 'invalid_request_error', code: 'method_not_supported' },
  requestTimeout: invalidRequest,
  payloadTooLarge: invalidRequest,
  answerTooLarge: invalidRequest,
  unsupportedMediaType: invalidRequest,
  tooManyRequests: rateLimit,
  throttled: rateLimit,
  clientClosed: invalidRequest,
  internal: server,
  inspectionFailed: server,
  credentialsUnavailable: server,
  journalUnavailable: server,
  overloaded: server,
  shuttingDown: server,
  upstreamInvalid: invalidRequest,
  upstreamForbidden: server,
  upstreamThrottled: rateLimit,
  upstreamNotReady: rateLimit,
  upstreamTimeout: server,
  upstreamUnavailable: server,
  upstreamFailed: server,
  upstreamInterrupted: server,
};

/** Where the API's status is not the fault's own: every bad credential is a 401. */
const statuses: Partial<Record<FaultCode, number>> = { signatureMismatch: 401, signatureExpired: 401 };

const responseCodes = {
  invalid_request_error: 'invalid_prompt',
  authentication_error: 'server_error',
  permission_error: 'server_error',
  rate_limit_error: 'rate_limit_exceeded',
  server_error: 'server_error',
} as const satisfies Record<ErrorKind['type'], string>;

/** The JSON text of the API's error object; also the data of a stream's last event where it failed on its way. */
export function writeError({ code, message }: GatewayError): string {
  const kind = kinds[code];
  return JSON.stringify({ error: { message, type: kind.type, param: null, code: kind.code } });
}

/** What a response says of its own failure: the codes it has for that are others than those of errors. */
export function toResponseError({ code, message }: GatewayError): { readonly code: string; readonly message: string } {
  return { code: responseCodes[kinds[code].type], message };
}

export function writeFault(error: GatewayError, requestId: RequestId): WireReply {
  return {
    status: statuses[error.code] ?? faults[error.code].status,
    headers: { 'content-type': 'application/json', 'x-request-id': requestId, ...toRetryHeaders(error) },
    body: Buffer.from(writeError(error)),
  };
}
