import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../../src/config/index.ts';
import { endpointPolicies, letsThrough } from '../network/simulated.suite.ts';
import { ACCOUNT, REGION, shapeOf } from '../policy/resolved.suite.ts';
import { decide } from '../policy/simulation.suite.ts';
import { GatewayStack } from './gateway-stack.ts';
import { networkCosts, outOfReach, toFeatures } from './network-needs.ts';
import { NetworkStack } from './network-stack.ts';
import { ServiceStack } from './service-stack.ts';
import { type Settings, toSettings } from './settings.ts';

const OTHER = '999988887777';
const PROFILE = 'eu.anthropic.claude-sonnet-4-5-20250929-v1:0';
const base = `version: 1
environment: prod
region: ${REGION}
keys:
  root: { secretsManager: sallyport/root }
  kms: { key: { ssm: /sallyport/prod/keys/record } }
state: { kind: dynamodb, region: ${REGION}, table: sallyport-state, journalTable: sallyport-journal }
audit:
  sequencer: elsewhere
  store: { kind: s3, bucket: acme-log, region: ${REGION}, expectedBucketOwner: "${ACCOUNT}", kmsKeyId: alias/sallyport-prod-log }
  sinks: [{ name: vault, kind: s3, bucket: acme-vault, region: ${REGION} }]
providers:
  - { name: bedrock, kind: bedrock, region: ${REGION}, roles: { externalId: { secretsManager: sallyport/roles, field: externalId } } }
models:
  - { id: "amazon.nova-lite-v1:0", provider: bedrock }
  - { id: "${PROFILE}", provider: bedrock }
tenants:
  - { name: bank, role: { ssm: /sallyport/prod/tenants/bank/role }, principals: [{ name: teller }] }
policies: [{ name: a.cedar, cedar: "permit (principal, action, resource);" }]
deploy:
  account: "${ACCOUNT}"
  network: { callers: [10.0.0.0/8] }
  vault: { account: "444455556666", region: ${REGION} }
  service:
    certificate: "arn:aws:acm:${REGION}:${ACCOUNT}:certificate/0a1b2c3d"
    domainName: genai.example
`;

const settingsOf = (text = base): Settings => toSettings(parseConfig(text, { path: 'sallyport.yaml' }));
const app = () => new App({ analyticsReporting: false, builtinCloudFormationValidation: false });

const network = (text = base) => Template.fromStack(new NetworkStack(app(), settingsOf(text)));

const template = network();
const policies = endpointPolicies(template);
const role = (name: string, account = ACCOUNT) => `arn:aws:iam::${account}:role/sallyport-prod-${name}`;
const arn = (service: string, resource: string, account = ACCOUNT) =>
  `arn:aws:${service}:${REGION}:${account}:${resource}`;
const model = (id: string, region = REGION) => `arn:aws:bedrock:${region}::foundation-model/${id}`;
const profile = `arn:aws:bedrock:${REGION}:${ACCOUNT}:inference-profile/${PROFILE}`;
const log = 'arn:aws:s3:::acme-log';
const owned = { 'aws:ResourceAccount': ACCOUNT };

type Call = Parameters<typeof letsThrough>[1];

/** Endpoint, who, action, resource, and what else AWS says of the call. */
type Row = readonly [string, string, string, string, Partial<Call>?];

const through = ([endpoint, principal, action, resource, more = {}]: Row) =>
  letsThrough(policies[endpoint] ?? {}, { principal, action, resource, ...more });

const titled = (rows: readonly Row[]) => rows.map((row) => ({ row, title: row.slice(0, 4).join(', ') }));

describe('the endpoints of a configuration', () => {
  it('are those that its parts call', () => {
    expect(Object.keys(policies).sort()).toEqual([
      'bedrock-runtime',
      'dynamodb',
      'ecr.api',
      'ecr.dkr',
      'kms',
      'logs',
      's3',
      'secretsmanager',
      'ssm',
      'sts',
    ]);
    expect(toFeatures(settingsOf(base.replace(/ {2}service:[\s\S]*$/, '  function: {}\n')))).toContain('restApi');
  });

  const own: readonly Row[] = [
    ['dynamodb', role('gateway'), 'dynamodb:PutItem', arn('dynamodb', 'table/sallyport-journal')],
    ['dynamodb', role('gateway'), 'dynamodb:Query', arn('dynamodb', 'table/sallyport-state')],
    ['dynamodb', role('gateway'), 'dynamodb:Query', arn('dynamodb', 'table/sallyport-journal/index/unsequenced')],
    ['dynamodb', role('sequencer'), 'dynamodb:Query', arn('dynamodb', 'table/sallyport-journal/index/unsequenced')],
    ['s3', role('gateway'), 's3:PutObject', `${log}/journal/a/1`, { context: owned }],
    ['s3', role('sequencer'), 's3:PutObjectRetention', `${log}/tile/0/0`, { context: owned }],
    [
      's3',
      role('sequencer'),
      's3:PutObject',
      'arn:aws:s3:::acme-vault/c',
      { owner: '444455556666', context: { 'aws:ResourceAccount': '444455556666' } },
    ],
    [
      'secretsmanager',
      role('gateway'),
      'secretsmanager:GetSecretValue',
      arn('secretsmanager', 'secret:sallyport/root-a1b2c3'),
    ],
    [
      'secretsmanager',
      role('gateway'),
      'secretsmanager:GetSecretValue',
      arn('secretsmanager', 'secret:sallyport/roles-a1b2c3'),
    ],
    ['ssm', role('gateway'), 'ssm:GetParameter', arn('ssm', 'parameter/sallyport/prod/tenants/bank/role')],
    ['sts', role('gateway'), 'sts:AssumeRole', role('tenant-bank')],
    ['sts', role('gateway'), 'sts:TagSession', role('tenant-bank')],
    ['bedrock-runtime', role('tenant-bank'), 'bedrock:InvokeModel', model('amazon.nova-lite-v1:0')],
    ['bedrock-runtime', role('tenant-bank'), 'bedrock:InvokeModelWithResponseStream', profile],
    [
      'bedrock-runtime',
      role('tenant-bank'),
      'bedrock:InvokeModel',
      model(PROFILE.slice(3), 'eu-west-1'),
      { context: { 'bedrock:InferenceProfileArn': profile } },
    ],
    [
      'logs',
      role('execution'),
      'logs:PutLogEvents',
      arn('logs', 'log-group:/sallyport-prod/gateway:log-stream:task/a'),
    ],
    ['ecr.api', role('execution'), 'ecr:BatchGetImage', arn('ecr', 'repository/sallyport-prod/gateway')],
  ];

  it.each(titled(own))('let through: $title', async ({ row }) => {
    expect(await through(row)).toBe(true);
  });

  const foreign: readonly Row[] = [
    ['dynamodb', role('gateway'), 'dynamodb:Scan', arn('dynamodb', 'table/sallyport-state')],
    ['dynamodb', role('gateway'), 'dynamodb:PutItem', arn('dynamodb', 'table/loot', OTHER), { owner: OTHER }],
    ['dynamodb', role('tenant-bank'), 'dynamodb:GetItem', arn('dynamodb', 'table/sallyport-state')],
    ['s3', role('gateway'), 's3:PutObject', `${log}/tile/0/0`, { context: owned }],
    [
      's3',
      role('gateway'),
      's3:PutObject',
      'arn:aws:s3:::loot/x',
      { owner: OTHER, context: { 'aws:ResourceAccount': OTHER } },
    ],
    ['s3', role('gateway', OTHER), 's3:PutObject', `${log}/journal/a/1`, { context: owned }],
    ['s3', role('auditor'), 's3:GetObject', `${log}/tile/0/0`, { context: owned }],
    ['secretsmanager', role('gateway'), 'secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:other-a1b2c3')],
    ['sts', role('gateway'), 'sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/admin`],
    ['sts', role('gateway'), 'sts:AssumeRole', role('tenant-bank', OTHER), { owner: OTHER }],
    ['bedrock-runtime', role('gateway'), 'bedrock:InvokeModel', model('amazon.nova-lite-v1:0')],
    ['bedrock-runtime', role('tenant-bank', OTHER), 'bedrock:InvokeModel', model('amazon.nova-lite-v1:0')],
    ['bedrock-runtime', role('tenant-bank'), 'bedrock:InvokeModel', model('amazon.titan-text-express-v1')],
    ['bedrock-runtime', role('tenant-bank'), 'bedrock:InvokeModel', model(PROFILE.slice(3), 'eu-west-1')],
    ['bedrock-runtime', role('tenant-bank'), 'bedrock:CallWithBearerToken', '*'],
    ['bedrock-runtime', role('tenant-bank'), 'bedrock:CreateModelInvocationJob', model('amazon.nova-lite-v1:0')],
    [
      'logs',
      role('execution'),
      'logs:PutLogEvents',
      arn('logs', 'log-group:/loot:log-stream:a', OTHER),
      { owner: OTHER },
    ],
    ['logs', role('gateway'), 'logs:PutLogEvents', arn('logs', 'log-group:/sallyport-prod/gateway:log-stream:task/a')],
  ];

  it.each(titled(foreign))('refuse: $title', async ({ row }) => {
    expect(await through(row)).toBe(false);
  });

  it('take no key that is used through a service, and of record keys those that were published', () => {
    expect(JSON.stringify(policies['kms'])).not.toContain('ViaService');
    expect(JSON.stringify(policies['kms'])).toMatch(/"kms:Decrypt","kms:GenerateDataKey"/);
  });

  it('are asked for a call at an access point and for the one at its bucket', async () => {
    const point = arn('s3', 'accesspoint/sallyport-prod-log');
    const byPoint = endpointPolicies(network(base.replace('bucket: acme-log', `bucket: "${point}"`)));
    for (const resource of [`${point}/object/journal/a`, `arn:aws:s3:::sallyport-prod-log-${ACCOUNT}/journal/a`]) {
      const call = { principal: role('gateway'), action: 's3:PutObject', resource, context: owned };
      expect(await letsThrough(byPoint['s3'] ?? {}, call)).toBe(true);
    }
  });

  it('let roles of tenants at requests and replies of workflows, and at items, where they are to have them', async () => {
    const more = `workflow:
  bucket: sallyport-prod-workflow
  region: ${REGION}
  stateMachines: [{ arn: "${arn('states', 'stateMachine:sallyport-prod-claims')}", tenant: bank, principal: teller }]
`;
    const by = async (of: string, { action, resource }: Pick<Call, 'action' | 'resource'>) => {
      const policy = endpointPolicies(network(of))[action.split(':')[0] ?? ''] ?? {};
      return letsThrough(policy, { principal: role('tenant-bank'), action, resource, context: owned });
    };
    const put = { action: 's3:PutObject', resource: 'arn:aws:s3:::sallyport-prod-workflow/requests/bank/1' };
    const states = { action: 's3:PutObject', resource: 'arn:aws:s3:::sallyport-prod-workflow/states/1' };
    const read = { action: 'dynamodb:GetItem', resource: arn('dynamodb', 'table/sallyport-state') };
    const text = `${base}  tenants: { exchanges: true, readsState: true }\n${more}`;
    expect([await by(text, put), await by(text, states), await by(text, read)]).toEqual([true, false, true]);
    expect([await by(`${base}${more}`, put), await by(`${base}${more}`, read)]).toEqual([false, false]);
  });

  it('let the gateway itself at models where there are no roles', async () => {
    const plain = base.replace(/, roles: \{.*?\} \}/, '').replace(/, role: \{.*?\}/, '');
    const own = endpointPolicies(network(plain));
    expect(Object.keys(own)).not.toContain('sts');
    const call = {
      principal: role('gateway'),
      action: 'bedrock:InvokeModel',
      resource: model('amazon.nova-lite-v1:0'),
    };
    expect(await letsThrough(own['bedrock-runtime'] ?? {}, call)).toBe(true);
  });
});

describe('the network’s stack', () => {
  it('publishes what other stacks are to know', () => {
    const names = Object.values(
      shapeOf<Record<string, { Properties: { Name: string; Type: string } }>>(
        template.findResources('AWS::SSM::Parameter'),
      ),
    ).map(({ Properties: { Name, Type } }) => `${Name} ${Type}`);
    expect(names).toEqual(
      expect.arrayContaining([
        '/sallyport/prod/network/vpc String',
        '/sallyport/prod/network/subnets StringList',
        '/sallyport/prod/network/security-groups/functions String',
        '/sallyport/prod/network/endpoints/bedrock-runtime String',
      ]),
    );
  });

  it('answers the name that callers in it use', () => {
    template.hasResourceProperties('AWS::Route53Resolver::FirewallDomainList', {
      Domains: Match.arrayWith(['genai.example']),
    });
  });

  it('tells of what does not lead anywhere, and what its endpoints cost', () => {
    expect(outOfReach(settingsOf())).toEqual([]);
    const elsewhere = settingsOf(
      base.replace(`bucket: acme-vault, region: ${REGION}`, 'bucket: acme-vault, region: eu-west-1'),
    );
    expect(outOfReach(elsewhere)).toEqual([`sink vault is in eu-west-1: endpoints of ${REGION} do not lead there`]);
    const total = networkCosts(settingsOf()).reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
    expect(Math.round(total * 100) / 100).toBe(175.2);
  });
});

describe('the gateway’s role', () => {
  const made = Template.fromStack(new GatewayStack(app(), settingsOf()));
  const [{ Properties }] = Object.values(
    shapeOf<Record<string, { Properties: { Policies: readonly { PolicyDocument: unknown }[] } }>>(
      made.findResources('AWS::IAM::Role'),
    ),
  ) as [{ Properties: { Policies: readonly { PolicyDocument: unknown }[] } }];
  const identity = Properties.Policies.map(({ PolicyDocument }) => PolicyDocument);

  it.each([
    ['dynamodb:PutItem', arn('dynamodb', 'table/sallyport-journal'), true],
    ['dynamodb:Scan', arn('dynamodb', 'table/sallyport-state'), false],
    ['s3:PutObject', `${log}/journal/a/1`, true],
    ['s3:PutObject', `${log}/tile/0/0`, false],
    ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:sallyport/roles-a1b2c3'), true],
    ['secretsmanager:GetSecretValue', arn('secretsmanager', 'secret:other-a1b2c3'), false],
    ['ssm:GetParameter', arn('ssm', 'parameter/sallyport/prod/tenants/bank/role'), true],
    ['sts:AssumeRole', role('tenant-bank'), true],
    ['sts:AssumeRole', `arn:aws:iam::${ACCOUNT}:role/admin`, false],
    ['bedrock:InvokeModel', model('amazon.nova-lite-v1:0'), false],
  ])('may %s of %s: %s', async (action, resource, expected) => {
    const context = action.startsWith('sts') ? {} : owned;
    const outcome = await decide(
      { principal: role('gateway'), action, resource, context },
      { identity, resource: trusting(action) },
    );
    expect(outcome === 'Allowed').toBe(expected);
  });
});

/** A role is assumed where it trusts, too: as a tenant's does, and here every one. */
function trusting(action: string): unknown {
  if (!action.startsWith('sts:')) return undefined;
  const Principal = { AWS: `arn:aws:iam::${ACCOUNT}:root` };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: action }] };
}

describe('the gateway’s stacks', () => {
  it('give it a role that trusts tasks alone where there is no function, and the digest is asked for', () => {
    const settings = settingsOf();
    const made = Template.fromStack(new GatewayStack(app(), settings));
    made.hasResourceProperties('AWS::IAM::Role', { RoleName: 'sallyport-prod-gateway' });
    made.resourceCountIs('AWS::ECR::Repository', 1);
    const { service } = settings.deploy;
    if (service === undefined) throw new Error('no service');
    const served = Template.fromStack(new ServiceStack(app(), settings, service));
    served.hasParameter('ImageDigest', { AllowedPattern: 'sha256:[0-9a-f]{64}' });
    served.hasResourceProperties('AWS::ECS::TaskDefinition', { Family: 'sallyport-prod-gateway' });
  });
});
