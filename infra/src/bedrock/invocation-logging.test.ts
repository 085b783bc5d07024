import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { resolveTemplate } from '../policy/resolved.suite.ts';
import { decide, everything } from '../policy/simulation.suite.ts';
import { InvocationLogging, type InvocationLoggingProps } from './invocation-logging.ts';

const account = '111122223333';
const source = `arn:aws:bedrock:eu-central-1:${account}:*`;
const synth = (props: Partial<InvocationLoggingProps> = {}) => {
  const stack = new Stack(new App(), 'Test', { env: { region: 'eu-central-1', account } });
  new InvocationLogging(stack, 'InvocationLogging', {
    ...{
      prefix: 'sallyport-test',
      path: '/sallyport/test',
      erasureDays: 35,
      logKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f',
    },
    ...props,
  });
  return resolveTemplate(Template.fromStack(stack).toJSON());
};
const resources = synth();
const bucketName = `sallyport-test-invocations-${account}`;

describe('the log of model calls', () => {
  it('ends with its content before erasure is due, and can be erased', () => {
    const [bucket] = resources.of('AWS::S3::Bucket');
    const { Rules } = bucket.LifecycleConfiguration;
    expect(Rules[0]).toMatchObject({
      Status: 'Enabled',
      ExpirationInDays: 30,
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
    });
    expect(bucket.ObjectLockEnabled).toBeUndefined();
    expect(bucket.Tags).toContainEqual({ Key: 'sallyport:content', Value: 'prompts-and-answers-unmasked' });
    expect(resources.of('AWS::Logs::LogGroup').map(({ RetentionInDays }) => RetentionInDays)).toEqual(
      [90, 30].toSorted(),
    );
    const [shorter] = synth({ erasureDays: 10 }).of('AWS::S3::Bucket');
    expect(shorter.LifecycleConfiguration.Rules[0].ExpirationInDays).toBe(7);
    expect(() => synth({ erasureDays: 2 })).toThrow('erasure takes 2 days');
  });

  it('has a key on everything, and masks what CloudWatch shows', () => {
    const groups = resources.of('AWS::Logs::LogGroup');
    expect(groups.every(({ KmsKeyId }) => typeof KmsKeyId === 'string')).toBe(true);
    const masked = groups.find(
      ({ LogGroupName }) => LogGroupName === '/sallyport/test/invocations',
    )?.DataProtectionPolicy;
    const [find, mask] = masked.Statement;
    expect(find.DataIdentifier.length).toBeGreaterThan(90);
    expect(mask.DataIdentifier).toEqual(find.DataIdentifier);
    expect(mask.Operation).toEqual({ Deidentify: { MaskConfig: {} } });
    // The largest that CloudWatch Logs takes.
    expect(JSON.stringify(masked).length).toBeLessThan(30_720);
  });

  it('lets Bedrock write it for this account alone, by TLS and under its key', async () => {
    const [{ PolicyDocument }] = resources.of('AWS::S3::BucketPolicy');
    const key = resources.arnOf('AWS::KMS::Key');
    const asked = {
      principal: 'bedrock.amazonaws.com',
      action: 's3:PutObject',
      resource: `arn:aws:s3:::${bucketName}/records/AWSLogs/${account}/BedrockModelInvocationLogs/x.json.gz`,
    };
    const policies = { resource: PolicyDocument };
    const context = {
      ...{ 'aws:SourceAccount': account, 'aws:SourceArn': source.replace('*', 'x'), 'aws:SecureTransport': 'true' },
      ...{ 's3:TlsVersion': '1.3', 's3:x-amz-server-side-encryption-aws-kms-key-id': key },
    };
    expect(await decide({ ...asked, context }, policies)).toBe('Allowed');
    const { 's3:x-amz-server-side-encryption-aws-kms-key-id': _, ...byDefault } = context;
    expect(await decide({ ...asked, context: byDefault }, policies)).toBe('Allowed');
    for (const [name, value] of Object.entries({
      'aws:SourceAccount': '999999999999',
      'aws:SourceArn': 'arn:aws:bedrock:eu-central-1:999999999999:x',
      'aws:SecureTransport': 'false',
      's3:TlsVersion': '1.1',
      's3:x-amz-server-side-encryption-aws-kms-key-id': 'arn:aws:kms:eu-central-1:999999999999:key/theirs',
    })) {
      expect(await decide({ ...asked, context: { ...context, [name]: value } }, policies), name).not.toBe('Allowed');
    }
    const elsewhere = { ...asked, resource: `arn:aws:s3:::${bucketName}/other/x` };
    expect(await decide({ ...elsewhere, context }, policies)).toBe('ImplicitlyDenied');
  });

  it('is under a key whose use nobody grants but a service for its resource', async () => {
    const [key] = resources.of('AWS::KMS::Key');
    const administrator = { principal: `arn:aws:iam::${account}:role/Administrator`, action: 'kms:CreateGrant' };
    const grant = (isForResource: string) =>
      decide(
        {
          ...administrator,
          resource: `arn:aws:kms:eu-central-1:${account}:key/k`,
          context: { 'kms:GrantIsForAWSResource': isForResource, 'aws:PrincipalIsAWSService': 'false' },
        },
        { identity: [everything], resource: key.KeyPolicy },
      );
    expect([await grant('true'), await grant('false')]).toEqual(['Allowed', 'ExplicitlyDenied']);
  });

  it('is set by a function that may do that, keep one parameter, and pass one role to Bedrock', async () => {
    const role = resources
      .of('AWS::IAM::Role')
      .find(({ RoleName }) => RoleName === 'sallyport-test-invocation-logging-setter');
    const identity = role?.Policies.map(({ PolicyDocument }: { PolicyDocument: object }) => PolicyDocument);
    const principal = `arn:aws:iam::${account}:role/${role?.RoleName}`;
    const may = (action: string, resource: string, context: Record<string, string> = {}) =>
      decide({ principal, action, resource, context }, { identity });
    const memory = `arn:aws:ssm:eu-central-1:${account}:parameter/sallyport/test/before/invocation-logging`;
    const passed = `arn:aws:iam::${account}:role/sallyport-test-invocation-logging`;
    const toBedrock = { 'iam:PassedToService': 'bedrock.amazonaws.com' };
    expect(await may('bedrock:PutModelInvocationLoggingConfiguration', '*')).toBe('Allowed');
    expect(await may('ssm:PutParameter', memory)).toBe('Allowed');
    expect(await may('iam:PassRole', passed, toBedrock)).toBe('Allowed');
    expect(await may('iam:PassRole', passed, { 'iam:PassedToService': 'lambda.amazonaws.com' })).not.toBe('Allowed');
    expect(await may('iam:PassRole', `arn:aws:iam::${account}:role/admin`, toBedrock)).not.toBe('Allowed');
    expect(await may('ssm:GetParameter', memory.replace('before', 'tenants'))).not.toBe('Allowed');
    expect(await may('bedrock:PutAccountDataRetention', '*')).not.toBe('Allowed');
    expect(JSON.stringify(identity)).not.toMatch(/"[a-z]+:\*"|"Action":"\*"/);
  });

  it('is made after all that Bedrock writes to, and names nothing of its own where it adopts', () => {
    const [name = ''] = resources.names('Custom::SallyportInvocationLogging');
    const { DependsOn = [], Properties } = resources.raw(name);
    const needed = [...DependsOn, Properties.Role['Fn::GetAtt'][0]];
    expect(needed.map((each) => resources.raw(each).Type).toSorted()).toEqual([
      'AWS::IAM::Role',
      'AWS::Logs::LogGroup',
      'AWS::S3::BucketPolicy',
    ]);
    const adopted = synth({ mode: 'adopt' });
    expect(adopted.of('AWS::S3::Bucket')).toEqual([]);
    expect(adopted.of('Custom::SallyportInvocationLogging')).toMatchObject([{ Mode: 'adopt' }]);
  });

  it('keeps its function out of other networks, with actions that its code may not take itself', async () => {
    const inside = synth({ network: { subnetIds: ['subnet-0a1b2c3d'], securityGroupIds: ['sg-0a1b2c3d'] } });
    const [made] = inside.of('AWS::Lambda::Function');
    expect(made).toMatchObject({ Runtime: 'nodejs24.x', VpcConfig: { SubnetIds: ['subnet-0a1b2c3d'] } });
    expect(made.Environment).toBeUndefined();
    const role = inside.of('AWS::IAM::Role').find(({ RoleName }) => RoleName === made.FunctionName);
    const functionArn = `arn:aws:lambda:eu-central-1:${account}:function:${made.FunctionName}`;
    const asked = {
      principal: `arn:aws:iam::${account}:role/${role?.RoleName}`,
      action: 'ec2:CreateNetworkInterface',
      resource: `arn:aws:ec2:eu-central-1:${account}:subnet/subnet-1`,
    };
    const identity = [role?.Policies[0].PolicyDocument];
    expect(await decide(asked, { identity })).toBe('Allowed');
    const byCode = { ...asked, context: { 'lambda:SourceFunctionArn': functionArn } };
    expect(await decide(byCode, { identity })).toBe('ExplicitlyDenied');
  });
});
