import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterAll, describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/index.ts';
import { resolveTemplate } from '../policy/resolved.suite.ts';
import { BaselineStack } from './baseline-stack.ts';
import { BedrockStack } from './bedrock-stack.ts';
import { toFeatures } from './network-needs.ts';
import { OrganizationStack, toRules } from './organization-stack.ts';
import { toSettings } from './settings.ts';

const ACCOUNT = '111122223333';
const directory = mkdtempSync(join(tmpdir(), 'sallyport-baseline-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
writeFileSync(
  join(directory, 'guardrail.json'),
  JSON.stringify({
    ...{ name: 'main', blockedInputMessaging: 'No.', blockedOutputsMessaging: 'No.' },
    wordPolicyConfig: { managedWordListsConfig: [{ type: 'PROFANITY' }] },
  }),
);

const settingsOf = (deploy: string) =>
  toSettings(
    parseConfig(
      `version: 1
environment: prod
region: eu-central-1
keys: { root: { secretsManager: sallyport/root } }
state: { kind: dynamodb, region: eu-central-1, table: sallyport-state, journalTable: sallyport-journal }
audit:
  sequencer: elsewhere
  store: { kind: s3, bucket: acme-log, region: eu-central-1, kmsKeyId: alias/x, expectedBucketOwner: "${ACCOUNT}" }
  sinks: [{ name: vault, kind: s3, bucket: acme-vault, region: eu-central-1 }]
providers:
  - { name: bedrock, kind: bedrock, region: eu-central-1, roles: {} }
models:
  - { id: "amazon.nova-lite-v1:0", provider: bedrock }
  - { id: "eu.anthropic.claude-sonnet-4-5-20250929-v1:0", provider: bedrock }
tenants:
  - { name: bank, role: { ssm: /sallyport/prod/tenants/bank/role }, principals: [{ name: teller }] }
policies: [{ name: a.cedar, cedar: "permit (principal, action, resource);" }]
deploy: { account: "${ACCOUNT}", ${deploy} }
`,
      { path: join(directory, 'sallyport.yaml') },
    ),
  );

describe('what an account has once, of a configuration', () => {
  it('is everything unless told, within the network, with the buckets that there are', () => {
    const settings = settingsOf(`
      invocationLogging: {}, guardrails: [{ name: main, file: guardrail.json }],
      baseline: { documents: [acme-documents], enforcedGuardrail: { file: guardrail.json },
        breakGlass: { principals: ["arn:aws:iam::${ACCOUNT}:role/person"] } }`);
    const stack = new BaselineStack(new App(), settings, settings.deploy.baseline ?? expect.fail());
    const resources = resolveTemplate(Template.fromStack(stack).toJSON());
    expect(resources.of('Custom::SallyportMacie')[0].Jobs).toEqual([
      { Name: 'documents', Buckets: ['acme-documents'] },
      { Name: 'invocations', Buckets: [`sallyport-prod-invocations-${ACCOUNT}`] },
      { Name: 'logs', Buckets: [`sallyport-prod-trail-${ACCOUNT}`] },
    ]);
    for (const type of [
      'AWS::CloudTrail::Trail',
      'AWS::Config::ConformancePack',
      'Custom::SallyportEnforcedGuardrail',
    ]) {
      expect(resources.of(type)).toHaveLength(1);
    }
    expect(resources.of('Custom::SallyportEnforcedGuardrail')[0].Stage).toBe('grant');
    for (const made of resources.of('AWS::Lambda::Function')) expect(made.VpcConfig).toBeDefined();
    for (const logGroup of resources.of('AWS::Logs::LogGroup')) {
      expect(logGroup).toMatchObject({ KmsKeyId: expect.anything(), RetentionInDays: expect.any(Number) });
    }
    for (const key of resources.of('AWS::KMS::Key')) expect(key.EnableKeyRotation).toBe(true);
  });

  it('publishes guardrails by name, and never a draft', () => {
    const settings = settingsOf('invocationLogging: {}, guardrails: [{ name: main, file: guardrail.json }]');
    const stack = new BedrockStack(new App(), settings);
    const resources = resolveTemplate(Template.fromStack(stack).toJSON());
    expect(resources.of('AWS::SSM::Parameter').map(({ Name }) => Name)).toEqual([
      '/sallyport/prod/guardrails/main/arn',
      '/sallyport/prod/guardrails/main/version',
      '/sallyport/prod/guardrails/main/identifier',
    ]);
    expect(resources.of('AWS::Bedrock::Guardrail')[0].Name).toBe('sallyport-prod-main');
    expect(resources.of('Custom::SallyportInvocationLogging')).toMatchObject([{ Mode: 'create' }]);
  });

  it('makes the network reach what the functions call', () => {
    expect(toFeatures(settingsOf('baseline: {}'))).toEqual(
      expect.arrayContaining(['baseline', 'bedrockSettings', 'parameters']),
    );
    expect(toFeatures(settingsOf('invocationLogging: {}'))).not.toContain('baseline');
    expect(toFeatures(settingsOf('tags: {}'))).not.toContain('bedrockSettings');
  });

  it('binds the organization to the models and Regions that are called', () => {
    const settings = settingsOf(
      'organization: { id: o-a1b2c3d4e5, account: "444455556666", targets: [ou-a1b2-c3d4e5f6] }',
    );
    const { organization } = settings.deploy;
    expect(toRules(settings, organization ?? expect.fail())).toMatchObject({
      ...{ partition: 'aws', regions: ['eu-central-1'], geographies: ['eu'] },
      models: ['amazon.nova-lite-v1:0', 'anthropic.claude-sonnet-4-5-20250929-v1:0'],
    });
    const stack = new OrganizationStack(new App(), settings, organization ?? expect.fail());
    expect(stack.account).toBe('444455556666');
    const policies = resolveTemplate(Template.fromStack(stack).toJSON()).of('AWS::Organizations::Policy');
    expect(policies.map(({ Type, TargetIds }) => [Type, TargetIds])).toEqual([
      ...Array.from({ length: 5 }, () => ['SERVICE_CONTROL_POLICY', ['ou-a1b2-c3d4e5f6']]),
      ['RESOURCE_CONTROL_POLICY', ['ou-a1b2-c3d4e5f6']],
    ]);
  });
});
