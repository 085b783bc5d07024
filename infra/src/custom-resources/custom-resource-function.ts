import {
  Aws,
  aws_s3_assets as assets,
  Duration,
  aws_iam as iam,
  aws_lambda as lambda,
  aws_logs as logs,
  Token,
} from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { packageHandler } from './package-handler.ts';

/** Subnets without a way to the internet, with endpoints of what the function calls, of CloudFormation's bucket too. */
export interface FunctionNetwork {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

export interface CustomResourceFunctionProps {
  /** Name of the function; its role and its log group have it too. */
  readonly name: string;
  readonly description: string;
  /** The handler's module below `infra/src`. */
  readonly handler: string;
  /** What the function may do, beside writing its log. */
  readonly statements: readonly iam.PolicyStatement[];
  /** ARN of the KMS key of the log group. */
  readonly logKeyArn: string;
  /** Default: 90. */
  readonly logRetentionDays?: number;
  /** Default: outside any network of ours. The function handles settings of the account, never content. */
  readonly network?: FunctionNetwork;
}

const FUNCTION_TIMEOUT_SECONDS = 120;

/** How long CloudFormation waits: longer than the function runs, which always answers before its end. */
export const SERVICE_TIMEOUT = Duration.seconds(FUNCTION_TIMEOUT_SECONDS + 60);

/**
 * A function that CloudFormation calls for a custom resource, with nothing between: a provider of the CDK would bring a
 * second function, with a log group that has neither key nor end.
 *
 * Its name, role and log group are there before it is, so that Lambda makes none of its own. It has no environment, no
 * reserved concurrency (a new account has ten in all, which none may be taken from), and no permission but those named.
 */
export class CustomResourceFunction extends Construct {
  readonly functionArn: string;
  readonly roleName: string;

  constructor(scope: Construct, id: string, props: CustomResourceFunctionProps) {
    super(scope, id);
    const { name, network } = props;
    const functionArn = `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${name}`;
    const logGroup = new logs.CfnLogGroup(this, 'Logs', {
      logGroupName: `/aws/lambda/${name}`,
      kmsKeyId: props.logKeyArn,
      retentionInDays: props.logRetentionDays ?? 90,
    });
    const role = new iam.CfnRole(this, 'Role', {
      roleName: name,
      description: props.description,
      assumeRolePolicyDocument: trustOf(functionArn),
      policies: [
        {
          policyName: 'function',
          policyDocument: new iam.PolicyDocument({
            statements: [
              logStatement(`arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:/aws/lambda/${name}`),
              ...(network === undefined ? [] : networkStatements(functionArn)),
              ...props.statements,
            ],
          }),
        },
      ],
    });
    const code = new assets.Asset(this, 'Code', { path: packageHandler(props.handler) });
    const created = new lambda.CfnFunction(this, 'Function', {
      functionName: name,
      description: props.description,
      runtime: 'nodejs24.x',
      architectures: ['arm64'],
      handler: 'index.handler',
      memorySize: 256,
      timeout: FUNCTION_TIMEOUT_SECONDS,
      role: role.attrArn,
      code: { s3Bucket: code.s3BucketName, s3Key: code.s3ObjectKey },
      loggingConfig: { logFormat: 'JSON', logGroup: `/aws/lambda/${name}`, systemLogLevel: 'WARN' },
      ...(network === undefined
        ? {}
        : {
            vpcConfig: { subnetIds: [...network.subnetIds], securityGroupIds: [...network.securityGroupIds] },
          }),
    });
    created.addResourceDependency(logGroup);
    this.functionArn = created.attrArn;
    this.roleName = Token.asString(role.ref);
  }
}

/** Lambda says which function it assumes a role for; another function of the account gets none. */
function trustOf(functionArn: string): iam.PolicyDocument {
  return new iam.PolicyDocument({
    statements: [
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('lambda.amazonaws.com')],
        actions: ['sts:AssumeRole'],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: { 'aws:SourceArn': functionArn },
        },
      }),
    ],
  });
}

function logStatement(logGroupArn: string): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'Log',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resources: [`${logGroupArn}:log-stream:*`],
  });
}

/**
 * Lambda places a function into a network by the function's own role; the actions name no resource. The function's code
 * is denied them again, by the key that tells it from the service: AWS Lambda Developer Guide, "Giving Lambda functions
 * access to resources in an Amazon VPC".
 */
function networkStatements(functionArn: string): readonly iam.PolicyStatement[] {
  const actions = [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ];
  return [
    new iam.PolicyStatement({ sid: 'Network', actions, resources: ['*'] }),
    new iam.PolicyStatement({
      sid: 'NetworkNotByCode',
      effect: iam.Effect.DENY,
      actions,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': functionArn } },
    }),
  ];
}
