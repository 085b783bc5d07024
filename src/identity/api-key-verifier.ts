import {
  type Clock,
  type Credential,
  GatewayError,
  type PendingCaller,
  parsePrincipalId,
  parseTenantId,
} from '../core/index.ts';
import { type ApiKeyMatcher, parseApiKey } from './api-key.ts';
import type { CredentialLookup } from './credential-lookup.ts';
import { requireUsable, toCaller } from './usable-credential.ts';

export interface ApiKeyVerifierOptions {
  readonly find: CredentialLookup;
  readonly matches: ApiKeyMatcher;
  readonly clock: Clock;
}

/** Hashed against where an id is unknown, so that the time taken does not tell which ids exist. */
const NOBODY: Credential = {
  id: '0000000000000000',
  kind: 'apiKey',
  tenant: parseTenantId('nobody'),
  principal: parsePrincipalId('nobody'),
  secret: new Uint8Array(32),
  createdAt: 0,
  revokedAt: 0,
};

/** Verifies an API key whole; what is left for the body is whether it was revoked while the body came. */
export function createApiKeyVerifier(options: ApiKeyVerifierOptions): (text: string) => Promise<PendingCaller> {
  const { find, matches, clock } = options;
  return async (text) => {
    const key = parseApiKey(text);
    if (key === undefined) throw new GatewayError('unauthenticated');
    const credential = (await find(key.id)) ?? NOBODY;
    if (!matches(key, credential)) throw new GatewayError('unauthenticated');
    requireUsable(credential, clock);
    return { isVerified: true, complete: async () => toCaller(requireUsable(await find(key.id), clock)) };
  };
}
