import { Aws, CfnDeletionPolicy } from 'aws-cdk-lib';
import { CfnAccessPoint, CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { policyDocument } from '../policy/policy-document.ts';
import { grantedTo, logStatements, toAccessPointArn } from './log-access.ts';
import { bucketStatements } from './log-bucket-policy.ts';
import { LogReplication, type LogReplicationProps } from './log-replication.ts';
import { LogReports } from './log-reports.ts';

export interface AuditStoreProps {
  /** What names of ours begin with, those of roles too. */
  readonly prefix: string;
  readonly bucketName: string;
  /** What every key of the log begins with: nothing, or words with a slash behind each. */
  readonly keyPrefix: string;
  /** The key that objects are encrypted under, by ARN. */
  readonly key: string;
  /** The network that all calls come from, by its id. */
  readonly vpc: string;
  /** Name of the access point that the gateway and the sequencer ask at. Default: they ask at the bucket by its name. */
  readonly applicationAccessPoint?: string;
  /** Whether a tenant's records are removed after some time; false unless told. */
  readonly removesSegments?: boolean;
  /** Where each object of the log is copied to. Default: nowhere. */
  readonly replica?: LogReplicationProps['replica'];
  /** Days that checkpoints before the last are kept here; 30 unless told. Sinks keep them all. */
  readonly checkpointDays?: number;
}

const BLOCKED = {
  blockPublicAcls: true,
  blockPublicPolicy: true,
  ignorePublicAcls: true,
  restrictPublicBuckets: true,
} as const;

/**
 * The bucket of the log, for this log alone: versions, Object Lock, KMS with a bucket key, and access points bound to the
 * network: one for the gateway and the sequencer, one for auditors, one for security. It has no default retention: the
 * gateway locks full tiles and segments itself, and partial tiles, staging, large journal entries and the checkpoint go
 * again, which under a default they could not (docs/guide/record.md, "In S3"). The bucket outlives the stack.
 */
export class AuditStore extends Construct {
  /** By ARN. */
  readonly bucket: string;
  /** Where the gateway asks: the ARN of its access point, or of the bucket. */
  readonly application: string;

  constructor(scope: Construct, id: string, props: AuditStoreProps) {
    super(scope, id);
    const { prefix, bucketName, keyPrefix, key, vpc, applicationAccessPoint, removesSegments = false } = props;
    const arn = `arn:${Aws.PARTITION}:s3:::${bucketName}`;
    const reports = new LogReports(this, 'Reports', { prefix, logBucket: arn });
    const replication =
      props.replica === undefined
        ? undefined
        : new LogReplication(this, 'Replication', { prefix, bucket: arn, key, keyPrefix, replica: props.replica });
    const bucket = new CfnBucket(this, 'Bucket', {
      bucketName,
      objectLockEnabled: true,
      versioningConfiguration: { status: 'Enabled' },
      publicAccessBlockConfiguration: BLOCKED,
      ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
      bucketEncryption: {
        serverSideEncryptionConfiguration: [
          { bucketKeyEnabled: true, serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key } },
        ],
      },
      loggingConfiguration: { destinationBucketName: reports.bucketName, logFilePrefix: 'access/' },
      inventoryConfigurations: [
        {
          id: 'log',
          enabled: true,
          includedObjectVersions: 'All',
          scheduleFrequency: 'Daily',
          destination: { bucketArn: reports.bucket, format: 'Parquet', prefix: 'inventory' },
          optionalFields: [
            'Size',
            'LastModifiedDate',
            'EncryptionStatus',
            'BucketKeyStatus',
            'ObjectLockMode',
            'ObjectLockRetainUntilDate',
            'ObjectLockLegalHoldStatus',
            'ReplicationStatus',
          ],
        },
      ],
      lifecycleConfiguration: { rules: lifecycle(keyPrefix, props.checkpointDays ?? 30) },
      ...(replication === undefined ? {} : { replicationConfiguration: replication.configuration }),
      tags: [{ key: 'sallyport:data-class', value: 'log' }],
    });
    bucket.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
    bucket.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    bucket.node.addDependency(reports);
    const log = { prefix: keyPrefix, removesSegments };
    const policy = new CfnBucketPolicy(this, 'Policy', {
      bucket: bucket.ref,
      policyDocument: policyDocument(
        bucketStatements({
          bucket: arn,
          made: bucket.attrArn,
          prefix,
          vpc,
          log: { ...log, arn },
          isAskedByName: applicationAccessPoint === undefined,
        }),
      ),
    });
    this.bucket = arn;
    this.application = applicationAccessPoint === undefined ? arn : toAccessPointArn(applicationAccessPoint);

    const openAccessPoint = (at: string, name: string, statements: Parameters<typeof policyDocument>[0]) => {
      const point = new CfnAccessPoint(this, at, {
        bucket: bucket.ref,
        name,
        vpcConfiguration: { vpcId: vpc },
        publicAccessBlockConfiguration: BLOCKED,
        policy: policyDocument(statements),
      });
      // An access point that nothing denies is not to be there for a moment.
      point.node.addDependency(policy);
    };
    const at = (name: string) => ({ ...log, arn: toAccessPointArn(name) });
    if (applicationAccessPoint !== undefined) {
      const place = at(applicationAccessPoint);
      openAccessPoint('Application', applicationAccessPoint, [
        ...grantedTo(['gateway', 'operator', 'workflow-*'], { prefix, statements: logStatements('gateway', place) }),
        ...grantedTo(['sequencer'], { prefix, statements: logStatements('sequencer', place) }),
      ]);
    }
    for (const role of ['auditor', 'security'] as const) {
      const name = `${prefix}-log-${role}`;
      const statements = logStatements(role, at(name));
      openAccessPoint(role === 'auditor' ? 'Auditor' : 'Security', name, grantedTo([role], { prefix, statements }));
    }
  }
}

/** What is written anew leaves versions behind, and what was removed its marks; uploads that nobody ended cost. */
function lifecycle(keyPrefix: string, checkpointDays: number): CfnBucket.RuleProperty[] {
  const noncurrent = (id: string, path: string, days: number): CfnBucket.RuleProperty => ({
    id,
    status: 'Enabled',
    prefix: `${keyPrefix}${path}`,
    noncurrentVersionExpiration: { noncurrentDays: days },
    expiredObjectDeleteMarker: true,
  });
  return [
    noncurrent('checkpoints', 'checkpoint', checkpointDays),
    noncurrent('staging', 'staging/', 1),
    noncurrent('journal', 'journal/', 7),
    { id: 'uploads', status: 'Enabled', abortIncompleteMultipartUpload: { daysAfterInitiation: 2 } },
  ];
}
