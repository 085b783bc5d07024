import { GatewayError, type RequestHead } from '../core/index.ts';
import { valuesOf } from './header-values.ts';
import type { SignatureClaim } from './sigv4/claim.ts';
import { isSignature, parseHeaderClaim } from './sigv4/header-claim.ts';
import { hasQuerySignature, parseQueryClaim } from './sigv4/query-claim.ts';

/** The one credential of a request, of the right shape or not; nothing is verified yet. */
export type PresentedCredential =
  | { readonly kind: 'apiKey'; readonly text: string }
  | { readonly kind: 'sigv4'; readonly claim: SignatureClaim };

/** RFC 6750, section 2.1. The scheme is case-insensitive (RFC 9110, section 11.1). */
const BEARER = /^bearer +([\x21-\x7e]+)$/i;
/** Longer than any credential; beyond it nothing is looked at. */
const MAX_LENGTH = 8192;

/**
 * Finds the one credential of a request, in `authorization`, `x-api-key` or the query of a presigned one. Keys in other
 * places of the query are none: they end up in logs.
 *
 * Throws `unauthenticated` where there is none, and `ambiguousCredentials` where there are two: of two, one part of the
 * system might verify the first and another believe the second. An API key in both headers counts once.
 */
export function readPresentedCredential(head: RequestHead): PresentedCredential {
  const [authorization, ...moreAuthorizations] = valuesOf(head, 'authorization');
  const [apiKey, ...moreApiKeys] = valuesOf(head, 'x-api-key');
  if (moreAuthorizations.length > 0 || moreApiKeys.length > 0) throw ambiguous();
  if (hasQuerySignature(head.query)) {
    if (authorization !== undefined || apiKey !== undefined) throw ambiguous();
    return { kind: 'sigv4', claim: parseQueryClaim(head) };
  }
  if (authorization === undefined) return toApiKey(apiKey);
  if (authorization.length > MAX_LENGTH) throw new GatewayError('unauthenticated');
  if (isSignature(authorization)) {
    if (apiKey !== undefined) throw ambiguous();
    return { kind: 'sigv4', claim: parseHeaderClaim(head, authorization) };
  }
  const token = BEARER.exec(authorization)?.[1];
  if (apiKey !== undefined && apiKey !== token) throw ambiguous();
  return toApiKey(token);
}

function toApiKey(text: string | undefined): PresentedCredential {
  if (text === undefined) throw new GatewayError('unauthenticated');
  return { kind: 'apiKey', text };
}

function ambiguous(): GatewayError {
  return new GatewayError('ambiguousCredentials');
}
