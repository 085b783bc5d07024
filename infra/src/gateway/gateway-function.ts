import { Aws } from 'aws-cdk-lib';
import { CfnRolePolicy } from 'aws-cdk-lib/aws-iam';
import { CfnAlias, CfnFunction, CfnVersion } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { policyDocument } from '../policy/policy-document.ts';
import { networkStatements } from '../record/network-statements.ts';
import type { FunctionNetwork } from '../record/sequencer.ts';
import type { RestTransfer } from './rest-transfer.data.ts';
import { transferSeconds } from './rest-transfer.data.ts';

export interface GatewayFunctionProps {
  /** Of the function, within what the role's trust names: `sallyport-prod-gateway`, `sallyport-prod-gateway-iam`. */
  readonly functionName: string;
  /** Name of the gateway's role. What running takes is added to it here: log lines and network interfaces. */
  readonly roleName: string;
  /** The bundle of `npm run -s package:lambda` for the architecture, in a bucket. */
  readonly code: CfnFunction.CodeProperty;
  /** Layers, by ARN; one of them has the configuration. */
  readonly layers: readonly string[];
  /** Path of the configuration: `/opt/sallyport.yaml` unless told. */
  readonly configuration?: string;
  readonly network: FunctionNetwork;
  /** Keys of the log group and of the environment, by ARN. */
  readonly keys: { readonly logs: string; readonly environment: string };
  /** Default: `arm64`. */
  readonly architecture?: 'arm64' | 'x86_64';
  /** MB; 1,769 unless told, which is one processor. */
  readonly memoryMiB?: number;
  /** How the API takes answers, and with that how long the function may run; `stream` unless told. */
  readonly transfer?: RestTransfer;
  /** Instances at once that are set aside for it, and the most there are. Default: what the account has left. */
  readonly reservedConcurrency?: number;
  /** Instances that are kept started, of one version of code and configuration. Default: none, and no version. */
  readonly provisioned?: { readonly concurrency: number; readonly revision: string };
  /** Configuration of code signing, by ARN. Default: none. */
  readonly codeSigning?: string;
  /** Days that log lines are kept; 365 unless told. They have no content. */
  readonly logDays?: number;
}

/**
 * The gateway as a function, in subnets without a way out. Its role is the gateway's, there before it; its environment says
 * where the configuration is and no more, and is under a key nevertheless (docs/guide/aws-front-doors.md, "The function").
 */
export class GatewayFunction extends Construct {
  readonly functionName: string;
  /** What an API calls, by ARN: the alias of the version that is kept started, or the function. */
  readonly invoked: string;
  /** Name of that alias; undefined where there is none. */
  readonly alias: string | undefined;

  constructor(scope: Construct, id: string, props: GatewayFunctionProps) {
    super(scope, id);
    const { functionName, keys, network, provisioned, reservedConcurrency, codeSigning, transfer = 'stream' } = props;
    this.functionName = functionName;
    const arn = `arn:${Aws.PARTITION}:lambda:${Aws.REGION}:${Aws.ACCOUNT_ID}:function:${functionName}`;
    const group = new CfnLogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${functionName}`,
      kmsKeyId: keys.logs,
      retentionInDays: props.logDays ?? 365,
    });
    const running = new CfnRolePolicy(this, 'Run', {
      roleName: props.roleName,
      policyName: functionName,
      policyDocument: policyDocument([
        {
          Sid: 'WriteLines',
          Effect: 'Allow',
          Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          Resource: group.attrArn,
        },
        ...networkStatements(arn),
      ]),
    });
    const made = new CfnFunction(this, 'Function', {
      functionName,
      description: 'The gateway behind a private REST API',
      runtime: 'nodejs24.x',
      architectures: [props.architecture ?? 'arm64'],
      handler: 'lambda.handler',
      code: props.code,
      layers: [...props.layers],
      role: `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:role/${props.roleName}`,
      memorySize: props.memoryMiB ?? 1_769,
      timeout: transferSeconds[transfer],
      environment: { variables: { SALLYPORT_CONFIG: props.configuration ?? '/opt/sallyport.yaml' } },
      kmsKeyArn: keys.environment,
      loggingConfig: { logFormat: 'JSON', logGroup: group.ref },
      tracingConfig: { mode: 'PassThrough' },
      vpcConfig: { subnetIds: [...network.subnets], securityGroupIds: [...network.securityGroups] },
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: reservedConcurrency }),
      ...(codeSigning === undefined ? {} : { codeSigningConfigArn: codeSigning }),
    });
    made.addResourceDependency(running);
    if (provisioned === undefined) {
      this.invoked = made.attrArn;
      return;
    }
    const { concurrency, revision } = provisioned;
    // A version is never changed: another code or configuration is another resource, and the alias moves on to it.
    const version = new CfnVersion(this, `Version${revision}`, { functionName: made.ref });
    this.alias = 'live';
    const alias = new CfnAlias(this, 'Alias', {
      name: this.alias,
      functionName: made.ref,
      functionVersion: version.attrVersion,
      provisionedConcurrencyConfig: { provisionedConcurrentExecutions: concurrency },
    });
    this.invoked = alias.ref;
  }
}
