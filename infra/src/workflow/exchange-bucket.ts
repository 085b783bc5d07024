import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { policyDocument, type Statement } from '../policy/policy-document.ts';

export interface ExchangeBucketProps {
  readonly bucketName: string;
  /** The key that everything in it is under, by ARN. */
  readonly keyArn: string;
  /** The network that objects are reached from, by id. */
  readonly vpc: string;
  /** What keys of the steps' own states begin with: `states/` below the configuration's prefix. */
  readonly states: string;
  /** ARNs, or patterns of ARNs, of the steps' roles: who alone gets at states. */
  readonly steps: readonly string[];
  /** Days that requests, states and replies lie there; 2 unless told. */
  readonly days?: number;
}

const OBJECTS = ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'];

/**
 * Where requests, what lies between steps, and replies are for a day or two: under a key, by TLS alone, from the network alone,
 * and states for the steps alone (docs/guide/workflow.md). It has content, and goes on when the stack goes.
 */
export class ExchangeBucket extends Construct {
  readonly bucketArn: string;

  constructor(scope: Construct, id: string, props: ExchangeBucketProps) {
    super(scope, id);
    const { bucketName, keyArn, days = 2 } = props;
    const bucket = new CfnBucket(this, 'Bucket', {
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
      // Versions would keep what is removed: what is to be kept is in the record.
      lifecycleConfiguration: {
        rules: [
          {
            id: 'EndContent',
            status: 'Enabled',
            expirationInDays: days,
            abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
          },
        ],
      },
    });
    bucket.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.bucketArn = bucket.attrArn;
    new CfnBucketPolicy(this, 'Policy', {
      bucket: bucket.ref,
      policyDocument: policyDocument(denials(bucket.attrArn, props)),
    });
  }
}

function denials(bucket: string, { keyArn, vpc, states, steps }: ExchangeBucketProps): readonly Statement[] {
  const objects = `${bucket}/*`;
  const deny = (
    Sid: string,
    Action: readonly string[],
    rest: Pick<Statement, 'Resource' | 'Condition'>,
  ): Statement => ({
    Sid,
    Effect: 'Deny',
    Principal: '*',
    Action,
    ...rest,
  });
  const key = 's3:x-amz-server-side-encryption-aws-kms-key-id';
  return [
    deny('WithTlsAlone', ['s3:*'], {
      Resource: [bucket, objects],
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
    deny('WithTls12AtLeast', ['s3:*'], {
      Resource: [bucket, objects],
      Condition: { NumericLessThan: { 's3:TlsVersion': '1.2' } },
    }),
    deny('UnderItsKeyAlone', ['s3:PutObject'], {
      Resource: objects,
      Condition: { StringNotEquals: { [key]: keyArn }, Null: { [key]: 'false' } },
    }),
    deny('FromTheNetworkAlone', OBJECTS, {
      Resource: objects,
      Condition: {
        StringNotEquals: { 'aws:SourceVpc': vpc },
        Bool: { 'aws:ViaAWSService': 'false', 'aws:PrincipalIsAWSService': 'false' },
      },
    }),
    deny('StatesForStepsAlone', OBJECTS, {
      Resource: `${bucket}/${states}*`,
      Condition: { ArnNotLike: { 'aws:PrincipalArn': steps } },
    }),
  ];
}
