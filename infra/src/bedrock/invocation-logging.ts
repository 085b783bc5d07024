import { Aws, CustomResource, aws_iam as iam, aws_logs as logs, RemovalPolicy } from 'aws-cdk-lib';
import { Construct, type IDependable } from 'constructs';
import {
  CustomResourceFunction,
  type FunctionNetwork,
  SERVICE_TIMEOUT,
} from '../custom-resources/custom-resource-function.ts';
import { memoryStatement } from '../custom-resources/memory-statement.ts';
import { ServiceBucket } from '../keys/service-bucket.ts';
import { logGroupsStatement, macieStatement, ServiceKey, writerStatement } from '../keys/service-key.ts';
import { toDataProtectionPolicy } from './data-protection.ts';

export interface InvocationLoggingProps {
  /** What names begin with, such as `sallyport-prod`. */
  readonly prefix: string;
  /** What names of log groups and parameters begin with, such as `/sallyport/prod`. */
  readonly path: string;
  /**
   * `create`: a log of our own, refused where the account has one already. `adopt`: the account's own goes on, and what
   * it leaves out is switched on; its key and its lifetime are its owner's matter. Default: `create`.
   */
  readonly mode?: 'adopt' | 'create';
  /** The latest that erased content may still be anywhere, in days: content here is gone before. */
  readonly erasureDays: number;
  /** ARN of the KMS key of the function's own log, which has no content. */
  readonly logKeyArn: string;
  readonly network?: FunctionNetwork;
}

/** S3 and CloudWatch remove what has expired a day or two late. */
const LATE_DAYS = 3;
/** What CloudWatch Logs takes as retention. */
const RETENTIONS = [1, 3, 5, 7, 14, 30, 60, 90];

/**
 * Bedrock's own log of every model call of the account, with prompts and answers, in CloudWatch Logs and in S3, under
 * a key of its own. An account has one in a Region; what was there before is put back when the stack goes.
 *
 * **The copy in S3 is not masked**: the data protection policy masks what CloudWatch shows, and nothing else. Both are
 * content, and both end within the erasure deadline; so the bucket has no Object Lock, which would keep what must go.
 * Calls by `bedrock-mantle` are in neither.
 *
 * Source: Amazon Bedrock User Guide, "Monitor model invocation using CloudWatch Logs and Amazon S3".
 */
export class InvocationLogging extends Construct {
  /** Of our own; undefined where the account's own is adopted. */
  readonly bucketName: string | undefined;
  readonly logGroupName: string | undefined;

  constructor(scope: Construct, id: string, props: InvocationLoggingProps) {
    super(scope, id);
    const { prefix, path, mode = 'create' } = props;
    const own = mode === 'create' ? createDestinations(this, props) : undefined;
    this.bucketName = own?.bucketName;
    this.logGroupName = own?.logGroupName;
    const memory = `${path}/before/invocation-logging`;
    const configuring = new CustomResourceFunction(this, 'Function', {
      name: `${prefix}-invocation-logging-setter`,
      description: "Sets Bedrock's model invocation logging.",
      handler: 'bedrock/handlers/invocation-logging.ts',
      logKeyArn: props.logKeyArn,
      ...(props.network === undefined ? {} : { network: props.network }),
      statements: [
        memoryStatement(memory),
        new iam.PolicyStatement({
          sid: 'InvocationLogging',
          actions: [
            'bedrock:GetModelInvocationLoggingConfiguration',
            'bedrock:PutModelInvocationLoggingConfiguration',
            'bedrock:DeleteModelInvocationLoggingConfiguration',
          ],
          // They name no resource: the setting is the account's.
          resources: ['*'],
        }),
        ...(own === undefined ? [] : [passStatement(own.roleArn)]),
      ],
    });
    const setting = new CustomResource(this, 'Setting', {
      resourceType: 'Custom::SallyportInvocationLogging',
      serviceToken: configuring.functionArn,
      serviceTimeout: SERVICE_TIMEOUT,
      properties: {
        Mode: mode,
        Memory: memory,
        ...(own === undefined ? {} : { Bucket: own.bucketName, LogGroup: own.logGroupName, Role: own.roleArn }),
      },
    });
    if (own !== undefined) setting.node.addDependency(...own.needed);
  }
}

interface Destinations {
  readonly bucketName: string;
  readonly logGroupName: string;
  readonly roleArn: string;
  /** Bedrock looks whether it can write before it takes the setting. */
  readonly needed: readonly IDependable[];
}

function createDestinations(scope: Construct, { prefix, path, erasureDays }: InvocationLoggingProps): Destinations {
  const days = Math.max(...RETENTIONS.filter((each) => each <= erasureDays - LATE_DAYS));
  if (!Number.isFinite(days)) throw new RangeError(`nothing is kept where erasure takes ${erasureDays} days at most`);
  const logGroupName = `${path}/invocations`;
  const source = `arn:${Aws.PARTITION}:bedrock:${Aws.REGION}:${Aws.ACCOUNT_ID}:*`;
  const { keyArn } = new ServiceKey(scope, 'Key', {
    alias: `${prefix}-invocations`,
    description: "Bedrock's invocation log: prompts and answers",
    statements: [
      logGroupsStatement([logGroupName]),
      writerStatement({ sid: 'Bedrock', service: 'bedrock.amazonaws.com', sources: [source] }),
      macieStatement(),
    ],
  });
  const bucket = new ServiceBucket(scope, 'Bucket', {
    bucketName: `${prefix}-invocations-${Aws.ACCOUNT_ID}`,
    keyArn,
    days,
    content: 'prompts-and-answers-unmasked',
    statements: (bucketArn) => [toWriter({ bucketArn, source })],
  });
  const logGroup = new logs.CfnLogGroup(scope, 'Logs', {
    logGroupName,
    kmsKeyId: keyArn,
    retentionInDays: days,
    dataProtectionPolicy: toDataProtectionPolicy(),
  });
  logGroup.applyRemovalPolicy(RemovalPolicy.RETAIN);
  const role = createDeliveryRole(scope, { name: `${prefix}-invocation-logging`, logGroupName, source });
  return {
    bucketName: bucket.bucketName,
    logGroupName,
    roleArn: role.attrArn,
    needed: [bucket.policy, logGroup],
  };
}

interface WriterProps {
  readonly bucketArn: string;
  /** What of Bedrock's in this account writes. */
  readonly source: string;
}

function toWriter({ bucketArn, source }: WriterProps): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Bedrock',
    principals: [new iam.ServicePrincipal('bedrock.amazonaws.com')],
    actions: ['s3:PutObject'],
    resources: ['records', 'large'].map(
      (prefix) => `${bucketArn}/${prefix}/AWSLogs/${Aws.ACCOUNT_ID}/BedrockModelInvocationLogs/*`,
    ),
    conditions: {
      StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
      ArnLike: { 'aws:SourceArn': source },
    },
  });
}

interface DeliveryRoleProps {
  readonly name: string;
  readonly logGroupName: string;
  readonly source: string;
}

/** What Bedrock writes into the log group by. */
function createDeliveryRole(scope: Construct, { name, logGroupName, source }: DeliveryRoleProps): iam.CfnRole {
  const logGroupArn = `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${logGroupName}`;
  return new iam.CfnRole(scope, 'Role', {
    roleName: name,
    description: "Bedrock's, for writing the invocation log into CloudWatch.",
    assumeRolePolicyDocument: new iam.PolicyDocument({
      statements: [
        new iam.PolicyStatement({
          principals: [new iam.ServicePrincipal('bedrock.amazonaws.com')],
          actions: ['sts:AssumeRole'],
          conditions: {
            StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
            ArnLike: { 'aws:SourceArn': source },
          },
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
              resources: [`${logGroupArn}:log-stream:aws/bedrock/modelinvocations`],
            }),
          ],
        }),
      },
    ],
  });
}

function passStatement(roleArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'PassTheLogRole',
    actions: ['iam:PassRole'],
    resources: [roleArn],
    conditions: { StringEquals: { 'iam:PassedToService': 'bedrock.amazonaws.com' } },
  });
}
