import type { FaultCode, GatewayError } from '../core/index.ts';

/**
 * Where the official SDKs' own rule (again after 408, 409, 429 and 5xx) would be wrong. A refusal stands however often
 * it is asked, and a check that failed must not be paid for three times over; a request that one replica cannot record
 * another may.
 */
const advice: Partial<Record<FaultCode, boolean>> = {
  contentBlocked: false,
  forbidden: false,
  hostNotAllowed: false,
  inspectionFailed: false,
  journalUnavailable: true,
  shuttingDown: true,
  upstreamForbidden: false,
};

/** `x-should-retry`, which the OpenAI and Anthropic SDKs put before their own rule, and `retry-after` in seconds. */
export function toRetryHeaders({ code, retryAfterSeconds }: GatewayError): Readonly<Record<string, string>> {
  const shouldRetry = advice[code];
  return {
    ...(shouldRetry === undefined ? {} : { 'x-should-retry': String(shouldRetry) }),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
  };
}
