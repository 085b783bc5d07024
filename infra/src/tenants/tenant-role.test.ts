import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { parseModelId } from '../../../src/core/index.ts';
import { createSessionPolicy } from '../../../src/providers/index.ts';
import { Keys } from '../keys/keys.ts';
import { ACCOUNT, propertyOf, resourcesOf } from '../policy/resolved.suite.ts';
import { decide, type Outcome } from '../policy/simulation.suite.ts';
import { deniedActions } from './denied.data.ts';
import { EmbeddingRole } from './embedding-role.ts';
import type { TenantModel } from './model-statements.ts';
import { TenantBoundary } from './tenant-boundary.ts';
import { TenantRole, type TenantRoleProps } from './tenant-role.ts';
import { trustPolicy } from './trust.ts';

const HOME = 'eu-central-1';
const VPC = 'vpc-0a1b2c3d4e5f60718';
const GUARDRAIL = { arn: `arn:aws:bedrock:${HOME}:${ACCOUNT}:guardrail/gr1`, version: '3' };
const STATE = `arn:aws:dynamodb:${HOME}:${ACCOUNT}:table/sallyport-state`;
const KEYS = {
  state: `arn:aws:kms:${HOME}:${ACCOUNT}:key/state`,
  workflow: `arn:aws:kms:${HOME}:${ACCOUNT}:key/workflow`,
};
const EXCHANGE = { bucket: 'arn:aws:s3:::exchange', key: KEYS.workflow, prefix: 'prod/' };

const model = (id: string): TenantModel => ({ id: parseModelId(id), providerModelId: id });
const NOVA = model('amazon.nova-lite-v1:0');
const CLAUDE = model('eu.anthropic.claude-sonnet-4-5-20250929-v1:0');
const WORLD = model('global.anthropic.claude-sonnet-4-5-20250929-v1:0');
const TITAN = model('amazon.titan-embed-text-v2:0');
const MODELS: Readonly<Record<string, readonly TenantModel[]>> = { acme: [NOVA, CLAUDE, TITAN], bank: [WORLD] };

const foundation = (id: string, region = HOME) => `arn:aws:bedrock:${region}::foundation-model/${id}`;
const profile = (id: string) => `arn:aws:bedrock:${HOME}:${ACCOUNT}:inference-profile/${id}`;

interface Reach {
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** What a call of each model meets in AWS, each of which has to be let through (Bedrock, "Prerequisites for inference profiles"). */
const MEETS: readonly { readonly model: TenantModel; readonly reaches: readonly Reach[] }[] = [
  { model: NOVA, reaches: [{ resource: foundation(NOVA.id) }] },
  { model: TITAN, reaches: [{ resource: foundation(TITAN.id) }] },
  {
    model: CLAUDE,
    reaches: [
      { resource: profile(CLAUDE.id) },
      ...['eu-central-1', 'eu-west-1', 'eu-north-1'].map((region) => ({
        resource: foundation('anthropic.claude-sonnet-4-5-20250929-v1:0', region),
        context: { 'bedrock:InferenceProfileArn': profile(CLAUDE.id) },
      })),
    ],
  },
  {
    model: WORLD,
    reaches: [
      { resource: profile(WORLD.id) },
      {
        resource: foundation('anthropic.claude-sonnet-4-5-20250929-v1:0'),
        context: { 'bedrock:InferenceProfileArn': profile(WORLD.id) },
      },
      {
        resource: foundation('anthropic.claude-sonnet-4-5-20250929-v1:0', ''),
        context: { 'bedrock:InferenceProfileArn': profile(WORLD.id), 'aws:RequestedRegion': 'unspecified' },
      },
    ],
  },
];

const scopeOf = (tenant: string) => ({
  name: tenant,
  sessionName: `sallyport.prod.${tenant}`,
  scopes: [{ region: HOME, account: ACCOUNT, models: MODELS[tenant] ?? [], guardrail: GUARDRAIL }],
});

function synthesize(props: Partial<TenantRoleProps> = {}) {
  const stack = new Stack(new App(), 'Tenants');
  const data = { state: { table: STATE, key: KEYS.state }, exchange: EXCHANGE };
  const { policy } = new TenantBoundary(stack, 'Boundary', { prefix: 'sallyport-prod', ...data });
  new TenantRole(stack, 'Role', {
    ...data,
    roleName: 'sallyport-prod-tenant-acme',
    mode: 'role',
    tenants: [scopeOf('acme')],
    environment: 'prod',
    gateways: [`arn:aws:iam::${ACCOUNT}:role/sallyport-prod-gateway`],
    gatewayAccount: ACCOUNT,
    externalId: 'x-42',
    boundary: policy,
    vpc: VPC,
    ...props,
  });
  const template = Template.fromStack(stack);
  const [role] = Object.values(resourcesOf(template, 'AWS::IAM::Role'));
  const [boundary] = Object.values(resourcesOf(template, 'AWS::IAM::ManagedPolicy'));
  const { Policies, AssumeRolePolicyDocument } = role?.Properties ?? {};
  const [{ PolicyDocument: identity } = {}] = Policies as readonly { PolicyDocument?: unknown }[];
  return { identity, boundary: boundary?.Properties['PolicyDocument'], trust: AssumeRolePolicyDocument };
}

interface Asked {
  readonly action?: string;
  readonly tenant?: string;
  readonly environment?: string;
  readonly guardrail?: string;
  readonly vpc?: string;
  /** Whether the session has no policy of its own, as with `sessionPolicy: false`. */
  readonly isSessionOpen?: boolean;
}

const PINNED = `${GUARDRAIL.arn}:3`;

/** What becomes of a call that meets these, under the role, its boundary and the session's policy of a tenant. */
async function outcomeOf(
  reaches: readonly Reach[],
  { action = 'InvokeModel', tenant = 'acme', environment = 'prod', guardrail, vpc = VPC, isSessionOpen = false }: Asked,
  { identity, boundary }: ReturnType<typeof synthesize>,
): Promise<Outcome> {
  const session = JSON.parse(createSessionPolicy({ region: HOME, account: ACCOUNT, models: MODELS[tenant] ?? [] }));
  const outcomes = await Promise.all(
    reaches.map(({ resource, context = {} }) =>
      decide(
        {
          principal: `arn:aws:sts::${ACCOUNT}:assumed-role/sallyport-prod-tenant-acme/sallyport.prod.${tenant}`,
          action: `bedrock:${action}`,
          resource,
          context: {
            'aws:PrincipalTag/tenant': tenant,
            'aws:PrincipalTag/environment': environment,
            'aws:SourceVpc': vpc,
            'aws:ViaAWSService': 'false',
            ...(guardrail === undefined ? {} : { 'bedrock:GuardrailIdentifier': guardrail }),
            ...context,
          },
        },
        { identity: [identity], boundary, ...(isSessionOpen ? {} : { session }) },
      ),
    ),
  );
  return outcomes.find((outcome) => outcome !== 'Allowed') ?? 'Allowed';
}

describe('the role of a tenant', () => {
  const role = synthesize();

  it('permits, with the session policy, its own models under the guardrail’s version from the network, and nothing else', async () => {
    for (const action of ['InvokeModel', 'InvokeModelWithResponseStream']) {
      for (const { model: called, reaches } of MEETS) {
        const isOwn = MODELS['acme']?.includes(called) === true;
        const isPlain = called === TITAN;
        for (const guardrail of [undefined, PINNED, `${GUARDRAIL.arn}:2`, GUARDRAIL.arn]) {
          for (const vpc of [VPC, 'vpc-0f0f0f0f0f0f0f0f0']) {
            const may = isOwn && (isPlain || guardrail === PINNED) && vpc === VPC;
            const outcome = await outcomeOf(reaches, { action, vpc, ...(guardrail && { guardrail }) }, role);
            expect([action, called.id, guardrail, vpc, outcome === 'Allowed']).toEqual([
              action,
              called.id,
              guardrail,
              vpc,
              may,
            ]);
          }
        }
      }
    }
  });

  it('is of no use to a session of another tenant or environment', async () => {
    const [{ reaches = [] } = {}] = MEETS;
    expect(await outcomeOf(reaches, { guardrail: PINNED }, role)).toBe('Allowed');
    expect(await outcomeOf(reaches, { guardrail: PINNED, tenant: 'bank' }, role)).toBe('ExplicitlyDenied');
    expect(await outcomeOf(reaches, { guardrail: PINNED, environment: 'dev' }, role)).toBe('ExplicitlyDenied');
  });

  it('lets a model behind a profile be called through the profile alone, and in its geography alone', async () => {
    const behind = { 'bedrock:InferenceProfileArn': profile(CLAUDE.id) };
    const claude = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
    const asked = { guardrail: PINNED };
    expect(await outcomeOf([{ resource: foundation(claude) }], asked, role)).toBe('ImplicitlyDenied');
    expect(await outcomeOf([{ resource: foundation(claude, 'us-east-1'), context: behind }], asked, role)).toBe(
      'ImplicitlyDenied',
    );
  });

  it('permits nothing that the session policy does not, and nothing less', async () => {
    for (const { model: called, reaches } of MEETS) {
      const outcomes = await Promise.all(
        [false, true].map((isSessionOpen) => outcomeOf(reaches, { guardrail: PINNED, isSessionOpen }, role)),
      );
      expect([called.id, outcomes[0] === 'Allowed']).toEqual([called.id, outcomes[1] === 'Allowed']);
    }
  });

  it('counts tokens, which knows no guardrail', async () => {
    expect(await outcomeOf([{ resource: foundation(NOVA.id) }], { action: 'CountTokens' }, role)).toBe('Allowed');
  });

  it('denies every way around, whatever else permits it', async () => {
    const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    const asked: readonly (readonly [string, string])[] = [
      ['bedrock:CreateModelInvocationJob', `arn:aws:bedrock:${HOME}:${ACCOUNT}:model-invocation-job/j`],
      ['bedrock:InvokeAgent', `arn:aws:bedrock:${HOME}:${ACCOUNT}:agent-alias/A/B`],
      ['bedrock:RetrieveAndGenerate', '*'],
      ['bedrock:CallWithBearerToken', '*'],
      ['bedrock-mantle:CreateInference', `arn:aws:bedrock-mantle:${HOME}:${ACCOUNT}:project/p`],
      ['bedrock-mantle:CallWithBearerToken', '*'],
    ];
    const context = { 'aws:PrincipalTag/tenant': 'acme', 'aws:PrincipalTag/environment': 'prod', 'aws:SourceVpc': VPC };
    for (const [action, resource] of asked) {
      const call = { principal: `arn:aws:iam::${ACCOUNT}:role/sallyport-prod-tenant-acme`, action, resource, context };
      expect([action, await decide(call, { identity: [everything, role.identity] })]).toEqual([
        action,
        'ExplicitlyDenied',
      ]);
      expect([action, await decide(call, { identity: [everything], boundary: role.boundary })]).toEqual([
        action,
        'ExplicitlyDenied',
      ]);
    }
    expect(deniedActions).toEqual(expect.arrayContaining(['bedrock-websearch:*', 'bedrock:InvokeTool']));
    expect(JSON.stringify(role.identity)).toContain(':system-tool/*');
  });

  it('is bounded: whoever writes more into it gives it neither administration nor data of others', async () => {
    const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
    const call = (action: string, resource: string) =>
      decide(
        { principal: `arn:aws:iam::${ACCOUNT}:role/sallyport-prod-tenant-acme`, action, resource },
        { identity: [everything], boundary: role.boundary },
      );
    expect(await call('iam:CreateUser', `arn:aws:iam::${ACCOUNT}:user/x`)).toBe('ImplicitlyDenied');
    expect(await call('dynamodb:PutItem', STATE)).toBe('ImplicitlyDenied');
    expect(await call('s3:GetObject', 'arn:aws:s3:::bank-log/prod/checkpoint')).toBe('ImplicitlyDenied');
  });

  it('reads its own items by their keys, and neither scans nor reads without one', async () => {
    const call = (action: string, keys: readonly string[] | undefined, identity = role.identity) =>
      decide(
        {
          principal: `arn:aws:iam::${ACCOUNT}:role/sallyport-prod-tenant-acme`,
          action: `dynamodb:${action}`,
          resource: STATE,
          context: keys === undefined ? {} : { 'dynamodb:LeadingKeys': keys },
        },
        { identity: [identity], boundary: role.boundary },
      );
    expect(await call('Query', ['t#acme#3'])).toBe('Allowed');
    expect(await call('GetItem', ['t#bank#3'])).toBe('ImplicitlyDenied');
    expect(await call('GetItem', ['t#acme#3', 't#bank#3'])).toBe('ImplicitlyDenied');
    expect(await call('Query', undefined)).toBe('ImplicitlyDenied');
    expect(await call('Scan', undefined)).toBe('ImplicitlyDenied');
    expect(await call('PutItem', ['t#acme#3'])).toBe('ImplicitlyDenied');
  });

  it('puts down requests and reads replies below its own prefix', async () => {
    const call = (action: string, key: string) =>
      decide(
        {
          principal: `arn:aws:iam::${ACCOUNT}:role/sallyport-prod-tenant-acme`,
          action: `s3:${action}`,
          resource: `${EXCHANGE.bucket}/${key}`,
        },
        { identity: [role.identity], boundary: role.boundary },
      );
    expect(await call('PutObject', 'prod/requests/acme/1.json')).toBe('Allowed');
    expect(await call('GetObject', 'prod/replies/acme/1/reply.json')).toBe('Allowed');
    expect(await call('PutObject', 'prod/requests/bank/1.json')).toBe('ImplicitlyDenied');
    expect(await call('GetObject', 'prod/replies/bank/1/reply.json')).toBe('ImplicitlyDenied');
    expect(await call('GetObject', 'prod/states/1')).toBe('ImplicitlyDenied');
  });

  it('opens what is under the keys of both by their services alone, as the keys let it', async () => {
    const keys = new Stack(new App(), 'Keys');
    new Keys(keys, 'Keys', { prefix: 'sallyport-prod', parameters: '/sallyport/prod', tenants: ['acme'] });
    const made = Object.values(resourcesOf(Template.fromStack(keys), 'AWS::KMS::Key', { region: HOME }));
    const principal = `arn:aws:iam::${ACCOUNT}:role/sallyport-prod-tenant-acme`;
    const call = (action: string, of: 'state' | 'workflow', service: string) =>
      decide(
        {
          principal,
          action: `kms:${action}`,
          resource: KEYS[of],
          context: {
            'aws:PrincipalArn': principal,
            'kms:CallerAccount': ACCOUNT,
            ...(service === '' ? {} : { 'kms:ViaService': `${service}.${HOME}.amazonaws.com` }),
          },
        },
        {
          identity: [role.identity],
          boundary: role.boundary,
          resource: made.find(({ Properties }) => JSON.stringify(Properties['Tags']).includes(`"${of}"`))?.Properties[
            'KeyPolicy'
          ],
        },
      );
    expect(await call('GenerateDataKey', 'workflow', 's3')).toBe('Allowed');
    expect(await call('Decrypt', 'workflow', 's3')).toBe('Allowed');
    expect(await call('Decrypt', 'state', 'dynamodb')).toBe('Allowed');
    expect(await call('GenerateDataKey', 'state', 'dynamodb')).toBe('ImplicitlyDenied');
    expect(await call('Decrypt', 'workflow', 'states')).toBe('ImplicitlyDenied');
    expect(await call('Decrypt', 'workflow', '')).toBe('ImplicitlyDenied');
    expect(await call('Decrypt', 'state', 's3')).toBe('ImplicitlyDenied');
  });

  it('is refused where IAM would take its name or policy for too long, and with tenants that are not one', () => {
    expect(() => synthesize({ roleName: 'x'.repeat(65) })).toThrow('its name has 65 characters, and IAM takes 64');
    const models = Array.from({ length: 200 }, (_, at) => model(`amazon.nova-of-some-length-${at}-v1:0`));
    const scopes = [{ region: HOME, account: ACCOUNT, models }];
    expect(() => synthesize({ tenants: [{ ...scopeOf('acme'), scopes }] })).toThrow(
      /its policy has \d+ characters, and IAM takes 10240/,
    );
    expect(() => synthesize({ tenants: [scopeOf('acme'), scopeOf('bank')] })).toThrow('a role of one tenant is of one');
  });
});

describe('a pool', () => {
  it('tells tenants apart by the tag of their sessions', async () => {
    const pool = synthesize({ mode: 'pool', tenants: [scopeOf('acme'), scopeOf('bank')] });
    for (const { model: called, reaches } of MEETS) {
      for (const tenant of ['acme', 'bank']) {
        for (const isSessionOpen of [false, true]) {
          const may = MODELS[tenant]?.includes(called) === true;
          const outcome = await outcomeOf(reaches, { tenant, guardrail: PINNED, isSessionOpen }, pool);
          expect([tenant, called.id, isSessionOpen, outcome === 'Allowed']).toEqual([
            tenant,
            called.id,
            isSessionOpen,
            may,
          ]);
        }
      }
    }
  });
});

describe('the trust of a role', () => {
  const trust = trustPolicy({
    gateways: [`arn:aws:iam::${ACCOUNT}:role/sallyport-prod-gateway`],
    account: ACCOUNT,
    environment: 'prod',
    tenants: ['acme'],
    sessionNames: ['sallyport.prod.acme'],
    externalId: 'x-42',
  }) as { readonly Statement: readonly { readonly Action: string }[] };
  const assume = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: ['sts:AssumeRole', 'sts:TagSession'], Resource: '*' }],
  };

  function ask(
    action: string,
    changed: Readonly<Record<string, string | readonly string[] | undefined>> = {},
    name = 'sallyport-prod-gateway',
  ) {
    const principal = `arn:aws:iam::${ACCOUNT}:role/${name}`;
    const context = {
      'aws:PrincipalArn': principal,
      'aws:RequestTag/tenant': 'acme',
      'aws:RequestTag/environment': 'prod',
      'aws:TagKeys': ['tenant', 'environment'],
      ...(action === 'AssumeRole' ? { 'sts:ExternalId': 'x-42', 'sts:RoleSessionName': 'sallyport.prod.acme' } : {}),
      ...changed,
    };
    const given = Object.entries(context).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, value] as const],
    );
    return decide(
      {
        principal,
        action: `sts:${action}`,
        resource: `arn:aws:iam::${ACCOUNT}:role/sallyport-prod-tenant-acme`,
        context: Object.fromEntries(given),
      },
      { identity: [assume], resource: trust },
    );
  }

  it('is of the gateway, under the tenant’s tags, its session’s name and the external id', async () => {
    expect(await ask('AssumeRole')).toBe('Allowed');
    expect(await ask('TagSession')).toBe('Allowed');
    for (const changed of [
      { 'sts:ExternalId': 'x-43' },
      { 'sts:ExternalId': undefined },
      { 'aws:RequestTag/tenant': 'bank' },
      { 'aws:RequestTag/environment': 'dev' },
      { 'sts:RoleSessionName': 'sallyport.prod.bank' },
    ]) {
      expect([changed, await ask('AssumeRole', changed)]).toEqual([changed, 'ImplicitlyDenied']);
    }
    expect(await ask('TagSession', { 'aws:RequestTag/tenant': 'bank' })).toBe('ImplicitlyDenied');
    expect(await ask('TagSession', { 'aws:TagKeys': ['tenant', 'environment', 'role'] })).toBe('ImplicitlyDenied');
    expect(await ask('AssumeRole', {}, 'Admin')).toBe('ImplicitlyDenied');
  });
});

describe('a role that embeds', () => {
  const create = (models: readonly TenantModel[]) => {
    const stack = new Stack(new App(), 'Embedding');
    new EmbeddingRole(stack, 'Role', {
      roleName: 'sallyport-prod-embed-acme',
      tenant: 'acme',
      environment: 'prod',
      scopes: [{ region: HOME, account: ACCOUNT, models }],
      trust: { Version: '2012-10-17', Statement: [] },
      boundary: `arn:aws:iam::${ACCOUNT}:policy/boundary`,
    });
    return Template.fromStack(stack);
  };

  it('names exactly the models that embed, and is refused for others', () => {
    const [role] = Object.values(resourcesOf(create([TITAN]), 'AWS::IAM::Role'));
    const [policy] = propertyOf<
      readonly { PolicyDocument: { Statement: readonly { Effect: string; Resource: unknown }[] } }[]
    >(role?.Properties, 'Policies');
    const allowed = policy?.PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow');
    expect(new Set(allowed?.flatMap(({ Resource }) => Resource))).toEqual(new Set([foundation(TITAN.id)]));
    expect(() => create([TITAN, NOVA])).toThrow('amazon.nova-lite-v1:0 takes a guardrail');
  });
});
