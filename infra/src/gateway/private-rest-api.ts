import { hash } from 'node:crypto';
import { Aws, Stack } from 'aws-cdk-lib';
import {
  CfnDeployment,
  CfnMethod,
  type CfnMethodProps,
  CfnResource,
  CfnRestApi,
  type CfnRestApiProps,
  CfnStage,
} from 'aws-cdk-lib/aws-apigateway';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { CfnLogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { toArn } from '../policy/arns.ts';
import { policyDocument, type Statement } from '../policy/policy-document.ts';
import { accessLogFields } from './access-log.data.ts';
import { type RestTransfer, transferSeconds } from './rest-transfer.data.ts';

export interface PrivateRestApiProps {
  /** Of the API: `sallyport-prod`. */
  readonly name: string;
  /** The function, or an alias of it, by ARN. */
  readonly functionArn: string;
  /** Endpoints of `execute-api` that it is called through, by id, and through nothing else. */
  readonly endpointIds: readonly string[];
  /**
   * Who says who a caller is: the gateway, from credentials of its own, or API Gateway by AWS_IAM, for these roles (ARNs;
   * left out, any that their own policies let call). Default: the gateway.
   */
  readonly iam?: { readonly callers?: readonly string[] };
  /** `stream` unless told; the configuration's `frontDoor.transfer` has to say the same. */
  readonly transfer?: RestTransfer;
  /** Default: `prod`. It stands in the API's addresses, and callers sign it. */
  readonly stage?: string;
  /** Requests a second and at once, beyond which API Gateway answers 429; 200 and 400 unless told. */
  readonly throttle?: { readonly rate: number; readonly burst: number };
  /** Access control list of AWS WAF, by ARN. */
  readonly firewall: string;
  /** The key of log groups, by ARN. */
  readonly logKeyArn: string;
  /** Days that log lines are kept; 365 unless told. */
  readonly logDays?: number;
}

/**
 * A REST API in reach of the network's endpoints alone, with a function behind every path: `AWS_PROXY`, streamed. Its
 * access log has no path, query, header or body; its execution log has errors, and traces of data are off.
 *
 * `responseTransferMode: STREAM` wants the function's path of streaming invocations (API Gateway guide, "Stream the
 * integration response for your proxy integrations"); a time-out of 15 minutes goes with that alone.
 */
export class PrivateRestApi extends Construct {
  readonly stage: CfnStage;
  /** Where it is called, by the first endpoint's own name. */
  readonly url: string;

  constructor(scope: Construct, id: string, props: PrivateRestApiProps) {
    super(scope, id);
    const { name, endpointIds, stage = 'prod', logKeyArn, logDays = 365 } = props;
    if (endpointIds.length === 0) throw new Error(`the API ${name} has no endpoint that it could be called through`);
    const described: CfnRestApiProps = {
      name,
      description: 'The gateway, for callers of the network',
      endpointConfiguration: { types: ['PRIVATE'], vpcEndpointIds: [...endpointIds] },
      policy: policyDocument(toPolicy(props)),
      // Signatures are over bytes: as text, a body would be what its encoding makes of it.
      binaryMediaTypes: ['*/*'],
      failOnWarnings: true,
    };
    const api = new CfnRestApi(this, 'Api', described);
    const everything = new CfnResource(this, 'Everything', {
      restApiId: api.ref,
      parentId: api.attrRootResourceId,
      pathPart: '{proxy+}',
    });
    const method = toMethod(props);
    const methods = Object.entries({ Root: api.attrRootResourceId, Proxy: everything.ref }).map(
      ([where, resourceId]) => new CfnMethod(this, where, { ...method, restApiId: api.ref, resourceId }),
    );
    // A deployment is a picture of the API: another policy or method comes to callers with another deployment alone.
    const revision = hash('sha256', JSON.stringify(Stack.of(this).resolve([described, method])));
    const deployment = new CfnDeployment(this, `Deployment${revision.slice(0, 12)}`, { restApiId: api.ref });
    for (const one of methods) deployment.addResourceDependency(one);
    const group = (of: string, logGroupName: string) =>
      new CfnLogGroup(this, of, { logGroupName, kmsKeyId: logKeyArn, retentionInDays: logDays });
    const access = group('AccessLog', `/aws/apigateway/${name}`);
    const execution = group('ExecutionLog', `API-Gateway-Execution-Logs_${api.ref}/${stage}`);
    const { rate, burst } = props.throttle ?? { rate: 200, burst: 400 };
    this.stage = new CfnStage(this, 'Stage', {
      restApiId: api.ref,
      deploymentId: deployment.ref,
      stageName: stage,
      accessLogSetting: { destinationArn: access.attrArn, format: JSON.stringify(accessLogFields) },
      tracingEnabled: false,
      cacheClusterEnabled: false,
      methodSettings: [
        {
          httpMethod: '*',
          resourcePath: '/*',
          loggingLevel: 'ERROR',
          dataTraceEnabled: false,
          metricsEnabled: true,
          cachingEnabled: false,
          throttlingRateLimit: rate,
          throttlingBurstLimit: burst,
        },
      ],
    });
    this.stage.addResourceDependency(execution);
    new CfnPermission(this, 'Invoked', {
      functionName: props.functionArn,
      action: 'lambda:InvokeFunction',
      principal: 'apigateway.amazonaws.com',
      sourceArn: toArn('execute-api', `${api.ref}/${stage}/*`),
      sourceAccount: Aws.ACCOUNT_ID,
    });
    const guarded = new CfnWebACLAssociation(this, 'Firewall', {
      webAclArn: props.firewall,
      resourceArn: `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}::/restapis/${api.ref}/stages/${stage}`,
    });
    guarded.addResourceDependency(this.stage);
    this.url = `https://${api.ref}-${endpointIds[0]}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}/${stage}`;
  }
}

function toMethod({ functionArn, iam, transfer = 'stream' }: PrivateRestApiProps) {
  const isStreamed = transfer === 'stream';
  const path = isStreamed
    ? `2021-11-15/functions/${functionArn}/response-streaming-invocations`
    : `2015-03-31/functions/${functionArn}/invocations`;
  return {
    httpMethod: 'ANY',
    // The gateway authenticates, by credentials that API Gateway does not know.
    authorizationType: iam === undefined ? 'NONE' : 'AWS_IAM',
    apiKeyRequired: false,
    integration: {
      type: 'AWS_PROXY',
      integrationHttpMethod: 'POST',
      uri: `arn:${Aws.PARTITION}:apigateway:${Aws.REGION}:lambda:path/${path}`,
      responseTransferMode: isStreamed ? 'STREAM' : 'BUFFERED',
      timeoutInMillis: transferSeconds[transfer] * 1_000,
    },
  } satisfies Partial<CfnMethodProps>;
}

/** The policy is the one API's: its id is not known to it, and stands for any here. */
function toPolicy({ endpointIds, iam }: PrivateRestApiProps): readonly Statement[] {
  const call = {
    Principal: '*',
    Action: ['execute-api:Invoke'],
    Resource: toArn('execute-api', '*'),
  } as const;
  const callers = iam?.callers ?? [];
  return [
    {
      ...call,
      Sid: 'Callers',
      Effect: 'Allow',
      Condition: {
        StringEquals: { 'aws:SourceVpce': endpointIds },
        ...(callers.length === 0 ? {} : { ArnEquals: { 'aws:PrincipalArn': callers } }),
      },
    },
    {
      ...call,
      Sid: 'ThroughTheseEndpointsAlone',
      Effect: 'Deny',
      Condition: {
        StringNotEquals: { 'aws:SourceVpce': endpointIds },
        // A call without a signature has neither key, and is denied as well.
        BoolIfExists: { 'aws:ViaAWSService': 'false', 'aws:PrincipalIsAWSService': 'false' },
      },
    },
  ];
}
