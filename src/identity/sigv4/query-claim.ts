import { GatewayError, type RequestHead } from '../../core/index.ts';
import { valuesOf } from '../header-values.ts';
import { toParameters } from './canonical-query.ts';
import { parseClaim, type SignatureClaim } from './claim.ts';
import { decodeEscapes } from './percent-encoding.ts';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SECONDS = /^[1-9][0-9]{0,5}$/;
const LONGEST_SECONDS = 7 * 24 * 60 * 60;

/** Whether a query is meant to hold a signature, or a part of one in any spelling. */
export function hasQuerySignature(query: string): boolean {
  return query !== '' && toParameters(query).some(([name]) => name.toLowerCase().startsWith('x-amz-'));
}

/**
 * Reads a signature from the query of a presigned request
 * (docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html). Throws `unauthenticated`.
 */
export function parseQueryClaim(head: RequestHead): SignatureClaim {
  const parameters = toParameters(head.query);
  const optional = (name: string): string | undefined => {
    const [value, ...more] = parameters.filter(([one]) => one === name).map(([, one]) => decodeEscapes(one));
    if (more.length > 0) throw malformed();
    return value;
  };
  const required = (name: string): string => {
    const value = optional(name);
    if (value === undefined) throw malformed();
    return value;
  };
  if (required('X-Amz-Algorithm') !== ALGORITHM) throw malformed();
  const bodyHash = optional('X-Amz-Content-Sha256');
  const sessionToken = optional('X-Amz-Security-Token');
  const declared = valuesOf(head, 'x-amz-content-sha256');
  return {
    form: 'query',
    ...parseClaim({
      credential: required('X-Amz-Credential'),
      timestamp: required('X-Amz-Date'),
      signedHeaders: required('X-Amz-SignedHeaders'),
      signature: required('X-Amz-Signature'),
      bodyHashes: bodyHash === undefined ? declared : [...declared, bodyHash],
    }),
    lifetimeMs: parseSeconds(required('X-Amz-Expires')) * 1000,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!SECONDS.test(text) || seconds > LONGEST_SECONDS) {
    throw new GatewayError('unauthenticated', { detail: 'a presigned request lives from one second to seven days' });
  }
  return seconds;
}

function malformed(): GatewayError {
  return new GatewayError('unauthenticated', { detail: 'a presigned request takes each of its parameters once' });
}
