import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, propertyOf, REGION, resourcesOf } from '../policy/resolved.suite.ts';
import { decide } from '../policy/simulation.suite.ts';
import { accessLogFields } from './access-log.data.ts';
import { ApiFirewall } from './api-firewall.ts';
import { ApiLogsRole } from './api-logs-role.ts';
import { CodeSigning } from './code-signing.ts';
import { GatewayFunction, type GatewayFunctionProps } from './gateway-function.ts';
import { PrivateRestApi, type PrivateRestApiProps } from './private-rest-api.ts';

const key = (of: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${of}`;
const FUNCTION = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:sallyport-prod-gateway`;
const ENDPOINT = 'vpce-0a1b2c3d';

function synthesize(build: (stack: Stack) => void): Template {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Function', { env: { region: REGION } });
  build(stack);
  return Template.fromStack(stack);
}

const functionWith = (more: Partial<GatewayFunctionProps> = {}) =>
  synthesize((stack) => {
    new GatewayFunction(stack, 'Function', {
      functionName: 'sallyport-prod-gateway',
      roleName: 'sallyport-prod-gateway',
      code: { s3Bucket: 'code', s3Key: 'lambda-arm64.zip' },
      layers: [`arn:aws:lambda:${REGION}:${ACCOUNT}:layer:configuration:1`],
      network: { subnets: ['a', 'b'], securityGroups: ['sg-gateway'] },
      keys: { logs: key('logs'), environment: key('secrets') },
      ...more,
    });
  });

const apiWith = (more: Partial<PrivateRestApiProps> = {}) =>
  synthesize((stack) => {
    new PrivateRestApi(stack, 'Api', {
      name: 'sallyport-prod',
      functionArn: FUNCTION,
      endpointIds: [ENDPOINT],
      firewall: `arn:aws:wafv2:${REGION}:${ACCOUNT}:regional/webacl/sallyport-prod/1`,
      logKeyArn: key('logs'),
      ...more,
    });
  });

const allOf = (template: Template, type: string) =>
  Object.values(resourcesOf(template, type)).map(({ Properties }) => Properties);

function onlyOf(template: Template, type: string) {
  const found = allOf(template, type);
  expect(found).toHaveLength(1);
  return found[0] ?? {};
}

describe('the gateway as a function', () => {
  const template = functionWith();
  const made = onlyOf(template, 'AWS::Lambda::Function');

  it('runs the bundle for as long as a streamed answer takes, in the network, with its environment under a key', () => {
    expect(made).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'lambda.handler',
      Timeout: 900,
      Environment: { Variables: { SALLYPORT_CONFIG: '/opt/sallyport.yaml' } },
      KmsKeyArn: key('secrets'),
      VpcConfig: { SubnetIds: ['a', 'b'], SecurityGroupIds: ['sg-gateway'] },
      Role: `arn:aws:iam::${ACCOUNT}:role/sallyport-prod-gateway`,
    });
    expect(onlyOf(template, 'AWS::Logs::LogGroup')).toMatchObject({ KmsKeyId: key('logs'), RetentionInDays: 365 });
    expect(onlyOf(functionWith({ transfer: 'buffered' }), 'AWS::Lambda::Function')).toMatchObject({ Timeout: 29 });
  });

  it('adds to the gateway’s role log lines of its own, and interfaces that its code cannot make', async () => {
    const policy = onlyOf(template, 'AWS::IAM::RolePolicy');
    expect(policy['RoleName']).toBe('sallyport-prod-gateway');
    const identity = [propertyOf(policy, 'PolicyDocument')];
    const principal = `arn:aws:iam::${ACCOUNT}:role/sallyport-prod-gateway`;
    const call = (action: string, context = {}) =>
      decide(
        { principal, action, resource: `arn:aws:ec2:${REGION}:${ACCOUNT}:network-interface/*`, context },
        { identity },
      );
    expect(await call('ec2:CreateNetworkInterface')).toBe('Allowed');
    expect(await call('ec2:CreateNetworkInterface', { 'lambda:SourceFunctionArn': FUNCTION })).toBe('ExplicitlyDenied');
    expect(JSON.stringify(identity)).not.toMatch(/bedrock:|s3:|dynamodb:|logs:CreateLogGroup/);
  });

  it('takes signed code alone, sets instances aside and keeps some started where it is told to', () => {
    expect([made['CodeSigningConfigArn'], made['ReservedConcurrentExecutions']]).toEqual([undefined, undefined]);
    expect(allOf(template, 'AWS::Lambda::Version')).toEqual([]);
    const provisioned = (revision: string) =>
      functionWith({ codeSigning: 'csc', reservedConcurrency: 20, provisioned: { concurrency: 5, revision } });
    const kept = provisioned('aa11');
    expect(onlyOf(kept, 'AWS::Lambda::Function')).toMatchObject({
      CodeSigningConfigArn: 'csc',
      ReservedConcurrentExecutions: 20,
    });
    expect(onlyOf(kept, 'AWS::Lambda::Alias')).toMatchObject({
      ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 5 },
    });
    // A version that has the same id would be the old code.
    const versionOf = (of: Template) => Object.keys(of.findResources('AWS::Lambda::Version'));
    expect(versionOf(kept)).not.toEqual(versionOf(provisioned('bb22')));
  });
});

describe('signatures of code', () => {
  it('are of one profile, and what has none is refused', () => {
    const template = synthesize((stack) => new CodeSigning(stack, 'Signing', { name: 'sallyport-prod' }));
    expect(onlyOf(template, 'AWS::Signer::SigningProfile')).toMatchObject({ PlatformId: 'AWSLambda-SHA384-ECDSA' });
    expect(onlyOf(template, 'AWS::Lambda::CodeSigningConfig')).toMatchObject({
      AllowedPublishers: { SigningProfileVersionArns: [expect.stringContaining('ProfileVersionArn')] },
      CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Enforce' },
    });
  });
});

describe('the private REST API', () => {
  const template = apiWith();
  const api = onlyOf(template, 'AWS::ApiGateway::RestApi');
  const resource = `arn:aws:execute-api:${REGION}:${ACCOUNT}:a1b2c3/prod/POST/openai/v1/chat/completions`;

  /** What the API's policy makes of a call, beside what a caller's own policies say. */
  const call = (context: Record<string, string>, { of = api, identity = [] as unknown[], who = 'app' } = {}) =>
    decide(
      {
        principal: `arn:aws:iam::${ACCOUNT}:role/${who}`,
        action: 'execute-api:Invoke',
        resource,
        context: { 'aws:PrincipalArn': `arn:aws:iam::${ACCOUNT}:role/${who}`, ...context },
      },
      { identity, resource: propertyOf(of, 'Policy') },
    );
  const everything = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: '*' }],
  };

  it('is in reach of the network’s endpoint alone, whatever else a caller may', async () => {
    expect(api['EndpointConfiguration']).toEqual({ Types: ['PRIVATE'], VpcEndpointIds: [ENDPOINT] });
    const identity = [everything];
    expect(await call({ 'aws:SourceVpce': ENDPOINT })).toBe('Allowed');
    expect(await call({ 'aws:SourceVpce': 'vpce-ffffffff' }, { identity })).toBe('ExplicitlyDenied');
    expect(await call({}, { identity })).toBe('ExplicitlyDenied');
    expect(() => apiWith({ endpointIds: [] })).toThrow('no endpoint');
  });

  it('leaves it to the gateway who calls, or to IAM where it is told to, of the roles that are named', async () => {
    const authorization = (of: Template) => allOf(of, 'AWS::ApiGateway::Method').map((one) => one['AuthorizationType']);
    expect(authorization(template)).toEqual(['NONE', 'NONE']);
    const signed = apiWith({ iam: { callers: [`arn:aws:iam::${ACCOUNT}:role/billing`] } });
    expect(authorization(signed)).toEqual(['AWS_IAM', 'AWS_IAM']);
    const of = onlyOf(signed, 'AWS::ApiGateway::RestApi');
    const context = { 'aws:SourceVpce': ENDPOINT };
    expect(await call(context, { of, who: 'billing' })).toBe('Allowed');
    expect(await call(context, { of, who: 'other' })).toBe('ImplicitlyDenied');
  });

  it('streams, which takes the path of streaming invocations and gives it fifteen minutes', () => {
    const [integration] = allOf(template, 'AWS::ApiGateway::Method').map((one) => one['Integration']);
    expect(integration).toEqual({
      Type: 'AWS_PROXY',
      IntegrationHttpMethod: 'POST',
      ResponseTransferMode: 'STREAM',
      TimeoutInMillis: 900_000,
      Uri: `arn:aws:apigateway:${REGION}:lambda:path/2021-11-15/functions/${FUNCTION}/response-streaming-invocations`,
    });
    const [buffered] = allOf(apiWith({ transfer: 'buffered' }), 'AWS::ApiGateway::Method').map(
      (one) => one['Integration'],
    );
    expect(buffered).toMatchObject({
      ResponseTransferMode: 'BUFFERED',
      TimeoutInMillis: 29_000,
      Uri: expect.stringMatching(/2015-03-31\/functions\/.*\/invocations$/),
    });
    expect(api['BinaryMediaTypes']).toEqual(['*/*']);
  });

  it('alone may invoke the function, in its stage', () => {
    expect(onlyOf(template, 'AWS::Lambda::Permission')).toMatchObject({
      FunctionName: FUNCTION,
      Action: 'lambda:InvokeFunction',
      Principal: 'apigateway.amazonaws.com',
      SourceAccount: ACCOUNT,
      SourceArn: expect.stringMatching(/^arn:aws:execute-api:eu-central-1:111122223333:Api[A-Z0-9a-z]+\/prod\/\*$/),
    });
  });

  it('logs no content: no traces of data, and of a request what is not the caller’s to write', () => {
    const stage = onlyOf(template, 'AWS::ApiGateway::Stage');
    expect(stage['MethodSettings']).toMatchObject([
      { HttpMethod: '*', ResourcePath: '/*', LoggingLevel: 'ERROR', DataTraceEnabled: false, ThrottlingRateLimit: 200 },
    ]);
    const { Format } = propertyOf<{ readonly Format: string }>(stage, 'AccessLogSetting');
    expect(JSON.parse(Format)).toEqual(accessLogFields);
    const written = Object.values(accessLogFields).filter((name) =>
      /path$|query|header|body|userAgent|apiKey|message|authorizer|requestOverride|\$input/i.test(
        name.replace('resourcePath', ''),
      ),
    );
    expect(written).toEqual([]);
    expect(
      allOf(template, 'AWS::Logs::LogGroup').map(({ LogGroupName, KmsKeyId }) => [LogGroupName, KmsKeyId]),
    ).toEqual([
      ['/aws/apigateway/sallyport-prod', key('logs')],
      [expect.stringMatching(/^API-Gateway-Execution-Logs_Api.*\/prod$/), key('logs')],
    ]);
  });

  it('keeps no answer, and tells no other service of a request', () => {
    expect(onlyOf(template, 'AWS::ApiGateway::Stage')).toMatchObject({
      CacheClusterEnabled: false,
      TracingEnabled: false,
      MethodSettings: [{ CachingEnabled: false }],
    });
  });

  it('comes to callers as it is: another policy or method makes another deployment', () => {
    const deployment = (of: Template) => Object.keys(of.findResources('AWS::ApiGateway::Deployment'));
    expect(deployment(template)).toEqual(deployment(apiWith()));
    expect(deployment(template)).not.toEqual(deployment(apiWith({ endpointIds: ['vpce-0a1b2c3e'] })));
    expect(deployment(template)).not.toEqual(deployment(apiWith({ transfer: 'buffered' })));
  });

  it('is guarded by its firewall', () => {
    expect(onlyOf(template, 'AWS::WAFv2::WebACLAssociation')).toMatchObject({
      WebACLArn: expect.stringContaining('webacl/sallyport-prod'),
      ResourceArn: expect.stringMatching(
        /^arn:aws:apigateway:eu-central-1::\/restapis\/Api[A-Z0-9a-z]+\/stages\/prod$/,
      ),
    });
  });
});

describe('the firewall of an API', () => {
  const guarding = synthesize(
    (stack) => new ApiFirewall(stack, 'Firewall', { name: 'sallyport-prod', requestsPerMinute: 600 }),
  );
  const acl = onlyOf(guarding, 'AWS::WAFv2::WebACL');

  it('refuses too many of one address and what is too long, and looks into no body and no header', () => {
    const rules = propertyOf<readonly { Name: string; Action: object; Statement: object }[]>(acl, 'Rules');
    expect(rules.map(({ Name, Action }) => [Name, Action])).toEqual([
      ['rate', { Block: { CustomResponse: { ResponseCode: 429 } } }],
      ['path', { Block: { CustomResponse: { ResponseCode: 414 } } }],
      ['query', { Block: { CustomResponse: { ResponseCode: 414 } } }],
    ]);
    expect(rules[0]?.Statement).toMatchObject({ RateBasedStatement: { Limit: 600, EvaluationWindowSec: 60 } });
    expect(JSON.stringify(rules)).not.toMatch(/"(?:Body|JsonBody|Headers|SingleHeader|Cookies)"/);
  });

  it('keeps no sample of a request, of none of its rules, and no log', () => {
    expect(allOf(guarding, 'AWS::WAFv2::LoggingConfiguration')).toEqual([]);
    const text = JSON.stringify(acl);
    expect(text.match(/"SampledRequestsEnabled":false/g)).toHaveLength(4);
    expect(text).not.toContain('"SampledRequestsEnabled":true');
  });
});

describe('the role for logs of APIs', () => {
  it('writes logs of APIs and no others, for API Gateway of this account, and outlives the stack', async () => {
    const template = synthesize((stack) => new ApiLogsRole(stack, 'Logs', { name: 'sallyport-prod' }));
    const role = onlyOf(template, 'AWS::IAM::Role');
    const identity = propertyOf<readonly { PolicyDocument: unknown }[]>(role, 'Policies').map(
      (one) => one.PolicyDocument,
    );
    const put = (group: string) =>
      decide(
        {
          principal: `arn:aws:iam::${ACCOUNT}:role/sallyport-prod-api-logs`,
          action: 'logs:PutLogEvents',
          resource: `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:${group}:log-stream:x`,
        },
        { identity },
      );
    expect(await put('API-Gateway-Execution-Logs_a1b2c3/prod')).toBe('Allowed');
    expect(await put('/aws/apigateway/sallyport-prod')).toBe('Allowed');
    expect(await put('/aws/lambda/sallyport-prod-gateway')).toBe('ImplicitlyDenied');
    expect(role['AssumeRolePolicyDocument']).toMatchObject({
      Statement: [{ Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }],
    });
    for (const { DeletionPolicy } of Object.values(resourcesOf(template, 'AWS::ApiGateway::Account'))) {
      expect(DeletionPolicy).toBe('Retain');
    }
  });
});
