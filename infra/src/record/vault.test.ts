import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, resourcesOf } from '../policy/resolved.suite.ts';
import { decide } from '../policy/simulation.suite.ts';
import { Vault } from './vault.ts';

const OWNER = '444455556666';
let template: Template;
beforeAll(() => {
  const stack = new Stack(new App(), 'Vault');
  new Vault(stack, 'Vault', {
    prefix: 'sallyport-prod',
    bucketName: 'bank-vault',
    keyPrefix: 'prod/',
    writerAccount: ACCOUNT,
    isUnderItsKey: true,
  });
  template = Template.fromStack(stack);
});

const VAULT_KEY = `arn:aws:kms:eu-central-1:${OWNER}:key/0a1b2c3d-0000-4000-8000-000000000000`;

function propertiesOf(type: string) {
  const [key = ''] = Object.keys(template.findResources('AWS::KMS::Key'));
  const deployed = { account: OWNER, values: { [`${key}.Arn`]: VAULT_KEY } };
  return Object.values(resourcesOf(template, type, deployed))[0]?.Properties ?? {};
}

function ask(role: string, action: string, context: Readonly<Record<string, string>> = {}, account = ACCOUNT) {
  const principal = `arn:aws:iam::${account}:role/${role}`;
  const own = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };
  return decide(
    {
      principal,
      account: OWNER,
      action: `s3:${action}`,
      resource: 'arn:aws:s3:::bank-vault/prod/2026-01-31-09-0000000000001234.checkpoint',
      context: { 'aws:PrincipalArn': principal, 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', ...context },
    },
    { identity: [own], resource: propertiesOf('AWS::S3::BucketPolicy')['PolicyDocument'] },
  );
}

const ONCE = {
  's3:if-none-match': '*',
  's3:ObjectCreationOperation': 'true',
  's3:x-amz-server-side-encryption-aws-kms-key-id': VAULT_KEY,
};
const OTHER_KEY = { ...ONCE, 's3:x-amz-server-side-encryption-aws-kms-key-id': VAULT_KEY.replace('0a1b', '0a1c') };
const AGAIN = { 's3:ObjectCreationOperation': 'true' };

describe('a vault', () => {
  it('locks every checkpoint for ten years, for whomever', () => {
    expect(propertiesOf('AWS::S3::Bucket')).toMatchObject({
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 3_650 } },
      },
      VersioningConfiguration: { Status: 'Enabled' },
    });
    expect(propertiesOf('AWS::KMS::Key')).toMatchObject({ EnableKeyRotation: true });
  });

  it('lets the other account’s gateway and sequencer put each once, and nobody else there', async () => {
    expect(
      await Promise.all([
        ask('sallyport-prod-sequencer', 'PutObject', ONCE),
        ask('sallyport-prod-sequencer', 'GetObject'),
        ask('sallyport-prod-gateway', 'PutObject', ONCE),
        ask('sallyport-prod-sequencer', 'PutObject', AGAIN),
        ask('sallyport-prod-sequencer', 'PutObject', OTHER_KEY),
        ask('sallyport-prod-sequencer', 'DeleteObjectVersion'),
        ask('sallyport-prod-sequencer', 'BypassGovernanceRetention'),
        ask('Admin', 'PutObject', ONCE),
        ask('sallyport-prod-sequencer', 'PutObject', ONCE, '999900001111'),
        ask('sallyport-prod-sequencer', 'GetObject', { 'aws:SecureTransport': 'false' }),
      ]),
    ).toEqual([
      'Allowed',
      'Allowed',
      'Allowed',
      'ExplicitlyDenied',
      'ExplicitlyDenied',
      'ImplicitlyDenied',
      'ExplicitlyDenied',
      'ImplicitlyDenied',
      'ImplicitlyDenied',
      'ExplicitlyDenied',
    ]);
  });
});
