export type { Config, ModelConfig, PolicyText, ProviderConfig, TenantConfig, TlsConfig } from './config.ts';
export { ConfigError } from './config-error.ts';
export { demoConfigText } from './demo.data.ts';
export { findEndpointProblem } from './endpoint.ts';
export { isLoopbackHost } from './exposure.ts';
export { configJsonSchema, type JsonSchema } from './json-schema.ts';
export { loadConfig, type ParseOptions, parseConfig } from './load.ts';
export { proposal } from './quotable.ts';
export { type ManagedSecretRef, resolveSecret, type SecretRef, type SecretSources } from './secret-ref.ts';
