import { CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction, CfnResourcePolicy } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { assumedBy } from '../gateway/gateway-role.ts';
import { toArn } from '../policy/arns.ts';
import { policyDocument, type Statement } from '../policy/policy-document.ts';
import { networkStatements } from '../record/network-statements.ts';
import type { FunctionNetwork } from '../record/sequencer.ts';
import type { Step } from './definition.ts';

export interface StepFunctionProps {
  readonly step: Step;
  /** Of the function and of its role. */
  readonly name: string;
  /** The bundle for the architecture, in a bucket. */
  readonly code: CfnFunction.CodeProperty;
  readonly layers: readonly string[];
  readonly architecture: 'arm64' | 'x86_64';
  readonly network: FunctionNetwork;
  readonly keys: { readonly logs: string; readonly environment: string };
  /** What the step may beside writing lines. */
  readonly statements: readonly Statement[];
  /** The role of the state machines, by ARN: who alone invokes it. */
  readonly invokedBy: string;
  readonly memoryMiB: number;
  /** Longer than a model call may take. */
  readonly timeoutSeconds: number;
  readonly logDays: number;
  readonly codeSigning?: string;
}

/**
 * A step of the passage as a function. Its policy lets the state machines' role invoke it and denies everybody else, an
 * administrator too: who an execution speaks for is what its caller says.
 */
export class StepFunction extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, props: StepFunctionProps) {
    super(scope, id);
    const { step, name, network, keys, codeSigning } = props;
    this.arn = toArn('lambda', `function:${name}`);
    const group = new CfnLogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${name}`,
      kmsKeyId: keys.logs,
      retentionInDays: props.logDays,
    });
    const role = new CfnRole(this, 'Role', {
      roleName: name,
      description: `The passage in steps: ${step}`,
      assumeRolePolicyDocument: { Version: '2012-10-17', Statement: [assumedBy('lambda.amazonaws.com', [this.arn])] },
      policies: [
        { policyName: 'passage', policyDocument: policyDocument(props.statements) },
        {
          policyName: 'run',
          policyDocument: policyDocument([
            {
              Sid: 'WriteLines',
              Effect: 'Allow',
              Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              Resource: group.attrArn,
            },
            ...networkStatements(this.arn),
          ]),
        },
      ],
    });
    const made = new CfnFunction(this, 'Function', {
      functionName: name,
      description: `The passage in steps: ${step}`,
      runtime: 'nodejs24.x',
      architectures: [props.architecture],
      handler: `steps.${step}`,
      code: props.code,
      layers: [...props.layers],
      role: role.attrArn,
      memorySize: props.memoryMiB,
      timeout: props.timeoutSeconds,
      environment: { variables: { SALLYPORT_CONFIG: '/opt/sallyport.yaml' } },
      kmsKeyArn: keys.environment,
      loggingConfig: { logFormat: 'JSON', logGroup: group.ref },
      tracingConfig: { mode: 'PassThrough' },
      vpcConfig: { subnetIds: [...network.subnets], securityGroupIds: [...network.securityGroups] },
      ...(codeSigning === undefined ? {} : { codeSigningConfigArn: codeSigning }),
    });
    const call = { Action: ['lambda:InvokeFunction'], Resource: this.arn } as const;
    const policy = new CfnResourcePolicy(this, 'Policy', {
      resourceArn: this.arn,
      policyDocument: policyDocument([
        { ...call, Sid: 'StateMachines', Effect: 'Allow', Principal: { AWS: props.invokedBy } },
        {
          ...call,
          Sid: 'NobodyElse',
          Effect: 'Deny',
          Principal: '*',
          Condition: { ArnNotEquals: { 'aws:PrincipalArn': props.invokedBy } },
        },
      ]),
    });
    policy.addResourceDependency(made);
  }
}
