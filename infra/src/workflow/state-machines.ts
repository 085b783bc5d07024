import { Aws } from 'aws-cdk-lib';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnLogGroup, CfnResourcePolicy } from 'aws-cdk-lib/aws-logs';
import { CfnStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { assumedBy } from '../gateway/gateway-role.ts';
import { toArn, toRoleArn } from '../policy/arns.ts';
import { policyDocument } from '../policy/policy-document.ts';
import type { Definition } from './definition.ts';

export interface StateMachinesProps {
  /** What names of ours begin with. */
  readonly prefix: string;
  /** Names; each is for a principal of a tenant. */
  readonly names: readonly string[];
  readonly definition: Definition;
  /** Functions that it calls, by ARN. */
  readonly functions: readonly string[];
  /** Keys of what executions have in their history, and of log groups, by ARN. */
  readonly keys: { readonly executions: string; readonly logs: string };
  readonly logDays: number;
}

/** What Step Functions needs for logs; none of these takes a resource that is one group ("Logging in CloudWatch Logs"). */
const DELIVERY = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:UpdateLogDelivery',
];

/** The ARN of the role that state machines have, there before it is: functions' policies name it. */
export function toMachinesRoleArn(prefix: string): string {
  return toRoleArn(`${prefix}-states`);
}

/**
 * State machines of one definition, standard ones, whose history is under a key, and whose log has each event without data. What is
 * in their state is names and numbers. Who changes a definition speaks for its principal.
 */
export class StateMachines extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { prefix, names, definition, functions, keys, logDays }: StateMachinesProps,
  ) {
    super(scope, id);
    const arns = names.map((name) => toArn('states', `stateMachine:${name}`));
    const group = new CfnLogGroup(this, 'Log', {
      logGroupName: `/aws/vendedlogs/${prefix}-states`,
      kmsKeyId: keys.logs,
      retentionInDays: logDays,
    });
    const delivery = new CfnResourcePolicy(this, 'Delivery', {
      policyName: `${prefix}-states`,
      policyDocument: JSON.stringify(
        policyDocument([
          {
            Sid: 'LinesOfStateMachines',
            Effect: 'Allow',
            Principal: { Service: 'delivery.logs.amazonaws.com' },
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: toArn('logs', `log-group:/aws/vendedlogs/${prefix}-states:log-stream:*`),
            Condition: {
              StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
              ArnLike: { 'aws:SourceArn': toArn('logs', '*') },
            },
          },
        ]),
      ),
    });
    const role = new CfnRole(this, 'Role', {
      roleName: `${prefix}-states`,
      description: 'State machines: invokes the steps of the passage',
      assumeRolePolicyDocument: { Version: '2012-10-17', Statement: [assumedBy('states.amazonaws.com', arns)] },
      policies: [
        {
          policyName: 'steps',
          policyDocument: policyDocument([
            { Sid: 'InvokeSteps', Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: functions },
            { Sid: 'DeliverLines', Effect: 'Allow', Action: DELIVERY, Resource: '*' },
            {
              Sid: 'OpenHistory',
              Effect: 'Allow',
              Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
              Resource: keys.executions,
              Condition: { StringEquals: { 'kms:EncryptionContext:aws:states:stateMachineArn': arns } },
            },
            {
              Sid: 'CloseLines',
              Effect: 'Allow',
              Action: ['kms:GenerateDataKey'],
              Resource: keys.executions,
              Condition: { StringEquals: { 'kms:EncryptionContext:SourceArn': toArn('logs', '*') } },
            },
          ]),
        },
      ],
    });
    for (const name of names) {
      const machine = new CfnStateMachine(this, `Machine-${name}`, {
        stateMachineName: name,
        stateMachineType: 'STANDARD',
        roleArn: role.attrArn,
        definition,
        encryptionConfiguration: {
          type: 'CUSTOMER_MANAGED_KMS_KEY',
          kmsKeyId: keys.executions,
          kmsDataKeyReusePeriodSeconds: 300,
        },
        loggingConfiguration: {
          level: 'ALL',
          includeExecutionData: false,
          destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: group.attrArn } }],
        },
        tracingConfiguration: { enabled: false },
      });
      machine.addResourceDependency(delivery);
    }
  }
}
