import { createHmac, hash, type KeyObject, timingSafeEqual } from 'node:crypto';
import { GatewayError, type RequestHead } from '../../core/index.ts';
import { toCanonicalHeaders } from './canonical-headers.ts';
import { toCanonicalPath } from './canonical-path.ts';
import { toCanonicalQuery } from './canonical-query.ts';
import type { SigningRules } from './check-claim.ts';
import type { SignatureClaim } from './claim.ts';

/** A signed request; `claim` was read from `head`. */
export interface SignedRequest {
  readonly head: RequestHead;
  readonly claim: SignatureClaim;
  readonly rules: SigningRules;
  readonly body: Uint8Array;
}

/** What a signature is verified with. */
export interface SigningIdentity {
  /** Of the claim's scope. */
  readonly signingKey: KeyObject;
  readonly sessionToken?: string;
}

const BYTES_ONLY = /^[\x00-\xff]*$/;

/**
 * Verifies a signature over a whole request
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Pure; the claim must have been
 * checked.
 *
 * INVARIANT: the body hash is computed from the body received, whatever the request declares.
 */
export function verifySignature({ head, claim, rules, body }: SignedRequest, identity: SigningIdentity): void {
  if (claim.sessionToken !== identity.sessionToken) throw new GatewayError('unauthenticated');
  const bodyHash = hash('sha256', body, 'hex');
  if (claim.bodyHashes.some((declared) => declared !== bodyHash)) {
    throw new GatewayError('signatureMismatch', { detail: 'the body is not the one that was signed' });
  }
  const expected = createHmac('sha256', identity.signingKey)
    .update(toStringToSign(claim, toCanonicalRequest({ head, claim, rules }, bodyHash)))
    .digest();
  if (!timingSafeEqual(expected, Buffer.from(claim.signature, 'hex'))) throw new GatewayError('signatureMismatch');
}

/** The canonical request, one character for each byte. */
export function toCanonicalRequest({ head, claim, rules }: Omit<SignedRequest, 'body'>, bodyHash: string): string {
  const request = [
    head.method,
    toCanonicalPath(head.path, rules.normalizePath),
    toCanonicalQuery(head.query, omittedParameters(claim, rules)),
    toCanonicalHeaders(head, claim.signedHeaders),
    claim.signedHeaders.join(';'),
    bodyHash,
  ].join('\n');
  // Escaped or hashed as bytes, a character beyond them would pass for another.
  if (![head.path, head.query, request].every((text) => BYTES_ONLY.test(text))) {
    throw new GatewayError('unauthenticated');
  }
  return request;
}

export function toStringToSign({ timestamp, scope }: SignatureClaim, canonicalRequest: string): string {
  const digest = hash('sha256', Buffer.from(canonicalRequest, 'latin1'), 'hex');
  return `AWS4-HMAC-SHA256\n${timestamp}\n${scope.date}/${scope.region}/${scope.service}/aws4_request\n${digest}`;
}

function omittedParameters({ form }: SignatureClaim, { signsSessionToken }: SigningRules): readonly string[] {
  if (form === 'header') return [];
  return signsSessionToken ? ['X-Amz-Signature'] : ['X-Amz-Signature', 'X-Amz-Security-Token'];
}
