export { createAccessKey } from './access-key.ts';
export { createApiKey } from './api-key.ts';
export { type AuthenticatorOptions, createAuthenticator } from './authenticator.ts';
export type { Issuer, Owner } from './owner.ts';
export { toNetwork } from './source-network.ts';
