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
  credentialsUnavailable: true,
  journalUnavailable: true,
  shuttingDown: true,
  upstreamForbidden: false,
};

/** Seconds above which a wait is that for a new budget, not for a free slot. */
const LONGEST_WAIT = 60;

/**
 * `x-should-retry`, which the OpenAI and Anthropic SDKs put before their own rule, and `retry-after` in seconds.
 *
 * Of a long wait the one sleeps through all of it with its caller waiting, and the other asks again at once.
 */
export function toRetryHeaders({ code, retryAfterSeconds }: GatewayError): Readonly<Record<string, string>> {
  const shouldRetry = (retryAfterSeconds ?? 0) > LONGEST_WAIT ? false : advice[code];
  return {
    ...(shouldRetry === undefined ? {} : { 'x-should-retry': String(shouldRetry) }),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterSeconds)) }),
  };
}
