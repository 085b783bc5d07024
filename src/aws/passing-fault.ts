const THROTTLED = /^(?:Throttl|TooManyRequests|RequestLimitExceeded|ProvisionedThroughputExceeded|SlowDown)/;
/** Of the SDK, where there is nobody's name to call in. */
const NO_CREDENTIALS = 'CredentialsProviderError';

/** Whether a call of AWS failed for what passes: no answer, throttling or a fault of AWS, itself or what caused it. */
export function isPassingFault(error: unknown): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    if (THROTTLED.test(at.name)) return true;
    if (at.name === NO_CREDENTIALS) return false;
    // The SDK puts it on what it gave up; without a status there was no answer.
    const { $metadata } = at as { readonly $metadata?: { readonly httpStatusCode?: number } };
    if ($metadata !== undefined) return ($metadata.httpStatusCode ?? 500) >= 500;
  }
  return false;
}
