import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { CfnAccount } from 'aws-cdk-lib/aws-apigateway';
import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { toArn } from '../policy/arns.ts';
import { policyDocument } from '../policy/policy-document.ts';

export interface ApiLogsRoleProps {
  /** What names begin with: `sallyport-prod`. */
  readonly name: string;
}

/**
 * The role that API Gateway writes logs with: an account has one in a Region, and this sets it for all of its APIs, in the
 * place of any that was there ("Set up CloudWatch logging for REST APIs"). It stays when the stack goes.
 */
export class ApiLogsRole extends Construct {
  readonly account: CfnAccount;

  constructor(scope: Construct, id: string, { name }: ApiLogsRoleProps) {
    super(scope, id);
    const groups = [`/aws/apigateway/${name}*`, 'API-Gateway-Execution-Logs_*'];
    const role = new CfnRole(this, 'Role', {
      roleName: `${name}-api-logs`,
      description: 'Writes logs of REST APIs',
      assumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'apigateway.amazonaws.com' },
            Action: 'sts:AssumeRole',
            Condition: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
          },
        ],
      },
      policies: [
        {
          policyName: 'logs',
          policyDocument: policyDocument([
            {
              Sid: 'WriteLines',
              Effect: 'Allow',
              Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
              Resource: groups.map((group) => toArn('logs', `log-group:${group}`)),
            },
            // API Gateway tries it when the role is set; it takes no resource that is one group.
            { Sid: 'FindGroups', Effect: 'Allow', Action: ['logs:DescribeLogGroups'], Resource: '*' },
          ]),
        },
      ],
    });
    this.account = new CfnAccount(this, 'Account', { cloudWatchRoleArn: role.attrArn });
    for (const one of [role, this.account]) one.applyRemovalPolicy(RemovalPolicy.RETAIN);
  }
}
