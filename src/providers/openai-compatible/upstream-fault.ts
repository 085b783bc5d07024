import { type FaultCode, GatewayError } from '../../core/index.ts';
import { toRetryAdvice } from '../retry-after.ts';

/** Replies that are no answer, by status. Any other, a redirect among them, is `upstreamFailed`. */
const byStatus: ReadonlyMap<unknown, FaultCode> = new Map([
  [400, 'upstreamInvalid'],
  [401, 'upstreamForbidden'],
  [403, 'upstreamForbidden'],
  [404, 'upstreamInvalid'],
  [408, 'upstreamTimeout'],
  [413, 'upstreamInvalid'],
  [422, 'upstreamInvalid'],
  [429, 'upstreamThrottled'],
  [503, 'upstreamUnavailable'],
  [504, 'upstreamTimeout'],
  [529, 'upstreamUnavailable'],
]);

/** The code of a status; `upstreamFailed` for what is none. */
export function codeOfStatus(status: unknown): FaultCode {
  return byStatus.get(status) ?? 'upstreamFailed';
}

/** The fault of a reply's status. */
export function toStatusFault(status: number, retryAfter: unknown): GatewayError {
  return new GatewayError(codeOfStatus(status), {
    cause: Object.assign(new Error('not an answer'), { code: `HTTP_${status}` }),
    ...toRetryAdvice(retryAfter),
  });
}

/** The fault of a connection. Before the head of an answer nothing was answered; after it, the answer broke off. */
export function toConnectionFault(error: unknown, isAnswering: boolean): GatewayError {
  return new GatewayError(codeOfConnection(error, isAnswering), { cause: withoutWords(error) });
}

/** Codes of undici for a head that is too large, or says two lengths. */
const MALFORMED: ReadonlySet<string> = new Set(['UND_ERR_HEADERS_OVERFLOW', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH']);

function codeOfConnection(error: unknown, isAnswering: boolean): FaultCode {
  const code = codeOf(error);
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || code === 'ETIMEDOUT') return 'upstreamTimeout';
  if (isAnswering) return 'upstreamInterrupted';
  const isMalformed = error instanceof Error && error.name === 'HTTPParserError';
  return isMalformed || MALFORMED.has(code) ? 'upstreamFailed' : 'upstreamUnavailable';
}

/** An answer the gateway does not take. `detail` is of our own words. */
export function failed(detail: string, cause?: unknown): GatewayError {
  return new GatewayError('upstreamFailed', { detail, cause: withoutWords(cause) });
}

/**
 * What may be kept of an error: class and code. Its message, or bytes it holds, may be of the answer: `JSON.parse`
 * quotes the text it fails on.
 */
function withoutWords(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = codeOf(error);
  return Object.assign(new Error(code), { name: error.name }, code === '' ? {} : { code });
}

function codeOf(error: unknown): string {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : '';
}
