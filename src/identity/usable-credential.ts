import { type Caller, type Clock, type Credential, GatewayError } from '../core/index.ts';

/** The credential, if it is there, not revoked and not expired. Throws `unauthenticated`, whichever it is. */
export function requireUsable(credential: Credential | undefined, clock: Clock): Credential {
  if (credential === undefined || credential.revokedAt !== undefined || isExpired(credential, clock.now())) {
    throw new GatewayError('unauthenticated');
  }
  return credential;
}

function isExpired({ expiresAt }: Credential, now: number): boolean {
  return expiresAt !== undefined && now >= expiresAt;
}

export function toCaller({ id, kind, tenant, principal }: Credential): Caller {
  return { tenant, principal, credentialId: id, credentialKind: kind };
}
