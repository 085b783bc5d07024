import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, propertyOf, REGION, resourcesOf } from '../policy/resolved.suite.ts';
import { decide } from '../policy/simulation.suite.ts';
import { type DataClass, dataClasses } from './data-classes.data.ts';
import { Keys } from './keys.ts';
import { bedrockCallersStatement, ServiceKey } from './service-key.ts';

const classes = Object.keys(dataClasses) as readonly DataClass[];
let template: Template;
beforeAll(() => {
  const stack = new Stack(new App(), 'Keys');
  new Keys(stack, 'Keys', {
    prefix: 'sallyport-prod',
    parameters: '/sallyport/prod',
    tenants: ['bank', 'acme'],
    isMultiRegion: true,
  });
  template = Template.fromStack(stack);
});

const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234`;
const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const ANYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }] };

function policyOf(of: DataClass): unknown {
  const keys = Object.values(resourcesOf(template, 'AWS::KMS::Key'));
  const key = keys.find(({ Properties }) => JSON.stringify(Properties['Tags']).includes(`"${of}"`));
  return key?.Properties['KeyPolicy'];
}

/** What becomes of a call by a role whose own policy lets it do anything with keys. */
function byRole(name: string, of: DataClass, action: string, context: Record<string, string> = {}) {
  const principal = role(name);
  return decide(
    { principal, action: `kms:${action}`, resource: KEY, context: { 'aws:PrincipalArn': principal, ...context } },
    { identity: [ANYTHING], resource: policyOf(of) },
  );
}

const via = (service: string) => ({
  'kms:ViaService': `${service}.${REGION}.amazonaws.com`,
  'kms:CallerAccount': ACCOUNT,
});

describe('keys', () => {
  it('are one for each class, rotated, kept beyond the stack, named and published', () => {
    const keys = resourcesOf(template, 'AWS::KMS::Key');
    const facts = Object.values(keys).map(({ Properties, DeletionPolicy }) => [
      Properties['Description'],
      Properties['EnableKeyRotation'],
      Properties['PendingWindowInDays'],
      Properties['MultiRegion'],
      DeletionPolicy,
    ]);
    expect(facts).toEqual(
      classes.map((of) => [`sallyport-prod: ${dataClasses[of].says}`, true, 30, of === 'record', 'Retain']),
    );
    const names = Object.values(resourcesOf(template, 'AWS::SSM::Parameter')).map(
      ({ Properties }) => Properties['Name'],
    );
    expect(names).toEqual([...classes.map((of) => `/sallyport/prod/keys/${of}`), '/sallyport/prod/alarms/topic']);
    const aliases = Object.values(resourcesOf(template, 'AWS::KMS::Alias'));
    expect(aliases.map(({ Properties }) => Properties['AliasName'])).toEqual(
      classes.map((of) => `alias/sallyport-prod-${of}`),
    );
  });

  it('let the account administer and nobody it permits use them, whatever policies of IAM say', async () => {
    for (const of of classes) {
      const outcomes = await Promise.all(
        ['PutKeyPolicy', 'ScheduleKeyDeletion', 'Decrypt', 'GenerateDataKey', 'Encrypt', 'CreateGrant'].map((action) =>
          byRole('Admin', of, action),
        ),
      );
      expect(outcomes, of).toEqual(['Allowed', 'Allowed', ...Array(4).fill('ImplicitlyDenied')]);
    }
  });

  it('do not let who uses them administer them by the key policy alone', async () => {
    const own = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['kms:Decrypt'], Resource: '*' }] };
    const principal = role('sallyport-prod-gateway');
    const outcome = await decide(
      { principal, action: 'kms:PutKeyPolicy', resource: KEY, context: { 'aws:PrincipalArn': principal } },
      { identity: [own], resource: policyOf('record') },
    );
    expect(outcome).toBe('ImplicitlyDenied');
  });

  it('wrap record keys for the tenants there are, by the gateway and what writes the log', async () => {
    const forTenant = (tenant: string) => ({ 'kms:EncryptionContext:tenant': tenant });
    expect(
      await Promise.all([
        byRole('sallyport-prod-gateway', 'record', 'GenerateDataKey', forTenant('bank')),
        byRole('sallyport-prod-sequencer', 'record', 'Decrypt', forTenant('-')),
        byRole('sallyport-prod-gateway', 'record', 'Decrypt', forTenant('globex')),
        byRole('sallyport-prod-gateway', 'record', 'Decrypt'),
        byRole('sallyport-prod-auditor', 'record', 'Decrypt', forTenant('bank')),
        byRole('sallyport-stage-gateway', 'record', 'Decrypt', forTenant('bank')),
      ]),
    ).toEqual(['Allowed', 'Allowed', 'ImplicitlyDenied', 'ImplicitlyDenied', 'ImplicitlyDenied', 'ImplicitlyDenied']);
  });

  it('are used through their service by the roles that need them, and read alone by the auditor', async () => {
    expect(
      await Promise.all([
        byRole('sallyport-prod-sequencer', 'log', 'GenerateDataKey', via('s3')),
        byRole('sallyport-prod-auditor', 'log', 'Decrypt', via('s3')),
        byRole('sallyport-prod-auditor', 'log', 'GenerateDataKey', via('s3')),
        byRole('sallyport-prod-sequencer', 'log', 'GenerateDataKey'),
        byRole('sallyport-prod-gateway', 'state', 'Decrypt', via('dynamodb')),
        byRole('sallyport-prod-gateway', 'state', 'Decrypt', via('s3')),
        byRole('sallyport-prod-gateway', 'state', 'CreateGrant', via('dynamodb')),
        byRole('sallyport-prod-gateway', 'secrets', 'Decrypt', via('secretsmanager')),
        byRole('sallyport-prod-gateway', 'secrets', 'GenerateDataKey', via('secretsmanager')),
      ]),
    ).toEqual([
      'Allowed',
      'Allowed',
      'ImplicitlyDenied',
      'ImplicitlyDenied',
      'Allowed',
      'ImplicitlyDenied',
      'ImplicitlyDenied',
      'Allowed',
      'ImplicitlyDenied',
    ]);
  });

  it('give a service its grant for a resource only by who makes resources', async () => {
    const grant = { ...via('dynamodb'), 'kms:GrantIsForAWSResource': 'true' };
    const maker = `cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`;
    expect(await byRole(maker, 'state', 'CreateGrant', grant)).toBe('Allowed');
    expect(await byRole(maker, 'state', 'CreateGrant', { ...grant, 'kms:GrantIsForAWSResource': 'false' })).toBe(
      'ImplicitlyDenied',
    );
    expect(await byRole('sallyport-prod-tenant-bank', 'state', 'CreateGrant', grant)).toBe('ImplicitlyDenied');
  });

  it('are used by services for our resources alone', async () => {
    const call = (service: string, of: DataClass, context: Record<string, string>) =>
      decide(
        { principal: `${service}.amazonaws.com`, action: 'kms:GenerateDataKey', resource: KEY, context },
        { resource: policyOf(of) },
      );
    const group = (name: string) => ({
      'kms:EncryptionContext:aws:logs:arn': `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${name}`,
    });
    const alarm = { 'aws:SourceArn': `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:lag` };
    const topic = (name: string) => ({
      'kms:EncryptionContext:aws:sns:topicArn': `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`,
    });
    expect(
      await Promise.all([
        call(`logs.${REGION}`, 'logs', group('/aws/lambda/sallyport-prod-sequencer')),
        call(`logs.${REGION}`, 'logs', group('/aws/lambda/other')),
        call('cloudwatch', 'messages', { ...alarm, 'aws:SourceAccount': ACCOUNT }),
        call('cloudwatch', 'messages', { ...alarm, 'aws:SourceAccount': '999900001111' }),
        call('events', 'messages', topic('sallyport-prod-alarms')),
        call('events', 'messages', topic('other')),
      ]),
    ).toEqual(['Allowed', 'ImplicitlyDenied', 'Allowed', 'ImplicitlyDenied', 'Allowed', 'ImplicitlyDenied']);
  });

  it('are of Bedrock’s callers for guardrails, through Bedrock and of this account alone', async () => {
    const stack = new Stack(new App(), 'Guardrails');
    new ServiceKey(stack, 'Key', {
      alias: 'sallyport-prod-guardrails',
      description: 'Guardrails',
      statements: [bedrockCallersStatement()],
    });
    const [key] = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::KMS::Key'));
    const decrypt = (account: string, context: Record<string, string>) =>
      decide(
        { principal: `arn:aws:iam::${account}:role/app`, action: 'kms:Decrypt', resource: KEY, context },
        {
          identity: [ANYTHING],
          resource: JSON.parse(JSON.stringify(key?.Properties['KeyPolicy']).replace('kms:*', 'kms:List*')),
        },
      );
    const own = via('bedrock');
    expect(await decrypt(ACCOUNT, own)).toBe('Allowed');
    expect(await decrypt(ACCOUNT, via('s3'))).toBe('ImplicitlyDenied');
    expect(await decrypt('999900001111', { ...own, 'kms:CallerAccount': '999900001111' })).toBe('ImplicitlyDenied');
  });

  it('tell a topic under a key of ours when one is disabled, deleted or given another policy', () => {
    const [rule] = Object.values(resourcesOf(template, 'AWS::Events::Rule'));
    const { detail } = propertyOf<{ detail: Record<string, { ARN: readonly string[] }> }>(
      rule?.Properties,
      'EventPattern',
    );
    expect(detail['eventName']).toEqual(
      expect.arrayContaining(['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy', 'DisableKeyRotation']),
    );
    expect(detail['resources']?.ARN).toHaveLength(classes.length);
    const [topic] = Object.values(resourcesOf(template, 'AWS::SNS::Topic'));
    expect(topic?.Properties).toEqual({
      TopicName: 'sallyport-prod-alarms',
      KmsMasterKeyId: expect.stringMatching(/Messages.*\.Arn$/),
    });
  });
});
