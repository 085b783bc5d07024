export { isKmsKeyArn, type KmsKeyRef } from './aws-schema.ts';
export type {
  Config,
  FrontDoor,
  ModelConfig,
  PolicyText,
  ProviderConfig,
  TenantConfig,
  TlsConfig,
  TlsFiles,
} from './config.ts';
export { ConfigError } from './config-error.ts';
export { demoConfigText } from './demo.data.ts';
export { findEndpointProblem } from './endpoint.ts';
export { isLoopbackHost } from './exposure.ts';
export { type DoorLimits, doorLimits } from './front-door-schema.ts';
export { configJsonSchema, type JsonSchema } from './json-schema.ts';
export { loadConfig, type ParseOptions, parseConfig } from './load.ts';
export { toSessionName } from './tenant-roles.ts';
export { proposal } from './quotable.ts';
export { type ManagedSecretRef, resolveSecret, type SecretRef, type SecretSources } from './secret-ref.ts';
