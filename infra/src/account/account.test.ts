import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { Construct } from 'constructs';
import { afterAll, describe, expect, it } from 'vitest';
import { resolveTemplate } from '../policy/resolved.suite.ts';
import { decide } from '../policy/simulation.suite.ts';
import { AccessAnalyzers } from './access-analyzers.ts';
import { AccountBaseline } from './account-baseline.ts';
import { AccountTrail } from './account-trail.ts';
import { EnforcedGuardrail } from './enforced-guardrail.ts';

const account = '111122223333';
const place = {
  ...{ prefix: 'sallyport-test', path: '/sallyport/test' },
  logKeyArn: `arn:aws:kms:eu-central-1:${account}:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f`,
};
const directory = mkdtempSync(join(tmpdir(), 'sallyport-account-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function synth(add: (scope: Construct) => void) {
  const stack = new Stack(new App(), 'Test', { env: { region: 'eu-central-1', account } });
  add(stack);
  return resolveTemplate(Template.fromStack(stack).toJSON());
}

describe('what an account has once', () => {
  const resources = synth((scope) => {
    new AccountBaseline(scope, 'Baseline', {
      place,
      guardDuty: 'adopt',
      macieJobs: { documents: ['sallyport-test-documents'], logs: ['sallyport-test-invocations-111122223333'] },
    });
  });
  const decideFor = (
    { principal, identity }: { principal: string; identity: readonly object[] },
    call: { action: string; resource: string; context: Record<string, string> },
  ) => decide({ principal, ...call }, { identity });
  const roleOf = (name: string) => {
    const role = resources.of('AWS::IAM::Role').find(({ RoleName }) => RoleName === `sallyport-test-${name}-setter`);
    const identity: object[] =
      role?.Policies.map(({ PolicyDocument }: { PolicyDocument: object }) => PolicyDocument) ?? [];
    return { principal: `arn:aws:iam::${account}:role/${role?.RoleName}`, identity };
  };
  const may = (name: string, action: string, resource = '*', context: Record<string, string> = {}) =>
    decideFor(roleOf(name), { action, resource, context });

  it('has the features, standards and jobs that are asked for', () => {
    expect(resources.of('Custom::SallyportGuardDuty')).toMatchObject([
      { Mode: 'adopt', Features: ['S3_DATA_EVENTS', 'LAMBDA_NETWORK_LOGS', 'AI_PROTECTION'], ServiceTimeout: '180' },
    ]);
    expect(resources.of('Custom::SallyportSecurityHub')[0].Standards).toContain(
      'arn:aws:securityhub:eu-central-1::standards/ai-security-best-practices/v/1.0.0',
    );
    expect(resources.of('Custom::SallyportMacie')[0]).toMatchObject({
      Mode: 'create',
      Account: account,
      Jobs: [
        { Name: 'documents', Buckets: ['sallyport-test-documents'] },
        { Name: 'logs', Buckets: ['sallyport-test-invocations-111122223333'] },
      ],
    });
    expect(resources.of('Custom::SallyportDataRetention')).toMatchObject([{ Allowed: ['none'] }]);
  });

  it('is set by a function each, that may do no more, and keeps its log under a key for a time', async () => {
    const detector = `arn:aws:guardduty:eu-central-1:${account}:detector/d`;
    expect(await may('guardduty', 'guardduty:UpdateDetector', detector)).toBe('Allowed');
    // What is adopted is not ours to delete.
    expect(await may('guardduty', 'guardduty:DeleteDetector', detector)).toBe('ImplicitlyDenied');
    expect(await may('guardduty', 'macie2:DisableMacie')).toBe('ImplicitlyDenied');
    expect(await may('macie', 'macie2:DisableMacie')).toBe('Allowed');
    expect(await may('data-retention', 'bedrock:GetAccountDataRetention')).toBe('Allowed');
    expect(await may('data-retention', 'bedrock:PutAccountDataRetention')).toBe('ImplicitlyDenied');
    const linked = `arn:aws:iam::${account}:role/aws-service-role/macie.amazonaws.com/AWSServiceRoleForAmazonMacie`;
    const forMacie = { 'iam:AWSServiceName': 'macie.amazonaws.com' };
    expect(await may('macie', 'iam:CreateServiceLinkedRole', linked, forMacie)).toBe('Allowed');
    expect(await may('macie', 'iam:CreateRole', linked)).toBe('ImplicitlyDenied');
    for (const logGroup of resources.of('AWS::Logs::LogGroup')) {
      expect(logGroup).toMatchObject({ KmsKeyId: place.logKeyArn, RetentionInDays: 90 });
    }
    expect(resources.of('AWS::Logs::LogGroup')).toHaveLength(resources.of('AWS::Lambda::Function').length);
    expect(JSON.stringify(resources.of('AWS::IAM::Role'))).not.toMatch(/"[a-z0-9]+:\*"/);
  });

  it('has a bucket for what Macie finds that Macie writes for this account alone', async () => {
    const [{ PolicyDocument }] = resources.of('AWS::S3::BucketPolicy');
    const put = (sourceAccount: string) =>
      decide(
        {
          ...{ principal: 'macie.amazonaws.com', action: 's3:PutObject' },
          resource: `arn:aws:s3:::sallyport-test-findings-${account}/macie/x`,
          context: {
            ...{ 'aws:SourceAccount': sourceAccount, 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.2' },
            'aws:SourceArn': `arn:aws:macie2:eu-central-1:${sourceAccount}:classification-job/j`,
          },
        },
        { resource: PolicyDocument },
      );
    expect(await put(account)).toBe('Allowed');
    expect(await put('999999999999')).not.toBe('Allowed');
  });

  it('is left alone where it is off', () => {
    const none = synth((scope) => {
      new AccountBaseline(scope, 'Baseline', { place, guardDuty: 'off', securityHub: 'off', macie: 'off' });
    });
    expect(none.of('AWS::Lambda::Function').map(({ FunctionName }) => FunctionName)).toEqual([
      'sallyport-test-data-retention-setter',
    ]);
  });
});

describe('the trail', () => {
  const resources = synth((scope) => {
    new AccountTrail(scope, 'Trail', { prefix: 'sallyport-test', path: '/sallyport/test' });
  });
  const [trail] = resources.of('AWS::CloudTrail::Trail');

  it('has every call to a model, data events of Bedrock, and calls that endpoints refused', () => {
    expect(trail).toMatchObject({
      ...{ IsLogging: true, IsMultiRegionTrail: true, EnableLogFileValidation: true, IncludeGlobalServiceEvents: true },
      KMSKeyId: expect.stringContaining(':key/'),
    });
    const selectors: { FieldSelectors: { Field: string; Equals?: string[]; StartsWith?: string[] }[] }[] =
      trail.AdvancedEventSelectors;
    const said = selectors.map(({ FieldSelectors }) =>
      FieldSelectors.map(
        ({ Field, Equals, StartsWith, ...not }) => `${Field} ${Equals ?? StartsWith} ${JSON.stringify(not)}`,
      ),
    );
    expect(said).toContainEqual(['eventCategory Management {}']);
    expect(said).toContainEqual(['eventCategory Data {}', 'resources.type AWS::Bedrock::Guardrail {}']);
    expect(said).toContainEqual(['eventCategory Data {}', 'resources.type AWS::Bedrock::AsyncInvoke {}']);
    expect(said).toContainEqual([
      ...['eventCategory NetworkActivity {}', 'eventSource bedrock.amazonaws.com {}', 'errorCode VpceAccessDenied {}'],
    ]);
    expect(said).toContainEqual([
      ...['eventCategory Data {}', 'resources.type AWS::S3::Object {}'],
      'resources.ARN arn:aws:s3:::sallyport-test- {"NotStartsWith":["arn:aws:s3:::sallyport-test-trail-"]}',
    ]);
  });

  it('is written by the one trail of this account', async () => {
    const [{ PolicyDocument }] = resources.of('AWS::S3::BucketPolicy');
    const put = (source: string) =>
      decide(
        {
          ...{ principal: 'cloudtrail.amazonaws.com', action: 's3:PutObject' },
          resource: `arn:aws:s3:::sallyport-test-trail-${account}/AWSLogs/${account}/x`,
          context: {
            ...{ 'aws:SourceArn': source, 's3:x-amz-acl': 'bucket-owner-full-control' },
            ...{ 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' },
          },
        },
        { resource: PolicyDocument },
      );
    const own = `arn:aws:cloudtrail:eu-central-1:${account}:trail/sallyport-test-account`;
    expect(await put(own)).toBe('Allowed');
    expect(await put(own.replace(account, '999999999999'))).not.toBe('Allowed');
  });
});

describe('the enforced guardrail', () => {
  const file = join(directory, 'guardrail.json');
  writeFileSync(
    file,
    JSON.stringify({
      ...{ name: 'all', blockedInputMessaging: 'No.', blockedOutputsMessaging: 'No.' },
      wordPolicyConfig: { managedWordListsConfig: [{ type: 'PROFANITY' }] },
    }),
  );
  const resources = synth((scope) => {
    const { logKeyArn: kmsKeyArn } = place;
    new EnforcedGuardrail(scope, 'Enforced', { place, file, kmsKeyArn, stage: 'observe' });
  });

  it('comes with one that only finds, and whoever of the account calls may apply both', async () => {
    expect(resources.of('AWS::Bedrock::Guardrail').map(({ Name }) => Name)).toEqual([
      'sallyport-test-enforced-all',
      'sallyport-test-enforced-all-observing',
    ]);
    const [{ PolicyDocument }] = resources.of('AWS::Bedrock::ResourcePolicy');
    const apply = (principalAccount: string) =>
      decide(
        {
          ...{ principal: `arn:aws:iam::${principalAccount}:role/app`, action: 'bedrock:ApplyGuardrail' },
          resource: `arn:aws:bedrock:eu-central-1:${account}:guardrail/g`,
          context: { 'aws:PrincipalAccount': principalAccount },
        },
        { resource: { ...PolicyDocument, Statement: [{ ...PolicyDocument.Statement[0], Resource: '*' }] } },
      );
    expect(await apply(account)).toBe('Allowed');
    expect(await apply('999999999999')).not.toBe('Allowed');
  });

  it('is enforced once that is so, by version', () => {
    expect(resources.of('Custom::SallyportEnforcedGuardrail')[0]).toMatchObject({
      Stage: 'observe',
      Version: expect.stringContaining('Version'),
      ObservingVersion: expect.stringContaining('Version'),
    });
    const [name = ''] = resources.names('Custom::SallyportEnforcedGuardrail');
    const { DependsOn } = resources.raw(name);
    expect(DependsOn.map((each: string) => resources.raw(each).Type)).toEqual([
      ...['AWS::Bedrock::ResourcePolicy', 'AWS::Bedrock::ResourcePolicy'],
    ]);
  });
});

describe('access analyzers', () => {
  it('look for what others reach, and for what nobody uses', () => {
    const resources = synth((scope) => {
      new AccessAnalyzers(scope, 'Analyzers', { prefix: 'sallyport-test' });
    });
    expect(resources.of('AWS::AccessAnalyzer::Analyzer').map(({ Type }) => Type)).toEqual([
      'ACCOUNT',
      'ACCOUNT_UNUSED_ACCESS',
    ]);
  });
});
