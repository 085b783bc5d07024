import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { ACCOUNT, REGION, shapeOf } from '../policy/resolved.suite.ts';
import { endpointCosts } from './endpoint-cost.ts';
import { networkFeatures } from './endpoint-services.data.ts';
import { endpointsOf, withoutFips } from './endpoints-of.ts';
import { PrivateNetwork, type PrivateNetworkProps } from './private-network.ts';
import { publicModelApis } from './public-model-apis.data.ts';
import { endpointPolicies, letsThrough } from './simulated.suite.ts';

const gateway = `arn:aws:iam::${ACCOUNT}:role/sallyport-prod-gateway`;
const key = `arn:aws:kms:${REGION}:${ACCOUNT}:key/0a1b2c3d-0a1b-0a1b-0a1b-0a1b2c3d4e5f`;
const newNetwork = { cidr: '10.40.0.0/20', zones: 3 };

function synthesize(more: Partial<PrivateNetworkProps> = {}): Template {
  const stack = new Stack(new App({ analyticsReporting: false, builtinCloudFormationValidation: false }), 'Network', {
    env: { region: REGION },
  });
  new PrivateNetwork(stack, 'Network', {
    name: 'sallyport-prod',
    network: newNetwork,
    features: ['record', 'kms'],
    grants: { kms: [{ actions: ['kms:Decrypt'], resources: [key], principals: [gateway] }] },
    callers: ['10.0.0.0/8'],
    logKeyArn: key,
    ...more,
  });
  return Template.fromStack(stack);
}

type Properties = Readonly<Record<string, unknown>>;

function propertiesOf<Shape = Properties>(template: Template, type: string): readonly Shape[] {
  return Object.values(shapeOf<Record<string, { Properties: Shape }>>(template.findResources(type))).map(
    ({ Properties }) => Properties,
  );
}

const typesIn = (template: Template) =>
  Object.values(template.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);

describe('a private network', () => {
  it('has a subnet in each zone, no public address, and no route that leads out', () => {
    const template = synthesize();
    const types = new Set(typesIn(template));
    for (const way of ['InternetGateway', 'NatGateway', 'EIP', 'Route', 'EgressOnlyInternetGateway', 'VPNGateway']) {
      expect(types).not.toContain(`AWS::EC2::${way}`);
    }
    const subnets = propertiesOf(template, 'AWS::EC2::Subnet');
    expect(subnets.map(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch)).toEqual([false, false, false]);
    expect(new Set(subnets.map(({ AvailabilityZone }) => JSON.stringify(AvailabilityZone))).size).toBe(3);
    expect(new Set(subnets.map(({ CidrBlock }) => JSON.stringify(CidrBlock))).size).toBe(3);
  });

  it('makes nothing that brings functions or log groups of its own along', () => {
    const types = typesIn(synthesize());
    expect(types.filter((type) => /^Custom::|Lambda/.test(type))).toEqual([]);
    expect(types.filter((type) => type === 'AWS::Logs::LogGroup')).toHaveLength(2);
  });

  it('lets its tiers reach each other in one direction alone, and callers the front door', () => {
    const template = synthesize({ destinations: [{ cidr: '10.9.0.0/24', port: 8443 }] });
    const rules = (list: unknown) =>
      (list as readonly Properties[]).map(
        ({ CidrIp, DestinationSecurityGroupId, FromPort }) => `${CidrIp ?? DestinationSecurityGroupId}:${FromPort}`,
      );
    const groups = propertiesOf(template, 'AWS::EC2::SecurityGroup').map((group) => [
      group['GroupName'],
      rules(group['SecurityGroupIngress']),
      rules(group['SecurityGroupEgress']),
    ]);
    const nameOf = (part: string) => expect.stringMatching(new RegExp(`^NetworkGroups${part}\\w+:`));
    expect(groups).toEqual([
      ['sallyport-prod-endpoints', [], ['127.0.0.1/32:252']],
      ['sallyport-prod-gateway', [], [nameOf('Endpoints'), '0.0.0.0/0:443', '10.9.0.0/24:8443']],
      ['sallyport-prod-workers', [], [nameOf('Endpoints'), '0.0.0.0/0:443']],
      ['sallyport-prod-door', ['10.0.0.0/8:443'], [nameOf('Gateway')]],
    ]);
    const admitted = propertiesOf(template, 'AWS::EC2::SecurityGroupIngress').map(
      ({ GroupId, SourceSecurityGroupId, FromPort }) =>
        `${SourceSecurityGroupId} → ${GroupId}:${FromPort}`.replace(/NetworkGroups([A-Z][a-z]+)\w+/g, '$1'),
    );
    expect(admitted).toEqual(['Door → Gateway:8080', 'Gateway → Endpoints:443', 'Workers → Endpoints:443']);
  });

  it('has no caller unless told', () => {
    const template = synthesize({ callers: [] });
    for (const group of propertiesOf(template, 'AWS::EC2::SecurityGroup')) {
      expect(group['SecurityGroupIngress'] ?? []).toEqual([]);
    }
  });

  it('reaches S3 and DynamoDB alone where the prefix lists are given', () => {
    const template = synthesize({ prefixLists: { s3: 'pl-11111111', dynamodb: 'pl-22222222' } });
    expect(JSON.stringify(propertiesOf(template, 'AWS::EC2::SecurityGroup'))).not.toContain('0.0.0.0/0');
  });

  interface AclEntry {
    readonly Egress: boolean;
    readonly RuleNumber: number;
    readonly CidrBlock: string;
    readonly RuleAction: string;
    readonly PortRange: Properties;
  }

  const crossing = (template: Template, isOut: boolean) =>
    propertiesOf<AclEntry>(template, 'AWS::EC2::NetworkAclEntry')
      .filter(({ Egress }) => Egress === isOut)
      .toSorted((one, other) => one.RuleNumber - other.RuleNumber)
      .map(
        ({ CidrBlock, RuleAction, PortRange }) => `${RuleAction} ${CidrBlock} ${PortRange['From']}-${PortRange['To']}`,
      );

  it('keeps at its subnets’ borders out all but callers and answers, never to the gateway’s own port', () => {
    expect(crossing(synthesize(), false)).toEqual([
      'allow 10.40.0.0/20 0-65535',
      'allow 10.0.0.0/8 443-443',
      'deny 0.0.0.0/0 8080-8080',
      'deny 0.0.0.0/0 3389-3389',
      'allow 0.0.0.0/0 1024-65535',
    ]);
  });

  it('lets there out what its groups let out, and answers to callers', () => {
    const destinations = [{ cidr: '10.9.0.0/24', port: 8443 }];
    expect(crossing(synthesize({ destinations }), true)).toEqual([
      'allow 10.40.0.0/20 0-65535',
      'allow 0.0.0.0/0 443-443',
      'allow 10.0.0.0/8 1024-65535',
      'allow 10.9.0.0/24 8443-8443',
    ]);
    const many = Array.from({ length: 18 }, (_, at) => `10.${at}.0.0/16`);
    expect(() => synthesize({ callers: many })).toThrow('rules of a network ACL');
  });

  it('logs what moves and what is asked for, under the key and for a time', () => {
    const template = synthesize();
    const groups = propertiesOf(template, 'AWS::Logs::LogGroup');
    expect(
      groups.map(({ LogGroupName, KmsKeyId, RetentionInDays }) => [LogGroupName, KmsKeyId, RetentionInDays]),
    ).toEqual([
      ['/sallyport-prod/network/flows', key, 365],
      ['/sallyport-prod/network/names', key, 365],
    ]);
    expect(propertiesOf(template, 'AWS::EC2::FlowLog')).toMatchObject([{ TrafficType: 'ALL', ResourceType: 'VPC' }]);
    expect(propertiesOf(template, 'AWS::IAM::Role')).toMatchObject([
      {
        AssumeRolePolicyDocument: {
          Statement: [{ Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }],
        },
      },
    ]);
  });
});

describe('the resolver of a private network', () => {
  const rulesOf = (template: Template) =>
    propertiesOf<{ FirewallRules: readonly { Action: string; Priority: number; FirewallDomainListId: string }[] }>(
      template,
      'AWS::Route53Resolver::FirewallRuleGroup',
    ).flatMap(({ FirewallRules }) => {
      const lists = shapeOf<Record<string, { Properties: { Domains: readonly string[] } }>>(
        template.findResources('AWS::Route53Resolver::FirewallDomainList'),
      );
      return FirewallRules.toSorted((one, other) => one.Priority - other.Priority).map((rule) => ({
        action: rule.Action,
        domains: lists[rule.FirewallDomainListId]?.Properties.Domains ?? [],
      }));
    });

  /** What the first rule that has a name says of it (Route 53 guide, DNS Firewall). */
  const verdict = (template: Template, name: string) =>
    rulesOf(template).find(({ domains }) =>
      domains.some((one) => one === '*' || one === name || (one.startsWith('*.') && name.endsWith(one.slice(1)))),
    )?.action;

  it.each([
    [`kms.${REGION}.amazonaws.com`, 'ALLOW'],
    [`acme-log.s3.${REGION}.amazonaws.com`, 'ALLOW'],
    [`dynamodb.${REGION}.amazonaws.com`, 'ALLOW'],
    ['models.internal.example', 'ALLOW'],
    [`sts.${REGION}.amazonaws.com`, 'BLOCK'],
    ['api.openai.com', 'BLOCK'],
    ['api.anthropic.com', 'BLOCK'],
    [`bedrock-mantle.${REGION}.api.aws`, 'BLOCK'],
    ['example.com', 'BLOCK'],
  ])('says of %s: %s', (name, action) => {
    expect(verdict(synthesize({ destinationNames: ['models.internal.example'] }), name)).toBe(action);
  });

  it('denies public model APIs ahead of a name that lets them through', () => {
    expect(verdict(synthesize({ destinationNames: ['*.openai.com'] }), 'api.openai.com')).toBe('BLOCK');
  });

  it('answers nothing where the firewall cannot be asked, and no one takes it off by mistake', () => {
    const template = synthesize();
    expect(propertiesOf(template, 'AWS::Route53Resolver::FirewallConfig')).toMatchObject([
      { FirewallFailOpen: 'DISABLED' },
    ]);
    expect(propertiesOf(template, 'AWS::Route53Resolver::FirewallRuleGroupAssociation')).toMatchObject([
      { MutationProtection: 'ENABLED' },
    ]);
    expect(propertiesOf(template, 'AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation')).toHaveLength(1);
  });

  it('takes names whose wildcard is in front, as the service does', () => {
    for (const name of publicModelApis) expect(name).toMatch(/^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+$/);
    expect(new Set(publicModelApis).size).toBe(publicModelApis.length);
  });
});

describe('the endpoints of a private network', () => {
  it('are those that its features call, and no others', () => {
    const servicesOf = (features: PrivateNetworkProps['features']) =>
      endpointsOf({ features }).map(({ service }) => service);
    expect(servicesOf(['record'])).toEqual(['s3', 'dynamodb']);
    expect(servicesOf(['record', 'bedrock', 'roles', 'kms', 'secrets', 'parameters', 'container'])).toEqual([
      's3',
      'dynamodb',
      'bedrock-runtime',
      'sts',
      'kms',
      'secretsmanager',
      'ssm',
      'logs',
      'ecr.api',
      'ecr.dkr',
    ]);
    for (const feature of networkFeatures) expect(servicesOf([feature]).length).toBeGreaterThan(0);
    expect(networkFeatures.flatMap((feature) => servicesOf([feature]))).not.toContain('bedrock-mantle');
  });

  it('can be of all features at once', () => {
    const policies = endpointPolicies(synthesize({ features: networkFeatures }));
    expect(Object.keys(policies)).toHaveLength(endpointsOf({ features: networkFeatures }).length - 1);
  });

  it('have private names and stand in every zone', () => {
    const template = synthesize({ features: ['record', 'kms', 'restApi', 'vectors'] });
    const endpoints = propertiesOf(template, 'AWS::EC2::VPCEndpoint').map((endpoint) => [
      endpoint['ServiceName'],
      endpoint['VpcEndpointType'],
      endpoint['PrivateDnsEnabled'],
      (endpoint['SubnetIds'] as readonly string[] | undefined)?.length,
      String((endpoint['SecurityGroupIds'] as readonly string[] | undefined)?.[0]).replace(
        /\w*Groups([A-Z][a-z]+)\w+/,
        '$1',
      ),
    ]);
    expect(endpoints).toEqual([
      [`com.amazonaws.${REGION}.s3`, 'Gateway', undefined, undefined, 'undefined'],
      [`com.amazonaws.${REGION}.dynamodb`, 'Gateway', undefined, undefined, 'undefined'],
      [`com.amazonaws.${REGION}.kms`, 'Interface', true, 3, 'Endpoints'],
      [`com.amazonaws.${REGION}.execute-api`, 'Interface', true, 3, 'Door'],
    ]);
    expect(propertiesOf(template, 'AWS::OpenSearchServerless::VpcEndpoint')).toHaveLength(1);
  });

  it('are those of FIPS with `fips`, and it is told which there are not', () => {
    const template = synthesize({ features: ['kms', 'secrets'], fips: true });
    const policies = endpointPolicies(template);
    expect(Object.keys(policies)).toEqual(['kms-fips', 'secretsmanager']);
    expect(JSON.stringify(policies['kms-fips'])).toContain('kms:Decrypt');
    expect(withoutFips(['kms', 'secrets', 'container'])).toEqual(['secretsmanager']);
  });

  it('refuse everything where nothing is granted', async () => {
    const policies = endpointPolicies(synthesize());
    const call = {
      action: 'dynamodb:GetItem',
      resource: `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/any`,
      principal: gateway,
    };
    expect(await letsThrough(policies['dynamodb'] ?? {}, call)).toBe(false);
    const decrypt = { action: 'kms:Decrypt', resource: key, principal: gateway };
    expect(await letsThrough(policies['kms'] ?? {}, decrypt)).toBe(true);
  });

  it('cost by the hour and zone', () => {
    const costs = endpointCosts({ features: ['record', 'kms', 'roles'], zones: 3 });
    expect(costs).toEqual([
      { service: 'sts', monthlyUsd: 21.9 },
      { service: 'kms', monthlyUsd: 21.9 },
      { service: 's3', monthlyUsd: 0 },
      { service: 'dynamodb', monthlyUsd: 0 },
    ]);
  });
});

describe('a network that is there already', () => {
  const network = {
    vpcId: 'vpc-0a1b2c3d',
    cidr: '10.7.0.0/16',
    subnetIds: ['subnet-0a1b2c3d', 'subnet-1a1b2c3d'],
    routeTableIds: ['rtb-0a1b2c3d'],
    endpoints: ['kms'],
  };

  it('keeps its subnets and endpoints, which its groups reach', () => {
    const template = synthesize({ network, features: ['record', 'kms', 'roles'] });
    const types = typesIn(template);
    expect(types.filter((type) => /VPC$|Subnet$|RouteTable$|NetworkAcl$/.test(type))).toEqual([]);
    expect(Object.keys(endpointPolicies(template))).toEqual(['s3', 'dynamodb', 'sts']);
    expect(JSON.stringify(propertiesOf(template, 'AWS::EC2::SecurityGroup'))).toContain('"CidrIp":"10.7.0.0/16"');
  });

  it('has public model APIs denied, and what others in it need left alone', () => {
    const [lists] = [propertiesOf(synthesize({ network }), 'AWS::Route53Resolver::FirewallDomainList')];
    expect(lists).toHaveLength(1);
    expect(lists[0]?.['Domains']).toContain('api.openai.com');
  });
});
