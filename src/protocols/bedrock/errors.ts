import { type FaultCode, faults, type GatewayError, type RequestId, type WireReply } from '../../core/index.ts';
import { encodeStringHeaders, type OutgoingFrame } from './event-stream.ts';

/** An exception's name and HTTP status, where it is not the fault's own. */
type Exception = readonly [type: string, status?: number];

/**
 * What a caller of Amazon Bedrock Runtime sees of each fault
 * (docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Operations_Amazon_Bedrock_Runtime.html), and the common
 * errors of AWS services for what comes before the operation.
 */
const exceptions: Record<FaultCode, Exception> = {
  invalidRequest: ['ValidationException'],
  unsupported: ['ValidationException'],
  uninspectable: ['ValidationException'],
  contentBlocked: ['ValidationException'],
  unauthenticated: ['UnrecognizedClientException', 403],
  ambiguousCredentials: ['AccessDeniedException', 403],
  signatureMismatch: ['InvalidSignatureException'],
  signatureExpired: ['InvalidSignatureException'],
  forbidden: ['AccessDeniedException'],
  hostNotAllowed: ['AccessDeniedException'],
  modelNotFound: ['ResourceNotFoundException'],
  guardrailNotFound: ['ResourceNotFoundException'],
  routeNotFound: ['UnknownOperationException'],
  methodNotAllowed: ['UnknownOperationException'],
  requestTimeout: ['RequestTimeoutException'],
  payloadTooLarge: ['RequestEntityTooLargeException'],
  answerTooLarge: ['RequestEntityTooLargeException'],
  unsupportedMediaType: ['UnsupportedMediaTypeException'],
  // The SDKs repeat a request after 429 at once, and a caller over its budget would only be refused again.
  tooManyRequests: ['ServiceQuotaExceededException', 400],
  throttled: ['ThrottlingException'],
  clientClosed: ['RequestTimeoutException', 408],
  internal: ['InternalServerException'],
  inspectionFailed: ['ServiceUnavailableException'],
  credentialsUnavailable: ['ServiceUnavailableException'],
  journalUnavailable: ['ServiceUnavailableException'],
  overloaded: ['ServiceUnavailableException'],
  shuttingDown: ['ServiceUnavailableException'],
  upstreamInvalid: ['ValidationException'],
  upstreamForbidden: ['InternalServerException', 500],
  upstreamThrottled: ['ThrottlingException'],
  upstreamNotReady: ['ModelNotReadyException'],
  upstreamTimeout: ['ModelTimeoutException', 408],
  upstreamUnavailable: ['ServiceUnavailableException'],
  upstreamFailed: ['ModelErrorException', 424],
  upstreamInterrupted: ['ModelStreamErrorException', 424],
};

/** The reply that the AWS SDKs read as an exception: its name in a header, its message in the body. */
export function writeFault(error: GatewayError, requestId: RequestId): WireReply {
  const [type, status = faults[error.code].status] = exceptions[error.code];
  const { retryAfterSeconds } = error;
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': type,
      ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
    },
    body: Buffer.from(messageText(error)),
  };
}

/** The exceptions that a stream of each kind may end with; SDKs have no class for any other. */
const streamed = {
  ConverseStream: new Set([
    'InternalServerException',
    'ModelStreamErrorException',
    'ValidationException',
    'ThrottlingException',
    'ServiceUnavailableException',
  ]),
  InvokeModelWithResponseStream: new Set([
    'InternalServerException',
    'ModelStreamErrorException',
    'ValidationException',
    'ThrottlingException',
    'ModelTimeoutException',
    'ServiceUnavailableException',
  ]),
} as const;

/** The last frame of a stream that failed. What the stream has no exception for is the model's own failure. */
export function toExceptionFrame(error: GatewayError, operation: keyof typeof streamed): OutgoingFrame {
  const [type] = exceptions[error.code];
  const known = streamed[operation].has(type) ? type : fallbackOf(error.code);
  return {
    headers: encodeStringHeaders({
      ':exception-type': `${known.charAt(0).toLowerCase()}${known.slice(1)}`,
      ':content-type': 'application/json',
      ':message-type': 'exception',
    }),
    payload: messageText(error),
  };
}

function fallbackOf(code: FaultCode): string {
  return code.startsWith('upstream') ? 'ModelStreamErrorException' : 'InternalServerException';
}

/** The body of an exception. AWS words an expired signature so that clients know it from a wrong one. */
function messageText({ code, message }: GatewayError): string {
  return JSON.stringify({ message: code === 'signatureExpired' ? `Signature expired: ${message}` : message });
}
