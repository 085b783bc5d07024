import { Aws, type Stack } from 'aws-cdk-lib';
import type { DataClass } from '../keys/data-classes.data.ts';
import { type EndpointCost, endpointCosts } from '../network/endpoint-cost.ts';
import { awsBucketGrants, type EndpointGrant } from '../network/endpoint-policy.ts';
import type { NetworkFeature } from '../network/endpoint-services.data.ts';
import { toArn, toRoleArn } from '../policy/arns.ts';
import type { Statement } from '../policy/policy-document.ts';
import { type LogRole, logStatements, toAccessPointArn } from '../record/log-access.ts';
import { recordStatements } from '../record/record-access.ts';
import { modelStatements, type TenantModel } from '../tenants/model-statements.ts';
import { dataStatements } from '../tenants/tenant-statements.ts';
import { setsBedrock, settingGrants } from './account-place.ts';
import { gatewayStatements, ownModelStatements, toBucketArn, toGatewayPlaces } from './gateway-access.ts';
import { readPublished } from './published.ts';
import { readSecretReferences } from './secret-references.ts';
import type { Settings } from './settings.ts';
import { toTenantData } from './tenant-data.ts';
import { planRoles, withEmbeddings } from './tenant-plan.ts';

/** What a configuration makes the network reach. */
export function toFeatures(settings: Settings): readonly NetworkFeature[] {
  const { config, deploy } = settings;
  const bedrock = config.providers.flatMap((provider) => (provider.kind === 'bedrock' ? [provider] : []));
  const { secrets, parameters } = readSecretReferences(config);
  const enabled: Readonly<Partial<Record<NetworkFeature, boolean>>> = {
    record: true,
    bedrock: bedrock.length > 0,
    roles: bedrock.some(({ roles }) => roles !== undefined),
    kms: config.keys.kms !== undefined,
    secrets: secrets.length > 0,
    parameters: parameters.length > 0 || setsBedrock(settings),
    bedrockSettings: setsBedrock(settings),
    baseline: deploy.baseline !== undefined,
    container: deploy.service !== undefined,
    restApi: deploy.function !== undefined,
    workflow: config.workflow !== undefined,
    vectors: deploy.vectors !== undefined,
  };
  return (Object.keys(enabled) as NetworkFeature[]).filter((feature) => enabled[feature]);
}

/** What the endpoints of a configuration cost in a month, idle. */
export function networkCosts(settings: Settings): readonly EndpointCost[] {
  const { zones, adopt } = settings.deploy.network;
  return endpointCosts({
    features: toFeatures(settings),
    fips: settings.config.fips,
    existing: adopt?.endpoints ?? [],
    zones: adopt?.subnets.length ?? zones,
  });
}

/** What cannot be reached from a network of one Region, or by no FIPS endpoint: told at synthesis. */
export function outOfReach({ config }: Settings): readonly string[] {
  const sinks = config.audit.sinks.flatMap((sink) => (sink.kind === 's3' ? [sink] : []));
  const providers = config.providers.flatMap((provider) => (provider.kind === 'bedrock' ? [provider] : []));
  const places = [
    ...sinks.map(({ name, region }) => ({ what: `sink ${name}`, region })),
    ...providers.map(({ name, region }) => ({ what: `provider ${name}`, region })),
    ...config.tenants.map(({ name, region = config.region }) => ({ what: `tenant ${name}`, region })),
  ];
  return places
    .filter(({ region }) => region !== config.region)
    .map(({ what, region }) => `${what} is in ${region}: endpoints of ${config.region} do not lead there`);
}

/** Roles beyond which an endpoint's policy names them by a pattern. */
const NAMED_ROLES = 50;

/** By service: the calls of each role of the environment, from the very statements of the roles themselves. */
export function toGrants(stack: Stack, settings: Settings): Readonly<Record<string, readonly EndpointGrant[]>> {
  const { config, deploy, prefix } = settings;
  const role = (name: string) => toRoleArn(`${prefix}-${name}`);
  // Keys that are used through a service are not called here; the record's is.
  const keyOf = (of: DataClass) => (of === 'record' ? readPublished(stack, settings, 'keys/record') : of);
  const places = toGatewayPlaces(settings, keyOf);
  const gateways = [role('gateway'), ...(config.workflow === undefined ? [] : [role('workflow-*')])];
  const statements = [
    ...by(
      gateways,
      gatewayStatements(settings, keyOf).filter(({ Sid }) => !isOwnModel(settings, Sid)),
    ),
    ...by([role('sequencer')], recordStatements('sequencer', places)),
    ...(deploy.record.operators.length === 0 ? [] : by([role('operator')], recordStatements('operator', places))),
    ...(['auditor', 'security'] as const).flatMap((name) => by([role(name)], readersOf(name, settings))),
    ...behindAccessPoint(settings, role),
    ...by(gateways, ownModelStatements(settings)),
    ...modelsOfTenants(settings),
    ...workflowStatements(settings, role),
    ...dataOfTenants(settings, role),
  ];
  const calls = Object.groupBy(
    statements.filter(({ statement }) => !isThroughService(statement)),
    ({ statement }) => SERVICES[statement.Action[0]?.split(':')[0] ?? ''] ?? '',
  );
  const own = Object.entries(calls).map(([service, of = []]) => [service, of.map((one) => toGrant(one, settings))]);
  const execution = executionGrants(settings, [role('execution')]);
  const grants: Record<string, readonly EndpointGrant[]> = { ...Object.fromEntries(own), ...execution };
  const layers = deploy.service === undefined ? [] : (['imageLayers'] as const);
  for (const [service, setting] of Object.entries(settingGrants(settings))) {
    grants[service] = [...(grants[service] ?? []), ...setting];
  }
  grants['s3'] = [...(grants['s3'] ?? []), ...awsBucketGrants(config.region, [...layers, 'customResourceResponses'])];
  return grants;
}

/** What of a service's actions begin with, and the service whose endpoint they go through. */
const SERVICES: Readonly<Record<string, string>> = {
  bedrock: 'bedrock-runtime',
  dynamodb: 'dynamodb',
  kms: 'kms',
  s3: 's3',
  secretsmanager: 'secretsmanager',
  ssm: 'ssm',
  states: 'states',
  sts: 'sts',
};

interface RoleCall {
  readonly principals: readonly string[];
  readonly statement: Statement;
}

function by(principals: readonly string[], statements: readonly Statement[]): readonly RoleCall[] {
  return statements.map((statement) => ({ principals, statement }));
}

function isOwnModel(settings: Settings, sid: string): boolean {
  return ownModelStatements(settings).some(({ Sid }) => Sid === sid);
}

/** Another service calls the key with what it was given: not through an endpoint. */
function isThroughService({ Condition = {} }: Statement): boolean {
  return Object.values(Condition).some((keys) => 'kms:ViaService' in keys);
}

function toGrant({ principals, statement }: RoleCall, { deploy }: Settings): EndpointGrant {
  const { Action, Resource, Condition } = statement;
  const service = Action[0]?.split(':')[0];
  // Which key wraps for whom the key's own policy and the role's say.
  const conditions = service === 'bedrock' && Condition !== undefined ? { conditions: Condition } : {};
  const owners = [Aws.ACCOUNT_ID, ...(deploy.vault === undefined ? [] : [deploy.vault.account])];
  return {
    actions: Action,
    resources: [Resource].flat(),
    principals,
    ...(service === 's3' ? { resourceAccounts: owners } : {}),
    ...conditions,
  };
}

function readersOf(name: 'auditor' | 'security', { deploy, store, prefix }: Settings): readonly Statement[] {
  const people = { auditor: deploy.record.auditors, security: deploy.record.security }[name];
  if (people.length === 0) return [];
  return logStatements(name, {
    arn: toAccessPointArn(`${prefix}-log-${name}`),
    prefix: store.prefix,
    removesSegments: false,
  });
}

/** A call at an access point is one at its bucket too, and an endpoint's policy is asked for both. */
function behindAccessPoint(settings: Settings, role: (name: string) => string): readonly RoleCall[] {
  const { config, deploy, store, prefix } = settings;
  const { operators, auditors, security, bucket = `${prefix}-log-${Aws.ACCOUNT_ID}` } = deploy.record;
  const byPoint = store.bucket.startsWith('arn:');
  const place = {
    arn: toBucketArn(byPoint ? bucket : store.bucket),
    prefix: store.prefix,
    removesSegments: config.tenants.some(({ retentionDays }) => retentionDays !== undefined),
  };
  const at = (name: string, as: LogRole) => by([role(name)], logStatements(as, place));
  return [
    ...(byPoint ? [...at('gateway', 'gateway'), ...at('sequencer', 'sequencer')] : []),
    ...(byPoint && operators.length > 0 ? at('operator', 'gateway') : []),
    ...(auditors.length > 0 ? at('auditor', 'auditor') : []),
    ...(security.length > 0 ? at('security', 'security') : []),
  ];
}

/**
 * Every model of any tenant, for every role of tenants in an account: which tenant calls which, the roles and sessions say.
 */
function modelsOfTenants(settings: Settings): readonly RoleCall[] {
  const { config, deploy, prefix } = settings;
  const roles = planRoles(settings);
  return [...Map.groupBy(roles, ({ account }) => account)].flatMap(([account, of]) => {
    const scopes = of.flatMap(({ tenants }) => tenants.flatMap((tenant) => tenant.scopes));
    const models = new Map<string, TenantModel>(
      scopes
        .filter(({ region }) => region === config.region)
        .flatMap((scope) => scope.models.map((model) => [model.id, model] as const)),
    );
    const owner = account ?? Aws.ACCOUNT_ID;
    const names =
      of.length > NAMED_ROLES
        ? ['tenant-*', 'pool-*', 'embeds-*'].map((name) => `${prefix}-${name}`)
        : withEmbeddings(of).map(({ roleName }) => roleName);
    const principals = names.map((name) => toRoleArn(name, account));
    const invoked = modelStatements({ region: config.region, account: owner, models: [...models.values()] });
    const guardrails: readonly Statement[] =
      deploy.tenants.guardrail === undefined
        ? []
        : [allow('ApplyGuardrails', ['bedrock:ApplyGuardrail'], toArn('bedrock', 'guardrail/*'))];
    return by(principals, [...invoked, ...guardrails]);
  });
}

/** Items and objects of tenants, where their roles have them: whose, the roles say. Keys are used through services. */
function dataOfTenants(settings: Settings, role: (name: string) => string): readonly RoleCall[] {
  return by(
    ['tenant-*', 'pool-*'].map(role),
    dataStatements(
      '*',
      toTenantData(settings, (of) => of),
    ),
  );
}

/** Steps of a workflow and the application on their own bucket, and who starts executions. */
function workflowStatements({ config }: Settings, role: (name: string) => string): readonly RoleCall[] {
  const { workflow } = config;
  if (workflow === undefined) return [];
  const objects = `${toBucketArn(workflow.bucket)}${workflow.bucket.startsWith('arn:') ? '/object' : ''}/${workflow.prefix}`;
  const machines = workflow.stateMachines.map(({ arn }) => arn);
  const executions = machines.map((arn) => `${arn.replace(':stateMachine:', ':execution:')}:*`);
  return [
    ...by([role('workflow-*')], [allow('Exchange', ['s3:GetObject', 's3:PutObject'], `${objects}*`)]),
    ...by(
      [role('application')],
      [
        allow('PutRequests', ['s3:PutObject'], `${objects}requests/*`),
        allow('GetReplies', ['s3:GetObject'], `${objects}replies/*`),
        allow('StartExecutions', ['states:StartExecution'], machines),
        allow('FollowExecutions', ['states:DescribeExecution'], executions),
      ],
    ),
  ];
}

/** What ECS calls for a task, and callers of the REST API, who show the gateway's credentials and none of AWS. */
function executionGrants(
  { deploy, prefix }: Settings,
  principals: readonly string[],
): Readonly<Record<string, readonly EndpointGrant[]>> {
  const pulling = ['ecr:BatchCheckLayerAvailability', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchGetImage'];
  const repository = toArn('ecr', `repository/${prefix}/gateway`);
  const pull = [
    { actions: ['ecr:GetAuthorizationToken'], resources: ['*'], principals },
    { actions: pulling, resources: [repository], principals },
  ];
  return {
    ...(deploy.service === undefined
      ? {}
      : {
          'ecr.api': pull,
          'ecr.dkr': pull,
          logs: [
            {
              actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
              resources: [toArn('logs', `log-group:/${prefix}/gateway:*`)],
              principals,
            },
          ],
        }),
    ...(deploy.function === undefined
      ? {}
      : {
          'execute-api': [
            { actions: ['execute-api:Invoke'], resources: [toArn('execute-api', '*')], principals: 'anyone' },
          ],
        }),
  };
}

function allow(Sid: string, Action: readonly string[], Resource: string | readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Action, Resource };
}
