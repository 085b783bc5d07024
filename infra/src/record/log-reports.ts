import { Aws, CfnDeletionPolicy } from 'aws-cdk-lib';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { policyDocument } from '../policy/policy-document.ts';

export interface LogReportsProps {
  /** What names of ours begin with. */
  readonly prefix: string;
  /** The bucket that is reported on, by ARN. */
  readonly logBucket: string;
  /** Days that reports are kept; 365 unless told. */
  readonly days?: number;
}

/**
 * A bucket of who asked for what in the log's bucket, and of the list of its objects with their locks. Neither has content.
 * It is encrypted by S3's own key: server access logs go to no bucket under KMS (Amazon S3, "Enabling server access
 * logging").
 */
export class LogReports extends Construct {
  readonly bucketName: string;
  /** By ARN. */
  readonly bucket: string;

  constructor(scope: Construct, id: string, { prefix, logBucket, days = 365 }: LogReportsProps) {
    super(scope, id);
    this.bucketName = `${prefix}-log-reports-${Aws.ACCOUNT_ID}`;
    this.bucket = `arn:${Aws.PARTITION}:s3:::${this.bucketName}`;
    const bucket = new CfnBucket(this, 'Bucket', {
      bucketName: this.bucketName,
      versioningConfiguration: { status: 'Enabled' },
      publicAccessBlockConfiguration: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
      bucketEncryption: {
        serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
      },
      lifecycleConfiguration: {
        rules: [
          {
            id: 'reports',
            status: 'Enabled',
            expirationInDays: days,
            noncurrentVersionExpiration: { noncurrentDays: 1 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
          },
        ],
      },
    });
    bucket.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
    bucket.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    const written = (Sid: string, Service: string, path: string) =>
      ({
        Sid,
        Effect: 'Allow',
        Principal: { Service },
        Action: ['s3:PutObject'],
        Resource: `${this.bucket}/${path}/*`,
        Condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID }, ArnLike: { 'aws:SourceArn': logBucket } },
      }) as const;
    new CfnBucketPolicy(this, 'Policy', {
      bucket: bucket.ref,
      policyDocument: policyDocument([
        written('AccessLogs', 'logging.s3.amazonaws.com', 'access'),
        written('Inventory', 's3.amazonaws.com', 'inventory'),
        {
          Sid: 'OverTls12OrLater',
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:GetObject', 's3:PutObject', 's3:ListBucket', 's3:DeleteObject'],
          Resource: [this.bucket, `${this.bucket}/*`],
          Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
        },
        {
          Sid: 'OverTlsAlone',
          Effect: 'Deny',
          Principal: '*',
          Action: ['s3:*'],
          Resource: [bucket.attrArn, `${bucket.attrArn}/*`],
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ]),
    });
  }
}
