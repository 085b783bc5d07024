import { Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnFlowLog } from 'aws-cdk-lib/aws-ec2';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnLogGroup, CfnResourcePolicy } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

export interface NetworkLogsProps {
  /** What names begin with: `sallyport-prod`. */
  readonly name: string;
  readonly vpcId: string;
  /** ARN of the KMS key of logs, whose policy lets CloudWatch Logs use it for `/sallyport/*` groups. */
  readonly keyArn: string;
  readonly retentionDays: number;
}

/** Log groups of what moves in a network: its flows, accepted and refused, and the names that are asked for. */
export class NetworkLogs extends Construct {
  /** Takes the resolver's queries. */
  readonly namesLogGroupArn: string;

  constructor(scope: Construct, id: string, { name, vpcId, keyArn, retentionDays }: NetworkLogsProps) {
    super(scope, id);
    const groupOf = (part: string) => {
      const group = new CfnLogGroup(this, part, {
        logGroupName: `/${name}/network/${part.toLowerCase()}`,
        kmsKeyId: keyArn,
        retentionInDays: retentionDays,
      });
      group.applyRemovalPolicy(RemovalPolicy.RETAIN);
      return group;
    };
    const flows = groupOf('Flows');
    const names = groupOf('Names');
    this.namesLogGroupArn = names.attrArn;

    const arnOf = (service: string, resource: string) =>
      `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
    const role = new CfnRole(this, 'FlowsRole', {
      description: 'Writes the flow log of the network',
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: {
              StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
              ArnLike: { 'aws:SourceArn': arnOf('ec2', 'vpc-flow-log/*') },
            },
          },
        ],
      },
      policies: [
        {
          policyName: 'write',
          policyDocument: {
            Version: '2012-10-17',
            Statement: [
              {
                Effect: 'Allow',
                Action: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
                Resource: [flows.attrArn],
              },
            ],
          },
        },
      ],
    });
    new CfnFlowLog(this, 'FlowLog', {
      resourceId: vpcId,
      resourceType: 'VPC',
      trafficType: 'ALL',
      logDestinationType: 'cloud-watch-logs',
      logDestination: flows.attrArn,
      deliverLogsPermissionArn: role.attrArn,
      maxAggregationInterval: 60,
    });
    new CfnResourcePolicy(this, 'NamesPolicy', {
      policyName: `${name}-names`,
      policyDocument: Stack.of(this).toJsonString({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'delivery.logs.amazonaws.com' },
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: [names.attrArn],
            Condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
          },
        ],
      }),
    });
  }
}
