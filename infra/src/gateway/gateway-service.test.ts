import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { shapeOf } from '../policy/resolved.suite.ts';
import { GatewayRole, type GatewayRoleProps } from './gateway-role.ts';
import { GatewayService, type GatewayServiceProps } from './gateway-service.ts';
import { ImageRepository } from './image-repository.ts';

const REGION = 'eu-central-1';
const key = `arn:aws:kms:${REGION}:111122223333:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f`;
const digest = `sha256:${'0'.repeat(64)}`;

function synthesize(build: (stack: Stack) => void): Template {
  const app = new App({ analyticsReporting: false, builtinCloudFormationValidation: false });
  const stack = new Stack(app, 'Service', { env: { region: REGION } });
  build(stack);
  return Template.fromStack(stack);
}

const serviceWith = (more: Partial<GatewayServiceProps> = {}) =>
  synthesize((stack) => {
    new GatewayService(stack, 'Service', {
      name: 'sallyport-prod',
      network: { vpcId: 'vpc', subnetIds: ['a', 'b'], doorGroupId: 'sg-door', gatewayGroupId: 'sg-gateway' },
      certificateArn: `arn:aws:acm:${REGION}:111122223333:certificate/0a1b2c3d`,
      domainName: 'genai.example',
      idleSeconds: 320,
      port: 8080,
      repositoryName: 'sallyport-prod/gateway',
      imageDigest: digest,
      roleArn: 'arn:aws:iam::111122223333:role/sallyport-prod-gateway',
      logKeyArn: key,
      ...more,
    });
  });
const roleWith = (more: Partial<GatewayRoleProps> = {}) =>
  synthesize((stack) => {
    const statements = [{ actions: ['sts:AssumeRole'], resources: ['arn:aws:iam::111122223333:role/tenant'] }];
    new GatewayRole(stack, 'Role', { name: 'sallyport-prod', statements, ...more });
  });

type Properties = Readonly<Record<string, unknown>>;

function onlyOne<Shape = Properties>(template: Template, type: string): Shape {
  const found = Object.values(shapeOf<Record<string, { Properties: Shape }>>(template.findResources(type)));
  expect(found).toHaveLength(1);
  return (found[0] as { Properties: Shape }).Properties;
}

interface Attributed {
  readonly LoadBalancerAttributes: readonly { readonly Key: string; readonly Value: string }[];
}

describe('the load balancer', () => {
  const template = serviceWith();

  it('is internal, speaks HTTP/2 and keeps the host that callers signed', () => {
    const balancer = onlyOne<Properties & Attributed>(template, 'AWS::ElasticLoadBalancingV2::LoadBalancer');
    expect(balancer).toMatchObject({ Scheme: 'internal', Type: 'application', SecurityGroups: ['sg-door'] });
    const attributes = Object.fromEntries(balancer.LoadBalancerAttributes.map(({ Key, Value }) => [Key, Value]));
    expect(attributes).toMatchObject({
      'routing.http2.enabled': 'true',
      'routing.http.preserve_host_header.enabled': 'true',
      'routing.http.drop_invalid_header_fields.enabled': 'true',
      'routing.http.desync_mitigation_mode': 'strictest',
      'deletion_protection.enabled': 'true',
      'idle_timeout.timeout_seconds': '320',
      'access_logs.s3.enabled': 'true',
      'connection_logs.s3.enabled': 'true',
    });
  });

  it('takes TLS 1.2 and 1.3 alone, and by FIPS with it', () => {
    const policyOf = (of: Template) => onlyOne(of, 'AWS::ElasticLoadBalancingV2::Listener')['SslPolicy'];
    expect(policyOf(template)).toBe('ELBSecurityPolicy-TLS13-1-2-Res-2021-06');
    expect(policyOf(serviceWith({ fips: true }))).toContain('FIPS');
    expect(onlyOne(template, 'AWS::ElasticLoadBalancingV2::Listener')).toMatchObject({ Port: 443, Protocol: 'HTTPS' });
  });

  it('verifies certificates of callers where there is a trust store, expired ones as such', () => {
    const trustStoreArn = `arn:aws:elasticloadbalancing:${REGION}:111122223333:truststore/callers/0a1b`;
    const listener = onlyOne(serviceWith({ trustStoreArn }), 'AWS::ElasticLoadBalancingV2::Listener');
    expect(listener['MutualAuthentication']).toEqual({
      Mode: 'verify',
      TrustStoreArn: trustStoreArn,
      IgnoreClientCertificateExpiry: false,
    });
  });

  it('encrypts to its targets, in the version that carries both of the callers, and asks whether they are ready', () => {
    expect(onlyOne(template, 'AWS::ElasticLoadBalancingV2::TargetGroup')).toMatchObject({
      Protocol: 'HTTPS',
      ProtocolVersion: 'HTTP1',
      Port: 8080,
      HealthCheckProtocol: 'HTTPS',
      HealthCheckPath: '/readyz',
      TargetType: 'ip',
    });
  });

  it('logs to a bucket that is not public, takes TLS alone and expires, from this load balancer alone', () => {
    expect(onlyOne(template, 'AWS::S3::Bucket')).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: { Rules: [{ ExpirationInDays: 365, Status: 'Enabled' }] },
    });
    const { PolicyDocument } = onlyOne<{ PolicyDocument: { Statement: readonly Properties[] } }>(
      template,
      'AWS::S3::BucketPolicy',
    );
    expect(PolicyDocument.Statement.map(({ Effect, Condition }) => [Effect, Condition])).toEqual([
      [
        'Allow',
        {
          StringEquals: { 'aws:SourceAccount': '111122223333' },
          ArnLike: {
            'aws:SourceArn': `arn:aws:elasticloadbalancing:${REGION}:111122223333:loadbalancer/app/sallyport-prod/*`,
          },
        },
      ],
      ['Deny', { Bool: { 'aws:SecureTransport': 'false' } }],
      ['Deny', { NumericLessThan: { 's3:TlsVersion': '1.2' } }],
    ]);
  });
});

describe('a task of the gateway', () => {
  const template = serviceWith();
  const { ContainerDefinitions, ...task } = onlyOne<Properties & { ContainerDefinitions: readonly Properties[] }>(
    template,
    'AWS::ECS::TaskDefinition',
  );
  const [container = {}] = ContainerDefinitions;

  it('can write nothing, has no privilege and no capability, and is no root', () => {
    expect(ContainerDefinitions).toHaveLength(1);
    expect(container).toMatchObject({
      ReadonlyRootFilesystem: true,
      Privileged: false,
      User: '65532:65532',
      LinuxParameters: { Capabilities: { Drop: ['ALL'] } },
    });
    expect(task).toMatchObject({ NetworkMode: 'awsvpc', RequiresCompatibilities: ['FARGATE'] });
    expect(task['Volumes']).toBeUndefined();
  });

  it('is the image of one digest', () => {
    expect(container['Image']).toBe(`111122223333.dkr.ecr.${REGION}.amazonaws.com/sallyport-prod/gateway@${digest}`);
  });

  it('has no secret in its environment', () => {
    expect(container['Secrets']).toBeUndefined();
    expect(container['Environment']).toEqual([{ Name: 'SALLYPORT_READY_URL', Value: 'https://127.0.0.1:8080/readyz' }]);
  });

  it('logs under the key and for a time, and is not held up by that', () => {
    expect(onlyOne(template, 'AWS::Logs::LogGroup')).toMatchObject({
      LogGroupName: '/sallyport-prod/gateway',
      KmsKeyId: key,
      RetentionInDays: 365,
    });
    expect(container['LogConfiguration']).toMatchObject({ LogDriver: 'awslogs', Options: { mode: 'non-blocking' } });
  });

  it('is started by a role that gets this image and writes this log, for ECS of this account alone', () => {
    const role = onlyOne<{
      AssumeRolePolicyDocument: { Statement: readonly Properties[] };
      Policies: readonly { PolicyDocument: { Statement: readonly Properties[] } }[];
    }>(template, 'AWS::IAM::Role');
    expect(role.AssumeRolePolicyDocument.Statement).toMatchObject([
      {
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
      },
    ]);
    const statements = role.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    expect(statements.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['ecr:GetAuthorizationToken'], '*'],
      [
        ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'],
        `arn:aws:ecr:${REGION}:111122223333:repository/sallyport-prod/gateway`,
      ],
      [['logs:CreateLogStream', 'logs:PutLogEvents'], expect.stringContaining('TaskLog')],
    ]);
  });
});

describe('the service', () => {
  const template = serviceWith();

  it('has no public address and no shell, and rolls back what does not become healthy', () => {
    expect(onlyOne(template, 'AWS::ECS::Service')).toMatchObject({
      LaunchType: 'FARGATE',
      PlatformVersion: '1.4.0',
      EnableExecuteCommand: false,
      DesiredCount: 2,
      DeploymentConfiguration: {
        DeploymentCircuitBreaker: { Enable: true, Rollback: true },
        MinimumHealthyPercent: 100,
      },
      NetworkConfiguration: {
        AwsvpcConfiguration: { AssignPublicIp: 'DISABLED', SecurityGroups: ['sg-gateway'] },
      },
    });
  });

  it('grows with what its processors do, within bounds', () => {
    const tasks = { min: 3, max: 7 };
    const scaled = serviceWith({ tasks });
    expect(onlyOne(scaled, 'AWS::ApplicationAutoScaling::ScalableTarget')).toMatchObject({
      MinCapacity: 3,
      MaxCapacity: 7,
    });
    expect(onlyOne(scaled, 'AWS::ECS::Service')).toMatchObject({ DesiredCount: 3 });
  });

  it('is called by a name of a private zone', () => {
    expect(onlyOne(template, 'AWS::Route53::HostedZone')).toMatchObject({ VPCs: [{ VPCId: 'vpc' }] });
    expect(onlyOne(template, 'AWS::Route53::RecordSet')).toMatchObject({ Name: 'genai.example', Type: 'A' });
  });
});

describe('the gateway’s role', () => {
  const trustOf = (template: Template) =>
    onlyOne<{ AssumeRolePolicyDocument: { Statement: readonly Properties[] } }>(template, 'AWS::IAM::Role')
      .AssumeRolePolicyDocument.Statement;

  it('is for tasks, and for functions that are named, of this account and Region', () => {
    expect(trustOf(roleWith())).toMatchObject([{ Principal: { Service: 'ecs-tasks.amazonaws.com' } }]);
    const both = trustOf(roleWith({ functions: ['sallyport-prod-gateway'] }));
    expect(both).toHaveLength(2);
    expect(both[1]).toMatchObject({
      Principal: { Service: 'lambda.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': '111122223333' },
        ArnLike: { 'aws:SourceArn': [`arn:aws:lambda:${REGION}:111122223333:function:sallyport-prod-gateway`] },
      },
    });
  });

  it('has a name that tenants’ roles trust, and no action that is not one by name', () => {
    expect(onlyOne(roleWith(), 'AWS::IAM::Role')).toMatchObject({ RoleName: 'sallyport-prod-gateway' });
    expect(() => roleWith({ statements: [{ actions: ['sts:*'], resources: ['*'] }] })).toThrow('not one by name');
  });
});

describe('the repository of images', () => {
  it('moves no tag and scans what comes', () => {
    const template = synthesize(
      (stack) => new ImageRepository(stack, 'Images', { name: 'sallyport-prod', keyArn: key }),
    );
    expect(onlyOne(template, 'AWS::ECR::Repository')).toMatchObject({
      RepositoryName: 'sallyport-prod/gateway',
      ImageTagMutability: 'IMMUTABLE',
      ImageScanningConfiguration: { ScanOnPush: true },
      EncryptionConfiguration: { EncryptionType: 'KMS', KmsKey: key },
    });
  });
});
