import type { Clock, KeyRing, PrincipalId, TenantId } from '../core/index.ts';

/** Whom a new credential is for. */
export interface Owner {
  readonly tenant: TenantId;
  readonly principal: PrincipalId;
  /** Epoch milliseconds from which on it is refused. Without it, it lives until it is revoked. */
  readonly expiresAt?: number;
}

/** What making a credential takes. */
export interface Issuer {
  readonly keyRing: KeyRing;
  readonly clock: Clock;
}
