import type { Credential } from '../core/index.ts';

/** What a credential's secret is bound to. */
export type Bound = Pick<Credential, 'id' | 'kind' | 'tenant' | 'principal' | 'expiresAt'>;

/**
 * What goes into the keyed hash, or the authenticated encryption, of a credential's secret: an entry that someone
 * moved to another owner, or gave a longer life, in the store verifies no more.
 */
export function toBinding({ id, kind, tenant, principal, expiresAt }: Bound): string {
  return JSON.stringify([kind, id, tenant, principal, expiresAt ?? null]);
}
