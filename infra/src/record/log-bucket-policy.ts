import { Aws } from 'aws-cdk-lib';
import { toRoleArn } from '../policy/arns.ts';
import type { Statement } from '../policy/policy-document.ts';
import { grantedTo, type LogPlace, logStatements } from './log-access.ts';

export interface BucketPolicyOptions {
  /** By ARN, made of its name. */
  readonly bucket: string;
  /** The same ARN, as the attribute of the resource: tools that read templates know the bucket by it. */
  readonly made: string;
  /** What roles' names begin with. */
  readonly prefix: string;
  readonly log: LogPlace;
  readonly vpc: string;
  /** Whether the gateway asks at the bucket by its name, and not at an access point. */
  readonly isAskedByName: boolean;
}

/** What is done with objects, by the actions that the gateway, its readers and a thief would need. */
const DATA = [
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:DeleteObjectVersion',
  's3:GetObject',
  's3:GetObjectVersion',
  's3:ListBucket',
  's3:ListBucketVersions',
  's3:PutObject',
  's3:PutObjectLegalHold',
  's3:PutObjectRetention',
];

/**
 * Refuses, to whomever: cleartext and TLS before 1.2, what does not come from the network or not through an access point,
 * what is not encrypted under KMS, a second version of what is written once, the bypass of a lock, the bucket's end.
 */
export function bucketStatements(options: BucketPolicyOptions): readonly Statement[] {
  const { bucket, made, prefix, log, vpc, isAskedByName } = options;
  const everything = [bucket, `${bucket}/*`];
  const replication = toRoleArn(`${prefix}-replication`);
  const byName = ['gateway', 'sequencer', 'operator', 'workflow-*'].map((role) => toRoleArn(`${prefix}-${role}`));
  const notAService = { 'aws:PrincipalIsAWSService': 'false' };
  const once = ['tile/*', 'segments/*', 'journal/*', 'staging/*'].map((path) => `${bucket}/${log.prefix}${path}`);
  return [
    deny('OverTlsAlone', ['s3:*'], [made, `${made}/*`], { Bool: { 'aws:SecureTransport': 'false' } }),
    deny('OverTls12OrLater', DATA, everything, { NumericLessThan: { 's3:TlsVersion': '1.2' } }),
    // What S3 does by itself, replication, comes from no network and through no access point.
    deny('FromTheNetworkAlone', DATA, everything, {
      StringNotEquals: { 'aws:SourceVpc': vpc },
      ArnNotLike: { 'aws:PrincipalArn': replication },
      Bool: { ...notAService, 'aws:ViaAWSService': 'false' },
    }),
    deny('ThroughAccessPointsAlone', DATA, everything, {
      StringNotEquals: { 's3:DataAccessPointAccount': Aws.ACCOUNT_ID },
      ArnNotLike: { 'aws:PrincipalArn': [replication, ...(isAskedByName ? byName : [])] },
      Bool: notAService,
    }),
    // Parts of an upload name no encryption, and what names none gets the bucket's.
    deny('UnderKmsAlone', ['s3:PutObject'], [`${bucket}/*`], {
      StringNotEquals: { 's3:x-amz-server-side-encryption': 'aws:kms' },
      Null: { 's3:x-amz-server-side-encryption': 'false' },
    }),
    // Beginning an upload in parts takes no condition; its completion does (Amazon S3, "Enforce conditional writes").
    deny('WrittenOnce', ['s3:PutObject'], once, {
      Null: { 's3:if-none-match': 'true' },
      Bool: { 's3:ObjectCreationOperation': 'true' },
    }),
    deny('LocksHold', ['s3:BypassGovernanceRetention', 's3:DeleteBucket'], everything),
    {
      Sid: 'DelegatedToAccessPoints',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: [...DATA, 's3:GetObjectLegalHold', 's3:GetObjectRetention'],
      Resource: everything,
      Condition: { StringEquals: { 's3:DataAccessPointAccount': Aws.ACCOUNT_ID } },
    },
    ...(isAskedByName
      ? [
          ...grantedTo(['gateway', 'operator', 'workflow-*'], { prefix, statements: logStatements('gateway', log) }),
          ...grantedTo(['sequencer'], { prefix, statements: logStatements('sequencer', log) }),
        ]
      : []),
  ];
}

function deny(
  Sid: string,
  Action: readonly string[],
  Resource: readonly string[],
  Condition?: Statement['Condition'],
): Statement {
  return { Sid, Effect: 'Deny', Principal: '*', Action, Resource, ...(Condition === undefined ? {} : { Condition }) };
}
