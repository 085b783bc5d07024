import { GatewayError, type RequestHead } from '../../core/index.ts';
import { valuesOf } from '../header-values.ts';
import { parseClaim, type SignatureClaim } from './claim.ts';

const SCHEME = 'AWS4-HMAC-SHA256';
/** SDKs write the fields in this order, with or without a space after the comma. */
const AUTHORIZATION = /^AWS4-HMAC-SHA256 Credential=([^\s,]+), ?SignedHeaders=([^\s,]+), ?Signature=([^\s,]+)$/;

/** Whether an Authorization header is meant to be a signature. */
export function isSignature(authorization: string): boolean {
  return authorization.startsWith(SCHEME);
}

/**
 * Reads a signature from the Authorization header
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html). Throws `unauthenticated`.
 */
export function parseHeaderClaim(head: RequestHead, authorization: string): SignatureClaim {
  const match = AUTHORIZATION.exec(authorization);
  if (match === null) {
    throw new GatewayError('unauthenticated', {
      detail: 'the authorization header is not credential, headers, signature',
    });
  }
  // Every group takes part in a match.
  const [credential, signedHeaders, signature] = match.slice(1) as [string, string, string];
  const [timestamp, ...moreTimestamps] = valuesOf(head, 'x-amz-date');
  const [sessionToken, ...moreTokens] = valuesOf(head, 'x-amz-security-token');
  if (timestamp === undefined || moreTimestamps.length > 0 || moreTokens.length > 0) {
    throw new GatewayError('unauthenticated', { detail: 'a signature takes one x-amz-date and at most one token' });
  }
  const bodyHashes = valuesOf(head, 'x-amz-content-sha256');
  return {
    form: 'header',
    ...parseClaim({ credential, timestamp, signedHeaders, signature, bodyHashes }),
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}
