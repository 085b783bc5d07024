import { Aws, aws_events as events, aws_iam as iam, aws_sns as sns } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ServiceKey } from '../keys/service-key.ts';

export interface BreakGlassProps {
  /** What names begin with, such as `sallyport-prod`. */
  readonly prefix: string;
  /** ARNs of the principals that may take the role: people's, not programs'. */
  readonly principals: readonly string[];
  /** Where word of its use goes: an e-mail address. Default: nowhere but the topic. */
  readonly email?: string;
}

/** How fresh a second factor has to be, in seconds. */
const MFA_AGE_SECONDS = 900;
/** The shortest that a role can have. */
const SESSION_SECONDS = 3_600;

/**
 * A role for the day when nothing else helps: taken with a fresh second factor, for an hour, with word of it to
 * everybody who listens. It repairs: it brings back keys and tables, ends a stack's rollback, restarts what serves. It
 * reads no content, and changes no record.
 *
 * The rule sees calls of the Region's own STS endpoint; those of the global one are told in us-east-1.
 */
export class BreakGlass extends Construct {
  readonly topicArn: string;

  constructor(scope: Construct, id: string, { prefix, principals, email }: BreakGlassProps) {
    super(scope, id);
    const roleName = `${prefix}-break-glass`;
    const roleArn = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${roleName}`;
    new iam.CfnRole(this, 'Role', {
      roleName,
      description: 'For emergencies: every use of it is told.',
      maxSessionDuration: SESSION_SECONDS,
      assumeRolePolicyDocument: toTrust(principals),
      policies: [{ policyName: 'repair', policyDocument: toRepairs(prefix) }],
    });
    const rule = `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:rule/${roleName}`;
    const { keyArn } = new ServiceKey(this, 'Key', {
      alias: `${prefix}-break-glass`,
      description: 'Word of the use of the role for emergencies',
      statements: [
        new iam.PolicyStatement({
          sid: 'Rule',
          principals: [new iam.ServicePrincipal('events.amazonaws.com')],
          actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
          resources: ['*'],
          conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID }, ArnEquals: { 'aws:SourceArn': rule } },
        }),
      ],
    });
    const topic = new sns.CfnTopic(this, 'Topic', {
      topicName: roleName,
      kmsMasterKeyId: keyArn,
      ...(email === undefined ? {} : { subscription: [{ protocol: 'email', endpoint: email }] }),
    });
    this.topicArn = topic.ref;
    new sns.CfnTopicPolicy(this, 'TopicPolicy', {
      topics: [topic.ref],
      policyDocument: toTopicPolicy(topic.ref, rule),
    });
    new events.CfnRule(this, 'Rule', {
      name: roleName,
      description: 'The role for emergencies was taken, or somebody tried.',
      eventPattern: {
        source: ['aws.sts'],
        'detail-type': ['AWS API Call via CloudTrail'],
        detail: { eventName: [{ prefix: 'AssumeRole' }], requestParameters: { roleArn: [roleArn] } },
      },
      targets: [{ id: 'topic', arn: topic.ref }],
    });
  }
}

function toTrust(principals: readonly string[]): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        principals: principals.map((arn) => new iam.ArnPrincipal(arn)),
        actions: ['sts:AssumeRole'],
        conditions: {
          Bool: { 'aws:MultiFactorAuthPresent': 'true' },
          NumericLessThan: { 'aws:MultiFactorAuthAge': String(MFA_AGE_SECONDS) },
        },
      }),
    ],
  });
}

function toRepairs(prefix: string): iam.PolicyDocument {
  const at = (service: string, rest: string) =>
    `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${rest}`;
  const statement = (sid: string, actions: readonly string[], resources: readonly string[]) =>
    new iam.PolicyStatement({ sid, actions: [...actions], resources: [...resources] });
  return new iam.PolicyDocument({
    statements: [
      statement('Keys', ['kms:CancelKeyDeletion', 'kms:DescribeKey', 'kms:EnableKey'], [at('kms', 'key/*')]),
      statement(
        'Tables',
        ['dynamodb:DescribeContinuousBackups', 'dynamodb:DescribeTable', 'dynamodb:RestoreTableToPointInTime'],
        [at('dynamodb', `table/${prefix}-*`)],
      ),
      statement(
        'Stacks',
        [
          ...['cloudformation:ContinueUpdateRollback', 'cloudformation:DescribeStackEvents'],
          ...['cloudformation:DescribeStacks', 'cloudformation:RollbackStack'],
        ],
        [at('cloudformation', 'stack/Sallyport-*')],
      ),
      statement('Containers', ['ecs:DescribeServices', 'ecs:UpdateService'], [at('ecs', `service/${prefix}*`)]),
      statement(
        'Functions',
        ['lambda:GetFunctionConfiguration', 'lambda:PutFunctionConcurrency', 'lambda:DeleteFunctionConcurrency'],
        [at('lambda', `function:${prefix}-*`)],
      ),
      statement(
        'Trail',
        ['cloudtrail:GetTrailStatus', 'cloudtrail:StartLogging'],
        [at('cloudtrail', `trail/${prefix}-*`)],
      ),
      statement('Metrics', ['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'], ['*']),
    ],
  });
}

function toTopicPolicy(topic: string, rule: string): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        sid: 'Rule',
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic],
        conditions: { ArnEquals: { 'aws:SourceArn': rule } },
      }),
      new iam.PolicyStatement({
        sid: 'WithTlsAlone',
        effect: iam.Effect.DENY,
        principals: [new iam.AnyPrincipal()],
        actions: ['sns:Publish'],
        resources: [topic],
        conditions: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    ],
  });
}
