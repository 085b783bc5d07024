import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export interface BalancerLogsProps {
  /** What names begin with: `sallyport-prod`. */
  readonly name: string;
  /** Days that a line is kept. */
  readonly retentionDays: number;
}

/**
 * Bucket of the access and connection logs of a load balancer: who connected, when, path, status and times, no headers and
 * no bodies.
 *
 * Load balancers write under SSE-S3 alone, with no key of KMS (Elastic Load Balancing guide, access logs): that is the
 * one bucket here without one.
 */
export class BalancerLogs extends Construct {
  readonly bucketName: string;
  /** To be depended on by what writes: the load balancer tries whether it may when it is made. */
  readonly policy: CfnBucketPolicy;

  constructor(scope: Construct, id: string, { name, retentionDays }: BalancerLogsProps) {
    super(scope, id);
    const bucket = new CfnBucket(this, 'Bucket', {
      bucketEncryption: {
        serverSideEncryptionConfiguration: [{ serverSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }],
      },
      ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
      publicAccessBlockConfiguration: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      versioningConfiguration: { status: 'Enabled' },
      lifecycleConfiguration: {
        rules: [
          {
            id: 'expire',
            status: 'Enabled',
            expirationInDays: retentionDays,
            noncurrentVersionExpiration: { noncurrentDays: 1 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: Duration.days(1).toDays() },
          },
        ],
      },
    });
    bucket.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.bucketName = bucket.ref;
    const balancers = `arn:${Aws.PARTITION}:elasticloadbalancing:${Aws.REGION}:${Aws.ACCOUNT_ID}:loadbalancer/app/${name}/*`;
    this.policy = new CfnBucketPolicy(this, 'Policy', {
      bucket: bucket.ref,
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
            Action: 's3:PutObject',
            Resource: `${bucket.attrArn}/AWSLogs/${Aws.ACCOUNT_ID}/*`,
            Condition: {
              StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
              ArnLike: { 'aws:SourceArn': balancers },
            },
          },
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [bucket.attrArn, `${bucket.attrArn}/*`],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          {
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: [bucket.attrArn, `${bucket.attrArn}/*`],
            Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
          },
        ],
      },
    });
  }
}
