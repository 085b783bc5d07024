import { aws_iam as iam, RemovalPolicy, aws_s3 as s3, Tags } from 'aws-cdk-lib';
import { Construct, type IDependable } from 'constructs';

export interface ServiceBucketProps {
  readonly bucketName: string;
  /** ARN of the KMS key that everything in it is under. */
  readonly keyArn: string;
  /** Days after which objects are gone. */
  readonly days: number;
  /** What is in it, as the tag `sallyport:content`. */
  readonly content: string;
  /** Who may write, by the bucket's ARN. */
  readonly statements: (bucketArn: string) => readonly iam.PolicyStatement[];
}

const KEY_HEADER = 's3:x-amz-server-side-encryption-aws-kms-key-id';

/**
 * A bucket that a service of AWS writes to: nothing public, no ACLs, by TLS 1.2 at least, under one key, with versions,
 * and with an end for everything in it. It stays when the stack goes.
 */
export class ServiceBucket extends Construct {
  readonly bucketName: string;
  readonly bucketArn: string;
  /** What a writer has to wait for. */
  readonly policy: IDependable;

  constructor(scope: Construct, id: string, { bucketName, keyArn, days, content, statements }: ServiceBucketProps) {
    super(scope, id);
    const bucket = new s3.CfnBucket(this, 'Bucket', {
      bucketName,
      bucketEncryption: {
        serverSideEncryptionConfiguration: [
          {
            bucketKeyEnabled: true,
            serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: keyArn },
          },
        ],
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
            id: 'EndContent',
            status: 'Enabled',
            expirationInDays: days,
            noncurrentVersionExpiration: { noncurrentDays: 1 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
          { id: 'EndMarkers', status: 'Enabled', expiredObjectDeleteMarker: true },
        ],
      },
    });
    bucket.applyRemovalPolicy(RemovalPolicy.RETAIN);
    Tags.of(bucket).add('sallyport:content', content);
    this.policy = new s3.CfnBucketPolicy(this, 'Policy', {
      bucket: bucket.ref,
      policyDocument: new iam.PolicyDocument({
        statements: [...statements(bucket.attrArn), ...denials(bucket.attrArn, keyArn)],
      }),
    });
    this.bucketName = bucket.ref;
    this.bucketArn = bucket.attrArn;
  }
}

function denials(bucketArn: string, keyArn: string): readonly iam.PolicyStatement[] {
  const everybody = { principals: [new iam.AnyPrincipal()], effect: iam.Effect.DENY };
  const everything = { ...everybody, actions: ['s3:*'], resources: [bucketArn, `${bucketArn}/*`] };
  return [
    new iam.PolicyStatement({
      ...everything,
      sid: 'WithTlsAlone',
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
    new iam.PolicyStatement({
      ...everything,
      sid: 'WithTls12AtLeast',
      conditions: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
    }),
    new iam.PolicyStatement({
      ...everybody,
      sid: 'UnderItsKeyAlone',
      actions: ['s3:PutObject'],
      resources: [`${bucketArn}/*`],
      // Whoever names no key gets the bucket's own; `IfExists` would deny them.
      conditions: { StringNotEquals: { [KEY_HEADER]: keyArn }, Null: { [KEY_HEADER]: 'false' } },
    }),
  ];
}
