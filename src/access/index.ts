export { type AuthorizerOptions, createAuthorizer } from './authorizer.ts';
export type { ModelEntry, TenantEntry } from './entities.ts';
export { PolicyError, type PolicySource } from './policy-error.ts';
