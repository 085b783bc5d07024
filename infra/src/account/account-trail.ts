import { Aws, aws_cloudtrail as cloudtrail, aws_iam as iam, aws_logs as logs } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ServiceBucket } from '../keys/service-bucket.ts';
import { logGroupsStatement, ServiceKey } from '../keys/service-key.ts';
import { bedrockDataTypes, watchedEndpoints } from './trail-events.data.ts';

export interface AccountTrailProps {
  /** What names begin with, such as `sallyport-prod`; objects in buckets of these names are watched. */
  readonly prefix: string;
  /** What names of log groups begin with, such as `/sallyport/prod`. */
  readonly path: string;
  /** How long the trail is kept, in days. Default: 400. */
  readonly retentionDays?: number;
}

/** What CloudWatch Logs keeps of it, for metric filters and searches. */
const SEARCHABLE_DAYS = 90;

/**
 * CloudTrail of the account: all management events, in which Bedrock's model calls are (who, when, which model, never
 * what); data events of Bedrock where it has them, and of objects in our buckets; and calls that an endpoint of the
 * network refused, which is where an attempt to get out shows.
 *
 * Source: AWS CloudTrail User Guide, "Logging data events" and "Logging network activity events"; Amazon Bedrock User
 * Guide, "Monitor Amazon Bedrock API calls using CloudTrail".
 */
export class AccountTrail extends Construct {
  readonly logGroupName: string;
  readonly bucketName: string;

  constructor(scope: Construct, id: string, { prefix, path, retentionDays = 400 }: AccountTrailProps) {
    super(scope, id);
    const trailName = `${prefix}-account`;
    const trailArn = `arn:${Aws.PARTITION}:cloudtrail:${Aws.REGION}:${Aws.ACCOUNT_ID}:trail/${trailName}`;
    this.logGroupName = `${path}/trail`;
    const { keyArn } = new ServiceKey(this, 'Key', {
      alias: `${prefix}-trail`,
      description: 'CloudTrail of the account',
      statements: [logGroupsStatement([this.logGroupName]), ...trailKeyStatements(trailArn)],
    });
    const bucket = new ServiceBucket(this, 'Bucket', {
      bucketName: `${prefix}-trail-${Aws.ACCOUNT_ID}`,
      keyArn,
      days: retentionDays,
      content: 'api-calls-without-content',
      statements: (bucketArn) => trailBucketStatements(bucketArn, trailArn),
    });
    this.bucketName = bucket.bucketName;
    const logGroup = new logs.CfnLogGroup(this, 'Logs', {
      logGroupName: this.logGroupName,
      kmsKeyId: keyArn,
      retentionInDays: SEARCHABLE_DAYS,
    });
    const role = createLogRole(this, { name: `${prefix}-trail`, logGroupName: this.logGroupName, trailArn });
    const trail = new cloudtrail.CfnTrail(this, 'Trail', {
      trailName,
      isLogging: true,
      isMultiRegionTrail: true,
      includeGlobalServiceEvents: true,
      enableLogFileValidation: true,
      kmsKeyId: keyArn,
      s3BucketName: bucket.bucketName,
      cloudWatchLogsLogGroupArn: logGroup.attrArn,
      cloudWatchLogsRoleArn: role.attrArn,
      advancedEventSelectors: toSelectors(prefix),
    });
    trail.node.addDependency(bucket.policy);
  }
}

type Selector = cloudtrail.CfnTrail.AdvancedEventSelectorProperty;

function toSelectors(prefix: string): Selector[] {
  const bucket = `arn:${Aws.PARTITION}:s3:::${prefix}-`;
  return [
    { name: 'management', fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }] },
    ...bedrockDataTypes.map(
      (type): Selector => ({
        name: type,
        fieldSelectors: [
          { field: 'eventCategory', equalTo: ['Data'] },
          { field: 'resources.type', equalTo: [type] },
        ],
      }),
    ),
    {
      name: 'objects',
      fieldSelectors: [
        { field: 'eventCategory', equalTo: ['Data'] },
        { field: 'resources.type', equalTo: ['AWS::S3::Object'] },
        // Its own bucket would have it write about its writing.
        { field: 'resources.ARN', startsWith: [bucket], notStartsWith: [`${bucket}trail-`] },
      ],
    },
    ...watchedEndpoints.map(
      (service): Selector => ({
        name: `refused-${service.split('.')[0]}`,
        fieldSelectors: [
          { field: 'eventCategory', equalTo: ['NetworkActivity'] },
          { field: 'eventSource', equalTo: [service] },
          { field: 'errorCode', equalTo: ['VpceAccessDenied'] },
        ],
      }),
    ),
  ];
}

function trailKeyStatements(trailArn: string): readonly iam.PolicyStatement[] {
  const principals = [new iam.ServicePrincipal('cloudtrail.amazonaws.com')];
  const own = { StringEquals: { 'aws:SourceArn': trailArn } };
  return [
    new iam.PolicyStatement({
      sid: 'TrailEncrypts',
      principals,
      actions: ['kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { ...own, StringLike: { 'kms:EncryptionContext:aws:cloudtrail:arn': trailArn } },
    }),
    new iam.PolicyStatement({
      sid: 'TrailLooks',
      principals,
      actions: ['kms:DescribeKey'],
      resources: ['*'],
      conditions: own,
    }),
  ];
}

function trailBucketStatements(bucketArn: string, trailArn: string): readonly iam.PolicyStatement[] {
  const principals = [new iam.ServicePrincipal('cloudtrail.amazonaws.com')];
  return [
    new iam.PolicyStatement({
      sid: 'TrailLooks',
      principals,
      actions: ['s3:GetBucketAcl'],
      resources: [bucketArn],
      conditions: { StringEquals: { 'aws:SourceArn': trailArn } },
    }),
    new iam.PolicyStatement({
      sid: 'TrailWrites',
      principals,
      actions: ['s3:PutObject'],
      resources: [`${bucketArn}/AWSLogs/${Aws.ACCOUNT_ID}/*`],
      conditions: {
        StringEquals: { 'aws:SourceArn': trailArn, 's3:x-amz-acl': 'bucket-owner-full-control' },
      },
    }),
  ];
}

interface LogRoleProps {
  readonly name: string;
  readonly logGroupName: string;
  readonly trailArn: string;
}

function createLogRole(scope: Construct, { name, logGroupName, trailArn }: LogRoleProps): iam.CfnRole {
  const logGroupArn = `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${logGroupName}`;
  return new iam.CfnRole(scope, 'LogRole', {
    roleName: name,
    description: "CloudTrail's, for writing into CloudWatch.",
    assumeRolePolicyDocument: new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          principals: [new iam.ServicePrincipal('cloudtrail.amazonaws.com')],
          actions: ['sts:AssumeRole'],
          conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID, 'aws:SourceArn': trailArn } },
        }),
      ],
    }),
    policies: [
      {
        policyName: 'log',
        policyDocument: new iam.PolicyDocument({
          statements: [
            new iam.PolicyStatement({
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: [`${logGroupArn}:log-stream:${Aws.ACCOUNT_ID}_CloudTrail_*`],
            }),
          ],
        }),
      },
    ],
  });
}
