import { Aws } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { policyDocument } from '../policy/policy-document.ts';

export interface LogReplicationProps {
  /** What names of ours begin with. */
  readonly prefix: string;
  /** The bucket of the log, by ARN. */
  readonly bucket: string;
  /** The key that its objects are encrypted under, by ARN. */
  readonly key: string;
  readonly keyPrefix: string;
  /** A bucket with versions and Object Lock, the key that copies are encrypted under, and whose they are. */
  readonly replica: {
    readonly bucket: string;
    readonly key: string;
    readonly account: string;
    readonly region: string;
  };
}

/**
 * Copies tiles, segments and checkpoints, with their locks, into a bucket of another Region or account, whose owner they
 * then are. It is a copy to read and verify, never a second log (docs/guide/aws.md, "One log for each Region").
 */
export class LogReplication extends Construct {
  readonly configuration: CfnBucket.ReplicationConfigurationProperty;

  constructor(scope: Construct, id: string, { prefix, bucket, key, keyPrefix, replica }: LogReplicationProps) {
    super(scope, id);
    const objects = `${bucket}/${keyPrefix}*`;
    const s3Of = (region: string) => ({ StringLike: { 'kms:ViaService': `s3.${region}.amazonaws.com` } });
    const role = new CfnRole(this, 'Role', {
      roleName: `${prefix}-replication`,
      description: 'Copies the log',
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 's3.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID }, ArnLike: { 'aws:SourceArn': bucket } },
          },
        ],
      },
      policies: [
        {
          policyName: 'copy-the-log',
          policyDocument: policyDocument([
            {
              Sid: 'ReadConfiguration',
              Effect: 'Allow',
              Action: ['s3:GetReplicationConfiguration', 's3:ListBucket'],
              Resource: bucket,
            },
            {
              Sid: 'ReadVersionsAndLocks',
              Effect: 'Allow',
              Action: [
                's3:GetObjectLegalHold',
                's3:GetObjectRetention',
                's3:GetObjectVersionAcl',
                's3:GetObjectVersionForReplication',
                's3:GetObjectVersionTagging',
              ],
              Resource: objects,
            },
            {
              Sid: 'WriteCopies',
              Effect: 'Allow',
              Action: ['s3:ObjectOwnerOverrideToBucketOwner', 's3:ReplicateObject', 's3:ReplicateTags'],
              Resource: `${replica.bucket}/${keyPrefix}*`,
            },
            {
              Sid: 'OpenOriginals',
              Effect: 'Allow',
              Action: ['kms:Decrypt'],
              Resource: key,
              Condition: s3Of(Aws.REGION),
            },
            {
              Sid: 'CloseCopies',
              Effect: 'Allow',
              Action: ['kms:Encrypt', 'kms:GenerateDataKey'],
              Resource: replica.key,
              Condition: s3Of(replica.region),
            },
          ]),
        },
      ],
    });
    this.configuration = {
      role: role.attrArn,
      rules: ['tile/', 'segments/', 'checkpoint'].map((path, at) => ({
        id: path.replace('/', ''),
        status: 'Enabled',
        priority: at + 1,
        filter: { prefix: `${keyPrefix}${path}` },
        deleteMarkerReplication: { status: 'Disabled' },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: 'Enabled' } },
        destination: {
          bucket: replica.bucket,
          account: replica.account,
          accessControlTranslation: { owner: 'Destination' },
          encryptionConfiguration: { replicaKmsKeyId: replica.key },
          metrics: { status: 'Enabled', eventThreshold: { minutes: 15 } },
          replicationTime: { status: 'Enabled', time: { minutes: 15 } },
        },
      })),
    };
  }
}
