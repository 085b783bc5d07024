export { type AuthorizerOptions, createAuthorizer } from './authorizer.ts';
export type { ModelEntry, TenantEntry } from './entities.ts';
export { readingActions } from './reading-actions.ts';
export { createReadingAuthorizer } from './reading-authorizer.ts';
export { PolicyError, type PolicySource } from './policy-error.ts';
