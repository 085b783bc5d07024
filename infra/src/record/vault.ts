import { Aws, CfnDeletionPolicy } from 'aws-cdk-lib';
import { CfnAlias, CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { administeredByTheAccount } from '../keys/administration.ts';
import { accountPrincipal, onlyRoles, toRoleArn } from '../policy/arns.ts';
import { policyDocument, type Statement } from '../policy/policy-document.ts';

export interface VaultProps {
  /** What the gateway's names begin with. */
  readonly prefix: string;
  readonly bucketName: string;
  /** What every key begins with. */
  readonly keyPrefix: string;
  /** The gateway's account. */
  readonly writerAccount: string;
  /** Days that nobody can remove a checkpoint; 3,650 unless told. */
  readonly lockedDays?: number;
  /** Who can lift a lock before its time: whoever may bypass it, or nobody. `COMPLIANCE` unless told. */
  readonly lockMode?: 'COMPLIANCE' | 'GOVERNANCE';
  /** Whether the sink names the vault's key, and nothing under another one is taken; false unless told. */
  readonly isUnderItsKey?: boolean;
}

const DATA = ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:GetObject', 's3:ListBucket', 's3:PutObject'];

/**
 * A bucket of an account that does not administer the gateway, which keeps each checkpoint of the log: whoever could change
 * the log cannot change what was said of it. The sequencer and the gateway write and see single objects, once each, and
 * list, delete and overwrite none (docs/guide/record.md, "In S3").
 */
export class Vault extends Construct {
  constructor(scope: Construct, id: string, props: VaultProps) {
    super(scope, id);
    const { prefix, bucketName, keyPrefix, writerAccount, lockedDays = 3_650, lockMode = 'COMPLIANCE' } = props;
    const { isUnderItsKey = false } = props;
    const arn = `arn:${Aws.PARTITION}:s3:::${bucketName}`;
    const writers = onlyRoles(['sequencer', 'gateway'].map((role) => toRoleArn(`${prefix}-${role}`, writerAccount)));
    const key = new CfnKey(this, 'Key', {
      description: `${prefix}: checkpoints of the log`,
      enableKeyRotation: true,
      pendingWindowInDays: 30,
      keyPolicy: policyDocument([
        administeredByTheAccount(),
        {
          Sid: 'S3ForWriters',
          Effect: 'Allow',
          Principal: accountPrincipal(writerAccount),
          Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
          Resource: '*',
          Condition: { ...writers, StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` } },
        },
        {
          Sid: 'S3ForReaders',
          Effect: 'Allow',
          Principal: accountPrincipal(),
          Action: ['kms:Decrypt'],
          Resource: '*',
          Condition: {
            StringEquals: { 'kms:CallerAccount': Aws.ACCOUNT_ID, 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` },
          },
        },
      ]),
    });
    const bucket = new CfnBucket(this, 'Bucket', {
      bucketName,
      objectLockEnabled: true,
      objectLockConfiguration: {
        objectLockEnabled: 'Enabled',
        rule: { defaultRetention: { mode: lockMode, days: lockedDays } },
      },
      versioningConfiguration: { status: 'Enabled' },
      publicAccessBlockConfiguration: {
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      },
      ownershipControls: { rules: [{ objectOwnership: 'BucketOwnerEnforced' }] },
      bucketEncryption: {
        serverSideEncryptionConfiguration: [
          {
            bucketKeyEnabled: true,
            serverSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key.attrArn },
          },
        ],
      },
      lifecycleConfiguration: {
        rules: [
          {
            id: 'checkpoints',
            status: 'Enabled',
            expirationInDays: lockedDays + 1,
            noncurrentVersionExpiration: { noncurrentDays: 1 },
            abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
          },
        ],
      },
    });
    for (const kept of [key, bucket]) {
      kept.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
      kept.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    }
    new CfnAlias(this, 'Alias', { aliasName: `alias/${prefix}-vault`, targetKeyId: key.ref });
    const objects = `${arn}/${keyPrefix}*`;
    const deny = (Sid: string, Action: readonly string[], Condition?: Statement['Condition']): Statement => ({
      Sid,
      Effect: 'Deny',
      Principal: '*',
      Action,
      Resource: [bucket.attrArn, `${bucket.attrArn}/*`],
      ...(Condition === undefined ? {} : { Condition }),
    });
    new CfnBucketPolicy(this, 'Policy', {
      bucket: bucket.ref,
      policyDocument: policyDocument([
        {
          Sid: 'KeptByTheLog',
          Effect: 'Allow',
          Principal: accountPrincipal(writerAccount),
          Action: ['s3:GetObject', 's3:PutObject'],
          Resource: objects,
          Condition: writers,
        },
        deny('OverTlsAlone', ['s3:*'], { Bool: { 'aws:SecureTransport': 'false' } }),
        deny('OverTls12OrLater', DATA, { NumericLessThan: { 's3:TlsVersion': '1.2' } }),
        deny('WrittenOnce', ['s3:PutObject'], {
          Null: { 's3:if-none-match': 'true' },
          Bool: { 's3:ObjectCreationOperation': 'true' },
        }),
        deny('LocksHold', ['s3:BypassGovernanceRetention', 's3:DeleteBucket']),
        ...(isUnderItsKey
          ? [
              deny('UnderItsKeyAlone', ['s3:PutObject'], {
                ArnNotEquals: { 's3:x-amz-server-side-encryption-aws-kms-key-id': key.attrArn },
              }),
            ]
          : []),
      ]),
    });
  }
}
