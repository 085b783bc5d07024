import { Aws } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnEventInvokeConfig, CfnEventSourceMapping, CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import { CfnQueue, CfnQueuePolicy } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { toArn } from '../policy/arns.ts';
import { policyDocument, type Statement } from '../policy/policy-document.ts';
import { networkStatements } from './network-statements.ts';
import { type RecordPlaces, recordStatements } from './record-access.ts';

/** Where a function's interfaces are. */
export interface FunctionNetwork {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

export interface SequencerProps {
  /** What names of ours begin with. */
  readonly prefix: string;
  /** The bundle of `npm run -s package:lambda` for arm64, in a bucket. */
  readonly code: CfnFunction.CodeProperty;
  /** Layers, by ARN; one of them has `/opt/sallyport.yaml`. */
  readonly layers: readonly string[];
  readonly places: RecordPlaces;
  /** The stream of the journal's table, by ARN. */
  readonly stream: string;
  readonly network: FunctionNetwork;
  /** Keys of log groups, of messages and of the function's environment, by ARN. */
  readonly keys: { readonly logs: string; readonly messages: string; readonly environment: string };
  /** Configuration of code signing, by ARN. Default: none. */
  readonly codeSigning?: string;
  /** Days that log lines are kept; 365 unless told. They have no content. */
  readonly logDays?: number;
  /** MB; 512 unless told. */
  readonly memoryMiB?: number;
}

/**
 * The function that takes the journal into the log: one at a time, woken by what comes into the table and once a minute,
 * with what it could not do in a queue (docs/reference/dynamodb-journal.md, "Who takes it into the log").
 */
export class Sequencer extends Construct {
  readonly functionName: string;
  readonly queueName: string;

  constructor(scope: Construct, id: string, props: SequencerProps) {
    super(scope, id);
    const { prefix, code, layers, places, stream, network, keys, logDays = 365, memoryMiB = 512 } = props;
    this.functionName = `${prefix}-sequencer`;
    this.queueName = `${prefix}-sequencer-dead-letters`;
    const arn = toArn('lambda', `function:${this.functionName}`);
    const group = new CfnLogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${this.functionName}`,
      kmsKeyId: keys.logs,
      retentionInDays: logDays,
    });
    const queue = new CfnQueue(this, 'DeadLetters', {
      queueName: this.queueName,
      kmsMasterKeyId: keys.messages,
      messageRetentionPeriod: 1_209_600,
    });
    new CfnQueuePolicy(this, 'DeadLettersPolicy', {
      queues: [queue.ref],
      policyDocument: policyDocument([
        {
          Sid: 'OverTlsAlone',
          Effect: 'Deny',
          Principal: '*',
          Action: ['sqs:*'],
          Resource: queue.attrArn,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
      ]),
    });
    const role = new CfnRole(this, 'Role', {
      roleName: this.functionName,
      description: 'Takes the journal into the log',
      assumeRolePolicyDocument: assumedBy('lambda.amazonaws.com'),
      policies: [
        { policyName: 'record', policyDocument: policyDocument(recordStatements('sequencer', places)) },
        {
          policyName: 'run',
          policyDocument: policyDocument([
            allow('WriteLines', ['logs:CreateLogStream', 'logs:PutLogEvents'], group.attrArn),
            allow(
              'ReadTheStream',
              ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
              `${places.journal}/stream/*`,
            ),
            allow('PutDownDeadLetters', ['sqs:SendMessage'], queue.attrArn),
            {
              ...allow('KeyOfDeadLetters', ['kms:Decrypt', 'kms:GenerateDataKey'], keys.messages),
              Condition: { StringEquals: { 'kms:ViaService': `sqs.${Aws.REGION}.amazonaws.com` } },
            },
            ...networkStatements(arn),
          ]),
        },
      ],
    });
    const made = new CfnFunction(this, 'Function', {
      functionName: this.functionName,
      description: 'Takes the journal into the log',
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      handler: 'sequencer.handler',
      code,
      layers: [...layers],
      role: role.attrArn,
      memorySize: memoryMiB,
      timeout: 300,
      reservedConcurrentExecutions: 1,
      environment: { variables: { SALLYPORT_CONFIG: '/opt/sallyport.yaml' } },
      kmsKeyArn: keys.environment,
      loggingConfig: { logFormat: 'JSON', logGroup: group.ref },
      tracingConfig: { mode: 'PassThrough' },
      vpcConfig: { subnetIds: [...network.subnets], securityGroupIds: [...network.securityGroups] },
      ...(props.codeSigning === undefined ? {} : { codeSigningConfigArn: props.codeSigning }),
    });
    new CfnEventSourceMapping(this, 'Stream', {
      functionName: made.ref,
      eventSourceArn: stream,
      startingPosition: 'LATEST',
      batchSize: 1_000,
      maximumBatchingWindowInSeconds: 1,
      maximumRetryAttempts: 2,
      // What the sequencer itself changes would wake it again.
      filterCriteria: { filters: [{ pattern: JSON.stringify({ eventName: ['INSERT'] }) }] },
      destinationConfig: { onFailure: { destination: queue.attrArn } },
    });
    new CfnEventInvokeConfig(this, 'Asynchronous', {
      functionName: made.ref,
      qualifier: '$LATEST',
      maximumRetryAttempts: 0,
      maximumEventAgeInSeconds: 60,
      destinationConfig: { onFailure: { destination: queue.attrArn } },
    });
    this.#wakeEachMinute(made.attrArn);
  }

  #wakeEachMinute(functionArn: string): void {
    const name = this.functionName;
    const role = new CfnRole(this, 'ScheduleRole', {
      roleName: `${name}-schedule`,
      description: 'Wakes the sequencer',
      assumeRolePolicyDocument: assumedBy('scheduler.amazonaws.com', toArn('scheduler', 'schedule-group/default')),
      policies: [
        {
          policyName: 'wake',
          policyDocument: policyDocument([allow('Wake', ['lambda:InvokeFunction'], functionArn)]),
        },
      ],
    });
    new CfnSchedule(this, 'Schedule', {
      name,
      description: 'Wakes the sequencer where no stream does',
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      target: { arn: functionArn, roleArn: role.attrArn, retryPolicy: { maximumRetryAttempts: 0 } },
    });
  }
}

/**
 * A trust policy for a service that acts for this account, and where it says so, for one resource. Lambda reads streams with
 * the same role, and does not say of which function.
 */
function assumedBy(Service: string, source?: string) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service },
        Action: 'sts:AssumeRole',
        Condition: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ...(source === undefined ? {} : { ArnLike: { 'aws:SourceArn': source } }),
        },
      },
    ],
  };
}

function allow(Sid: string, Action: readonly string[], Resource: string | readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Action, Resource };
}
