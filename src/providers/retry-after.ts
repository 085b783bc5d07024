/**
 * What a reply's `retry-after` (RFC 9110, section 10.2.3) advises. Only seconds are advice: a date would need the clocks
 * of two machines to agree.
 */
export function toRetryAdvice(retryAfter: unknown): { readonly retryAfterSeconds?: number } {
  const isSeconds = typeof retryAfter === 'string' && /^\d{1,6}$/.test(retryAfter);
  return isSeconds ? { retryAfterSeconds: Number(retryAfter) } : {};
}
