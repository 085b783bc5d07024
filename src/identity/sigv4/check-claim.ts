import { GatewayError, type RequestHead } from '../../core/index.ts';
import { isHostName } from './canonical-headers.ts';
import type { SignatureClaim } from './claim.ts';

/** What a service expects of the signatures it takes. */
export interface SigningRules {
  readonly service: string;
  readonly region: string;
  /** Whether paths are signed with `.`, `..` and repeated slashes resolved. */
  readonly normalizePath: boolean;
  /** Whether a session token is part of what is signed; a few services add it afterwards. */
  readonly signsSessionToken: boolean;
}

/** How far the clocks of client and gateway may be apart, as at AWS. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;

/**
 * Checks all of a claim that needs neither key nor body. `now` is in epoch milliseconds.
 *
 * Throws `signatureExpired` outside the time window, and `signatureMismatch` for a claim that no key could make good.
 */
export function checkClaim(
  claim: SignatureClaim,
  head: RequestHead,
  rules: SigningRules & { readonly now: number },
): void {
  const { scope, timestamp, signedHeaders } = claim;
  if (scope.region !== rules.region || scope.service !== rules.service) {
    throw mismatch('the credential scope is of another region or service');
  }
  if (scope.date !== timestamp.slice(0, 8)) throw mismatch('the credential scope is of another day than the time');
  checkTime(claim, rules.now);
  // Without the host, a request signed for another endpoint of the service would be good here.
  if (!signedHeaders.some(isHostName)) throw mismatch('the host must be signed');
  for (const [name] of head.headers) {
    if (mustBeSigned(name, rules) && !signedHeaders.includes(name)) {
      throw mismatch('every x-amz- and x-amzn-bedrock- header must be signed');
    }
  }
}

function checkTime({ signedAt, lifetimeMs = CLOCK_SKEW_MS }: SignatureClaim, now: number): void {
  if (signedAt > now + CLOCK_SKEW_MS || now > signedAt + lifetimeMs) {
    throw new GatewayError('signatureExpired');
  }
}

/** AWS asks for its own headers; these of Amazon Bedrock choose guardrails, so they may not be slipped in either. */
function mustBeSigned(name: string, { signsSessionToken }: SigningRules): boolean {
  if (name === 'x-amz-security-token') return signsSessionToken;
  return name.startsWith('x-amz-') || name.startsWith('x-amzn-bedrock-');
}

function mismatch(detail: string): GatewayError {
  return new GatewayError('signatureMismatch', { detail });
}
