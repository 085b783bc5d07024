import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { beforeAll, describe, expect, it } from 'vitest';
import { ACCOUNT, propertyOf, REGION, resourcesOf } from '../policy/resolved.suite.ts';
import { type Call, decide, type Outcome } from '../policy/simulation.suite.ts';
import { AuditStore, type AuditStoreProps } from './audit-store.ts';
import { type LogRole, logStatements, toAccessPointArn } from './log-access.ts';

const LOG = 'arn:aws:s3:::bank-log';
const VPC = 'vpc-0a1b2c3d4e5f60718';
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const POINT = `arn:aws:s3:${REGION}:${ACCOUNT}:accesspoint/sallyport-prod-application`;

function synthesize(props: Partial<AuditStoreProps> = {}): Template {
  const stack = new Stack(new App(), 'Log');
  new AuditStore(stack, 'Log', {
    prefix: 'sallyport-prod',
    bucketName: 'bank-log',
    keyPrefix: 'prod/',
    key: KEY,
    vpc: VPC,
    ...props,
  });
  return Template.fromStack(stack);
}

const all = (template: Template, type: string) => Object.values(resourcesOf(template, type));
const bucketPolicy = (template: Template) =>
  all(template, 'AWS::S3::BucketPolicy').find(({ Properties }) => !JSON.stringify(Properties).includes('AccessLogs'))
    ?.Properties['PolicyDocument'];

/** How a call that is as it should be comes. */
const INSIDE = {
  'aws:SecureTransport': 'true',
  's3:TlsVersion': '1.3',
  'aws:SourceVpc': VPC,
  'aws:ViaAWSService': 'false',
  'aws:PrincipalIsAWSService': 'false',
};
const PUT = {
  's3:x-amz-server-side-encryption': 'aws:kms',
  's3:if-none-match': '*',
  's3:ObjectCreationOperation': 'true',
};

let byName: Template;
let byPoint: Template;
beforeAll(() => {
  byName = synthesize();
  byPoint = synthesize({ applicationAccessPoint: 'sallyport-prod-application', removesSegments: true });
});

interface Asked {
  readonly role: string;
  readonly action: string;
  readonly path: string;
  readonly context?: Readonly<Record<string, string | undefined>>;
  /** What the role's own policy permits; anything unless told. */
  readonly identity?: unknown;
}

const ANYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] };

function call({ role, action, path, context = {} }: Asked, resource = LOG): Call {
  const principal = `arn:aws:iam::${ACCOUNT}:role/${role}`;
  const asked = { 'aws:PrincipalArn': principal, ...INSIDE, ...context };
  const given = Object.entries(asked).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
  return {
    principal,
    action: `s3:${action}`,
    resource: path === '' ? resource : `${resource}/${path}`,
    context: Object.fromEntries(given),
  };
}

const atBucket = (asked: Asked): Promise<Outcome> =>
  decide(call(asked), { identity: [asked.identity ?? ANYTHING], resource: bucketPolicy(byName) });

describe("the log's bucket", () => {
  it('is versioned, locked by its objects alone, closed to the public, under KMS with a bucket key, and kept', () => {
    const [bucket] = all(byName, 'AWS::S3::Bucket').filter(({ Properties }) => Properties['BucketName'] === 'bank-log');
    expect(bucket?.DeletionPolicy).toBe('Retain');
    expect(bucket?.Properties).toMatchObject({
      ObjectLockEnabled: true,
      VersioningConfiguration: { Status: 'Enabled' },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          { BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY } },
        ],
      },
    });
    // A default would lock partial tiles and the checkpoint too, which are to go.
    expect(bucket?.Properties).not.toHaveProperty('ObjectLockConfiguration');
    for (const { Properties } of [...all(byName, 'AWS::S3::Bucket'), ...all(byName, 'AWS::S3::AccessPoint')]) {
      expect(Properties['PublicAccessBlockConfiguration']).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
    }
  });

  it('keeps what is written once, and lets only noncurrent checkpoints, staging and large entries expire', () => {
    const [bucket] = all(byName, 'AWS::S3::Bucket').filter(({ Properties }) => Properties['BucketName'] === 'bank-log');
    const { Rules } = propertyOf<{ Rules: readonly Record<string, unknown>[] }>(
      bucket?.Properties,
      'LifecycleConfiguration',
    );
    expect(Rules.filter((rule) => 'ExpirationInDays' in rule)).toEqual([]);
    expect(Rules.filter((rule) => 'NoncurrentVersionExpiration' in rule).map(({ Prefix }) => Prefix)).toEqual([
      'prod/checkpoint',
      'prod/staging/',
      'prod/journal/',
    ]);
  });

  it('lets the gateway read the log and put down large entries, and the sequencer write the log', async () => {
    const gateway = 'sallyport-prod-gateway';
    const sequencer = 'sallyport-prod-sequencer';
    const nothing = { identity: { Version: '2012-10-17', Statement: [] } };
    const own = (role: LogRole) => ({
      identity: {
        Version: '2012-10-17',
        Statement: logStatements(role, { arn: LOG, prefix: 'prod/', removesSegments: false }),
      },
    });
    const asked: readonly (readonly [Asked, Outcome])[] = [
      [{ role: gateway, action: 'GetObject', path: 'prod/tile/0/000', ...own('gateway') }, 'Allowed'],
      [{ role: gateway, action: 'PutObject', path: 'prod/journal/a/b', context: PUT, ...own('gateway') }, 'Allowed'],
      [
        { role: gateway, action: 'PutObject', path: 'prod/tile/0/000', context: PUT, ...own('gateway') },
        'ImplicitlyDenied',
      ],
      [{ role: sequencer, action: 'PutObject', path: 'prod/tile/0/000', context: PUT, ...own('sequencer') }, 'Allowed'],
      [{ role: sequencer, action: 'PutObjectRetention', path: 'prod/segments/1', ...own('sequencer') }, 'Allowed'],
      [{ role: sequencer, action: 'DeleteObjectVersion', path: 'prod/tile/0/000.p/4', ...own('sequencer') }, 'Allowed'],
      [
        { role: sequencer, action: 'DeleteObjectVersion', path: 'prod/segments/1', ...own('sequencer') },
        'ImplicitlyDenied',
      ],
      [{ role: sequencer, action: 'GetObject', path: 'stage/tile/0/000', ...own('sequencer') }, 'ImplicitlyDenied'],
      [{ role: gateway, action: 'GetObject', path: 'prod/tile/0/000', ...nothing }, 'ImplicitlyDenied'],
    ];
    for (const [one, outcome] of asked) {
      expect([one.role, one.action, one.path, await atBucket(one)]).toEqual([one.role, one.action, one.path, outcome]);
    }
  });

  it('refuses everybody, with any permission of IAM, what would undo it', async () => {
    const sequencer = { role: 'sallyport-prod-sequencer', action: 'PutObject', path: 'prod/tile/0/000' };
    const refused: readonly (readonly [string, Asked])[] = [
      ['cleartext', { ...sequencer, context: { ...PUT, 'aws:SecureTransport': 'false' } }],
      [
        'cleartext, of anything',
        { role: 'Admin', action: 'PutBucketTagging', path: '', context: { 'aws:SecureTransport': 'false' } },
      ],
      ['old TLS', { ...sequencer, context: { ...PUT, 's3:TlsVersion': '1.1' } }],
      ['another network', { ...sequencer, context: { ...PUT, 'aws:SourceVpc': 'vpc-0b1b2c3d4e5f60718' } }],
      ['no network', { ...sequencer, context: { ...PUT, 'aws:SourceVpc': undefined } }],
      ['another key', { ...sequencer, context: { ...PUT, 's3:x-amz-server-side-encryption': 'AES256' } }],
      ['a second version', { ...sequencer, context: { ...PUT, 's3:if-none-match': undefined } }],
      ['by its name, by others', { role: 'Admin', action: 'GetObject', path: 'prod/tile/0/000' }],
      ['bypass', { role: 'Admin', action: 'BypassGovernanceRetention', path: 'prod/tile/0/000' }],
      ['its end', { role: 'Admin', action: 'DeleteBucket', path: '' }],
    ];
    for (const [what, asked] of refused) expect([what, await atBucket(asked)]).toEqual([what, 'ExplicitlyDenied']);
    // What begins an upload in parts, and the checkpoint, take no such condition.
    const begun = {
      's3:if-none-match': undefined,
      's3:x-amz-server-side-encryption': undefined,
      's3:ObjectCreationOperation': 'false',
    };
    expect(await atBucket({ ...sequencer, path: 'prod/segments/1', context: begun })).toBe('Allowed');
    const checkpoint = { ...PUT, 's3:if-none-match': undefined };
    expect(await atBucket({ ...sequencer, path: 'prod/checkpoint', context: checkpoint })).toBe('Allowed');
  });

  it('is reported on where only S3 writes, of this bucket alone and by TLS', async () => {
    const [reports] = all(byName, 'AWS::S3::Bucket').filter(
      ({ Properties }) => Properties['BucketName'] !== 'bank-log',
    );
    expect(reports?.Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 365 }] },
    });
    const policy = all(byName, 'AWS::S3::BucketPolicy').find(({ Properties }) =>
      JSON.stringify(Properties).includes('AccessLogs'),
    );
    const own = { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': LOG, 's3:TlsVersion': '1.3' };
    const put = (context: Readonly<Record<string, string>>) =>
      decide(
        {
          principal: 'logging.s3.amazonaws.com',
          action: 's3:PutObject',
          resource: `arn:aws:s3:::${reports?.Properties['BucketName']}/access/1`,
          context: { 'aws:SecureTransport': 'true', ...own, ...context },
        },
        { resource: policy?.Properties['PolicyDocument'] },
      );
    expect(
      await Promise.all([
        put({}),
        put({ 'aws:SourceArn': 'arn:aws:s3:::other' }),
        put({ 'aws:SourceAccount': '999999999999' }),
        put({ 'aws:SecureTransport': 'false' }),
        put({ 's3:TlsVersion': '1.1' }),
      ]),
    ).toEqual(['Allowed', 'ImplicitlyDenied', 'ImplicitlyDenied', 'ExplicitlyDenied', 'ExplicitlyDenied']);
  });

  it('is asked through access points alone where the configuration names one', async () => {
    const identity = [ANYTHING];
    const resource = bucketPolicy(byPoint);
    const asked = { role: 'sallyport-prod-gateway', action: 'GetObject', path: 'prod/tile/0/000' };
    expect(await decide(call(asked), { identity, resource })).toBe('ExplicitlyDenied');
    const through = { ...asked, context: { 's3:DataAccessPointAccount': ACCOUNT } };
    expect(await decide(call(through), { identity: [], resource })).toBe('Allowed');
    const foreign = { ...asked, context: { 's3:DataAccessPointAccount': '999900001111' } };
    expect(await decide(call(foreign), { identity, resource })).toBe('ExplicitlyDenied');
  });
});

describe('access points', () => {
  const pointPolicy = (template: Template, name: string) =>
    all(template, 'AWS::S3::AccessPoint').find(({ Properties }) => Properties['Name'] === name)?.Properties;

  it('are bound to the network, one for each kind of reader', () => {
    const names = all(byPoint, 'AWS::S3::AccessPoint').map(({ Properties }) => [
      Properties['Name'],
      Properties['VpcConfiguration'],
    ]);
    expect(names).toEqual([
      ['sallyport-prod-application', { VpcId: VPC }],
      ['sallyport-prod-log-auditor', { VpcId: VPC }],
      ['sallyport-prod-log-security', { VpcId: VPC }],
    ]);
    expect(all(byName, 'AWS::S3::AccessPoint')).toHaveLength(2);
  });

  it('let each role at its part alone', () => {
    const granted = (name: string) =>
      propertyOf<{ Statement: readonly Record<string, unknown>[] }>(pointPolicy(byPoint, name), 'Policy').Statement.map(
        ({ Action, Resource, Condition }) => [Action, Resource, Object.values(Condition as object)[0]],
      );
    const auditor = toAuditor('auditor');
    expect(granted('sallyport-prod-log-auditor')).toEqual([
      [['s3:ListBucket'], auditor, { 'aws:PrincipalArn': [`arn:aws:iam::${ACCOUNT}:role/sallyport-prod-auditor`] }],
      [
        ['s3:GetObject'],
        ['checkpoint', 'tile/*', 'segments/*'].map((path) => `${auditor}/object/prod/${path}`),
        { 'aws:PrincipalArn': [`arn:aws:iam::${ACCOUNT}:role/sallyport-prod-auditor`] },
      ],
    ]);
    const actions = granted('sallyport-prod-log-security').flatMap(([Action]) => Action);
    expect(actions).not.toContain('s3:GetObject');
    const writes = granted('sallyport-prod-application').filter(([Action]) =>
      JSON.stringify(Action).includes('Delete'),
    );
    expect(JSON.stringify(writes)).toContain(`${POINT}/object/prod/segments/*`);
  });

  function toAuditor(name: string): string {
    return `arn:aws:s3:${REGION}:${ACCOUNT}:accesspoint/sallyport-prod-log-${name}`;
  }

  it('have ARNs as the configuration names them', () => {
    expect(toAccessPointArn('x')).toMatch(/^arn:.*:s3:.*:accesspoint\/x$/);
  });
});

describe('a copy of the log', () => {
  it('is made of tiles, segments and checkpoints, under the key of its place, by a role for that alone', () => {
    const replica = {
      bucket: 'arn:aws:s3:::copy',
      key: 'arn:aws:kms:eu-west-1:444455556666:key/c',
      account: '444455556666',
      region: 'eu-west-1',
    };
    const template = synthesize({ replica });
    const [bucket] = all(template, 'AWS::S3::Bucket').filter(
      ({ Properties }) => 'ReplicationConfiguration' in Properties,
    );
    const { Rules } = propertyOf<{ Rules: readonly Record<string, object>[] }>(
      bucket?.Properties,
      'ReplicationConfiguration',
    );
    expect(Rules.map(({ Filter }) => Filter)).toEqual(
      ['tile/', 'segments/', 'checkpoint'].map((path) => ({ Prefix: `prod/${path}` })),
    );
    expect(Rules[0]?.['Destination']).toMatchObject({
      Account: '444455556666',
      EncryptionConfiguration: { ReplicaKmsKeyID: replica.key },
    });
    const [role] = all(template, 'AWS::IAM::Role');
    expect(JSON.stringify(role?.Properties['AssumeRolePolicyDocument'])).toContain('aws:SourceAccount');
    expect(JSON.stringify(role)).not.toMatch(/s3:(?:Put|Delete)/);
  });
});
