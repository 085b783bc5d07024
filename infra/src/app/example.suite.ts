import { parseConfig } from '../../../src/config/index.ts';
import { type Settings, toSettings } from './settings.ts';

/** What of the example is another. */
export interface ExampleParts {
  readonly bucket?: string;
  readonly store?: string;
  readonly tenants?: string;
  readonly providers?: string;
  readonly models?: string;
  readonly deploy?: string;
  readonly more?: string;
}

export const GATEWAY_ACCOUNT = '111122223333';
export const VAULT_ACCOUNT = '444455556666';

/** A configuration for deployment, whole; two tenants, of which one can use one model. */
export function exampleText({
  bucket,
  store,
  tenants,
  providers,
  models,
  deploy,
  more = '',
}: ExampleParts = {}): string {
  return `version: 1
environment: prod
region: eu-central-1
keys:
  root: { secretsManager: sallyport/root }
  kms: { key: { ssm: /sallyport/prod/keys/record } }
state: { kind: dynamodb, region: eu-central-1, table: sallyport-prod-state, journalTable: sallyport-prod-journal }
audit:
  sequencer: elsewhere
  store:
    kind: s3
    bucket: "${bucket ?? 'arn:aws:s3:eu-central-1:111122223333:accesspoint/sallyport-prod-application'}"
    prefix: prod/
    region: eu-central-1
    expectedBucketOwner: "${GATEWAY_ACCOUNT}"
    objectLock: { mode: compliance, days: 365 }
    ${store ?? 'kmsKeyId: alias/sallyport-prod-log'}
  sinks:
    - { name: vault, kind: s3, bucket: bank-vault, region: eu-west-1, expectedBucketOwner: "${VAULT_ACCOUNT}" }
telemetry:
  emf: { namespace: Sallyport, intervalSeconds: 60 }
deploy:
  account: "${GATEWAY_ACCOUNT}"
  tags: { owner: platform }
  vault: { account: "${VAULT_ACCOUNT}", region: eu-west-1 }
  record:
    auditors: ["arn:aws:iam::${GATEWAY_ACCOUNT}:role/people/audit"]
    operators: ["arn:aws:iam::${GATEWAY_ACCOUNT}:role/people/operations"]
  vectors: {}
  ${deploy ?? ''}
providers:
  - name: bedrock
    kind: bedrock
    region: eu-central-1
    ${providers ?? 'roles: { externalId: { secretsManager: sallyport/roles, field: externalId } }'}
models:
  - { id: "amazon.nova-lite-v1:0", provider: bedrock }
  - { id: "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", provider: bedrock }
  ${models ?? ''}
tenants:
${
  tenants ??
  `  - name: bank
    role: { ssm: /sallyport/prod/tenants/bank/role }
    retentionDays: 730
    principals: [{ name: teller, roles: [assistant] }]
  - name: acme
    role: { ssm: /sallyport/prod/tenants/acme/role }
    principals: [{ name: app, roles: [small] }]`
}
policies:
  - name: main.cedar
    cedar: |
      permit (principal, action, resource) when { principal.roles.contains("assistant") };
      permit (principal, action, resource == Sallyport::Model::"amazon.nova-lite-v1:0") when { principal.roles.contains("small") };
${more}`;
}

export function exampleSettings(parts: ExampleParts = {}): Settings {
  return toSettings(parseConfig(exampleText(parts), { path: 'sallyport.yaml' }));
}
