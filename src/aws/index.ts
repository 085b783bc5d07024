export { approvedTls } from './approved-tls.ts';
export { createRoleAssumer, type RoleAssumer, type SessionCredentials } from './assumed-roles.ts';
export {
  type AwsClientOptions,
  type AwsCredentials,
  awsClientSettings,
  awsHandlerSettings,
  awsSigningSettings,
} from './client-settings.ts';
export { createDynamoDB, type DynamoDBTableOptions } from './dynamodb.ts';
export { createKeptValue } from './kept-value.ts';
export { createManagedSecrets, ManagedSecretError } from './managed-secrets.ts';
export { isPassingFault } from './passing-fault.ts';
