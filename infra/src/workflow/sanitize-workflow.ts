import { Aws } from 'aws-cdk-lib';
import type { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { toRoleArn } from '../policy/arns.ts';
import type { Statement } from '../policy/policy-document.ts';
import { RecordRole } from '../record/record-role.ts';
import type { FunctionNetwork } from '../record/sequencer.ts';
import { steps, toDefinition } from './definition.ts';
import { ExchangeBucket } from './exchange-bucket.ts';
import { StateMachines, toMachinesRoleArn } from './state-machines.ts';
import { StepFunction } from './step-function.ts';

export interface SanitizeWorkflowProps {
  /** What names of ours begin with: `sallyport-prod`. */
  readonly prefix: string;
  /** The bucket between steps, and what its keys begin with. */
  readonly bucket: { readonly name: string; readonly prefix: string; readonly days?: number };
  /** Names of state machines, each for a principal of a tenant as the configuration says. */
  readonly stateMachines: readonly string[];
  /** The bundle for the architecture, in a bucket. */
  readonly code: CfnFunction.CodeProperty;
  /** Layers, by ARN; one of them has `/opt/sallyport.yaml`. */
  readonly layers: readonly string[];
  readonly network: FunctionNetwork & { readonly vpc: string };
  /** Keys by ARN: of bucket and executions, of log groups, of environments. */
  readonly keys: { readonly workflow: string; readonly logs: string; readonly environment: string };
  /** What every step may: the record, the state, secrets. */
  readonly statements: readonly Statement[];
  /** What the step that calls models may beside that. */
  readonly modelStatements: readonly Statement[];
  /** ARNs of roles or users that may put requests down, start executions and take replies, of any tenant. Default: none. */
  readonly applications?: readonly string[];
  /** Default: `arm64`. */
  readonly architecture?: 'arm64' | 'x86_64';
  /** MB; 1,769 unless told. */
  readonly memoryMiB?: number;
  /** Seconds that a step may take; 900 unless told. */
  readonly timeoutSeconds?: number;
  readonly logDays?: number;
  readonly codeSigning?: string;
}

/** The passage in steps: a bucket, five functions and the state machines that call them (docs/guide/workflow.md). */
export class SanitizeWorkflow extends Construct {
  constructor(scope: Construct, id: string, props: SanitizeWorkflowProps) {
    super(scope, id);
    const { prefix, bucket, stateMachines, keys, network, logDays = 365, applications = [], codeSigning } = props;
    const { timeoutSeconds = 900 } = props;
    const nameOf = (step: string) => `${prefix}-workflow-${step}`;
    const { bucketArn } = new ExchangeBucket(this, 'Exchange', {
      bucketName: bucket.name,
      keyArn: keys.workflow,
      vpc: network.vpc,
      states: `${bucket.prefix}states/`,
      steps: [toRoleArn(nameOf('*'))],
      ...(bucket.days === undefined ? {} : { days: bucket.days }),
    });
    const objects = `${bucketArn}/${bucket.prefix}`;
    const functions = steps.map(
      (step) =>
        new StepFunction(this, `Step-${step}`, {
          step,
          name: nameOf(step),
          code: props.code,
          layers: props.layers,
          architecture: props.architecture ?? 'arm64',
          network,
          keys,
          statements: [
            ...props.statements,
            ...(step === 'invoke' ? props.modelStatements : []),
            allow('Exchange', ['s3:GetObject', 's3:PutObject'], `${objects}*`),
            keyThroughS3(keys.workflow),
          ],
          invokedBy: toMachinesRoleArn(prefix),
          memoryMiB: props.memoryMiB ?? 1_769,
          timeoutSeconds,
          logDays,
          ...(codeSigning === undefined ? {} : { codeSigning }),
        }),
    );
    const machines = new StateMachines(this, 'Machines', {
      prefix,
      names: stateMachines,
      definition: toDefinition(nameOf, { partition: Aws.PARTITION, timeoutSeconds }),
      functions: functions.map(({ arn }) => arn),
      keys: { executions: keys.workflow, logs: keys.logs },
      logDays,
    });
    // The role that functions' policies name has to be there before them.
    for (const one of functions) one.node.addDependency(machines.node.findChild('Role'));
    if (applications.length > 0) this.#letIn(applications, objects, props);
  }

  #letIn(assumedBy: readonly string[], objects: string, { prefix, stateMachines, keys }: SanitizeWorkflowProps): void {
    const states = (kind: string, end: string) =>
      stateMachines.map((name) => `arn:${Aws.PARTITION}:states:${Aws.REGION}:${Aws.ACCOUNT_ID}:${kind}:${name}${end}`);
    new RecordRole(this, 'Applications', {
      roleName: `${prefix}-application`,
      description: 'Puts down requests, starts executions and takes replies',
      assumedBy,
      statements: [
        allow('PutRequests', ['s3:PutObject'], `${objects}requests/*`),
        allow('GetReplies', ['s3:GetObject'], `${objects}replies/*`),
        allow('StartExecutions', ['states:StartExecution'], states('stateMachine', '')),
        allow('FollowExecutions', ['states:DescribeExecution'], states('execution', ':*')),
        keyThroughS3(keys.workflow),
        {
          ...allow('KeyThroughStepFunctions', ['kms:Decrypt', 'kms:GenerateDataKey'], keys.workflow),
          Condition: { StringEquals: { 'kms:ViaService': `states.${Aws.REGION}.amazonaws.com` } },
        },
      ],
    });
  }
}

function keyThroughS3(key: string): Statement {
  return {
    ...allow('KeyOfTheExchange', ['kms:Decrypt', 'kms:GenerateDataKey'], key),
    Condition: { StringEquals: { 'kms:ViaService': `s3.${Aws.REGION}.amazonaws.com` } },
  };
}

function allow(Sid: string, Action: readonly string[], Resource: string | readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Action, Resource };
}
