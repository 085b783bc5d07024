import { type FaultCode, GatewayError } from '../../core/index.ts';
import { toCancelled } from '../cancelled.ts';
import { toRetryAdvice } from '../retry-after.ts';

/** Exceptions of Amazon Bedrock Runtime, and of the SDK, by name. */
const byName: ReadonlyMap<unknown, FaultCode> = new Map([
  ['ValidationException', 'upstreamInvalid'],
  ['ThrottlingException', 'upstreamThrottled'],
  ['ServiceQuotaExceededException', 'upstreamThrottled'],
  ['ModelNotReadyException', 'upstreamNotReady'],
  ['ModelTimeoutException', 'upstreamTimeout'],
  ['ModelErrorException', 'upstreamFailed'],
  ['ModelStreamErrorException', 'upstreamInterrupted'],
  ['ServiceUnavailableException', 'upstreamUnavailable'],
  ['InternalServerException', 'upstreamFailed'],
  ['CredentialsProviderError', 'upstreamForbidden'],
]);

/** Failures to reach the provider at all, by the code Node gives them. */
const byCode: ReadonlyMap<unknown, FaultCode> = new Map([
  ['ECONNREFUSED', 'upstreamUnavailable'],
  ['ECONNRESET', 'upstreamUnavailable'],
  ['EPIPE', 'upstreamUnavailable'],
  ['ENOTFOUND', 'upstreamUnavailable'],
  ['EAI_AGAIN', 'upstreamUnavailable'],
  ['EHOSTUNREACH', 'upstreamUnavailable'],
  ['ENETUNREACH', 'upstreamUnavailable'],
  ['ERR_ADDRESS_NOT_ALLOWED', 'upstreamUnavailable'],
]);

/** Replies that no exception above names, such as those of a proxy, by status. */
const byStatus: ReadonlyMap<unknown, FaultCode> = new Map([
  [400, 'upstreamInvalid'],
  [401, 'upstreamForbidden'],
  [403, 'upstreamForbidden'],
  [408, 'upstreamTimeout'],
  [413, 'upstreamInvalid'],
  [429, 'upstreamThrottled'],
  [503, 'upstreamUnavailable'],
  [504, 'upstreamTimeout'],
]);

/** The fault of a call whose answer did not begin. The provider's own words stay in `cause`. */
export function toUpstreamError(error: unknown, signal: AbortSignal): GatewayError {
  if (error instanceof GatewayError) return error;
  if (signal.aborted) return toCancelled(signal);
  const retryAfter = memberOf(error, '$response', 'headers', 'retry-after');
  return new GatewayError(codeOf(error), { cause: error, ...toRetryAdvice(retryAfter) });
}

/** The fault of an exception within a stream, by its member name there, such as `throttlingException`. */
export function toStreamException(member: string): GatewayError {
  const name = `${member.charAt(0).toUpperCase()}${member.slice(1)}`;
  return new GatewayError(byName.get(name) ?? 'upstreamInterrupted');
}

/** The fault of an answer that broke off on its way. */
export function toInterrupted(error: unknown, signal: AbortSignal): GatewayError {
  if (error instanceof GatewayError) return error;
  if (signal.aborted) return toCancelled(signal);
  return new GatewayError(isTimeout(error) ? 'upstreamTimeout' : 'upstreamInterrupted', { cause: error });
}

function codeOf(error: unknown): FaultCode {
  return (
    byName.get(memberOf(error, 'name')) ??
    byCode.get(memberOf(error, 'code')) ??
    byStatus.get(memberOf(error, '$metadata', 'httpStatusCode')) ??
    (isTimeout(error) ? 'upstreamTimeout' : 'upstreamFailed')
  );
}

function isTimeout(error: unknown): boolean {
  return memberOf(error, 'name') === 'TimeoutError';
}

/** What stands at the end of a path of members; undefined where the path breaks off. */
function memberOf(value: unknown, ...path: readonly string[]): unknown {
  let current = value;
  for (const name of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = Reflect.get(current, name);
  }
  return current;
}
