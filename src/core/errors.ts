/**
 * Every fault a caller can see: HTTP status and public message.
 *
 * A policy's block is a decision, not a fault, and stands elsewhere. Protocols map each code to their own
 * exception names; `docs/reference/errors.md` is compared with this table by test.
 */
export const faults = {
  invalidRequest: { status: 400, message: 'The request is not valid.' },
  unsupported: { status: 400, message: 'The request uses a feature this gateway does not pass on.' },
  uninspectable: { status: 400, message: 'The request holds content the gateway cannot inspect.' },
  contentBlocked: { status: 400, message: 'The request was blocked by a content policy.' },
  unauthenticated: { status: 401, message: 'No valid credential was presented.' },
  ambiguousCredentials: { status: 401, message: 'More than one credential was presented.' },
  signatureMismatch: { status: 403, message: 'The request signature does not match.' },
  signatureExpired: { status: 403, message: 'The request signature is outside the accepted time window.' },
  forbidden: { status: 403, message: 'No policy permits this request.' },
  hostNotAllowed: { status: 403, message: 'The Host header names no host this gateway answers for.' },
  modelNotFound: { status: 404, message: 'No such model.' },
  guardrailNotFound: { status: 404, message: 'No such guardrail, or no such version of it.' },
  routeNotFound: { status: 404, message: 'No such route.' },
  methodNotAllowed: { status: 405, message: 'The route does not accept this method.' },
  requestTimeout: { status: 408, message: 'The request was not received in time.' },
  payloadTooLarge: { status: 413, message: 'The request is larger than this gateway accepts.' },
  answerTooLarge: { status: 413, message: 'The answer is larger than this front door carries.' },
  unsupportedMediaType: { status: 415, message: 'The request body must be uncompressed JSON in UTF-8.' },
  tooManyRequests: { status: 429, message: 'Too many requests.' },
  throttled: { status: 429, message: 'Too much is under way from one source.' },
  clientClosed: { status: 499, message: 'The client closed the connection.' },
  internal: { status: 500, message: 'The gateway failed; the request id identifies the incident.' },
  inspectionFailed: { status: 503, message: 'A check could not be carried out, so the request was refused.' },
  credentialsUnavailable: { status: 503, message: 'The credential cannot be looked up, so the request is refused.' },
  journalUnavailable: { status: 503, message: 'The request cannot be recorded, so it is refused.' },
  overloaded: { status: 503, message: 'The gateway has no room for the request.' },
  shuttingDown: { status: 503, message: 'The gateway is shutting down.' },
  upstreamInvalid: { status: 400, message: 'The model provider refused the request as not valid.' },
  upstreamForbidden: { status: 502, message: 'The model provider refused the gateway.' },
  upstreamThrottled: { status: 429, message: 'The model provider is throttling requests.' },
  upstreamNotReady: { status: 429, message: 'The model is not ready.' },
  upstreamTimeout: { status: 504, message: 'The model provider did not answer in time.' },
  upstreamUnavailable: { status: 503, message: 'The model provider is unavailable.' },
  upstreamFailed: { status: 502, message: 'The model provider failed.' },
  upstreamInterrupted: { status: 502, message: 'The model provider broke off its answer.' },
} as const;

export type FaultCode = keyof typeof faults;

interface FaultOptions {
  /** What exactly is wrong, for the caller. INVARIANT: never holds inspected content or a secret. */
  readonly detail?: string;
  readonly cause?: unknown;
  /** Seconds after which the caller may try again. */
  readonly retryAfterSeconds?: number;
}

/** A fault with a code of the table above. `message` is fit for the caller; `cause` is for nobody but the debugger. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: FaultCode;
  readonly status: number;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: FaultCode, options: FaultOptions = {}) {
    const { status, message } = faults[code];
    super(options.detail === undefined ? message : `${message.slice(0, -1)}: ${options.detail}.`, {
      cause: options.cause,
    });
    this.code = code;
    this.status = status;
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** The fault itself, or `internal` around anything else: an unknown error's text never reaches a caller. */
export function toGatewayError(error: unknown): GatewayError {
  return error instanceof GatewayError ? error : new GatewayError('internal', { cause: error });
}
