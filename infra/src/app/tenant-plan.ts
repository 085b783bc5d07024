import { Aws } from 'aws-cdk-lib';
import { type Config, ConfigError, type SecretRef, toSessionName } from '../../../src/config/index.ts';
import { isWithoutGuardrail } from '../tenants/model-statements.ts';
import type { TenantScope } from '../tenants/tenant-role.ts';
import type { Settings } from './settings.ts';
import { type BedrockConfig, type CalledModels, readCalledModels } from './tenant-models.ts';

/** A role that is to be, and the parameter that its ARN is at. */
export interface PlannedRole {
  readonly roleName: string;
  readonly mode: 'role' | 'pool';
  /** The account it is made in; undefined for the gateway's own. */
  readonly account: string | undefined;
  /** Name of the parameter in the gateway's account. */
  readonly parameter: string;
  readonly tenants: readonly TenantScope[];
  readonly externalId: string | undefined;
  /** A role beside it that embeds and ranks alone, where its tenant may call models for that. A pool has none. */
  readonly embedding: PlannedEmbedding | undefined;
}

export interface PlannedEmbedding {
  readonly roleName: string;
  readonly parameter: string;
  readonly scopes: TenantScope['scopes'];
}

/**
 * Roles of a stack: with the one for embedding of each, the boundary and what is beside them they stay below the 500 resources
 * that CloudFormation takes.
 */
export const ROLES_IN_A_STACK = 200;
/** Roles of an account that are not tenants': the gateway's, the sequencer's, of people and of the deployment. */
const OTHER_ROLES = 50;
const LONGEST_NAME = 64;

/**
 * The roles that a configuration needs: one for each tenant, one for all of a provider in mode `pool`, none where no provider
 * has `roles`. Throws a `ConfigError` where a role could not be named, published, or be one of too many.
 */
export function planRoles(settings: Settings): readonly PlannedRole[] {
  const { config, deploy, prefix } = settings;
  const called = readCalledModels(config);
  const problems: string[] = [];
  const own = called.filter(({ provider }) => provider.roles?.mode !== 'pool');
  const single = config.tenants.flatMap((tenant) => {
    const parts = own.filter((one) => one.tenant.name === tenant.name);
    const [first] = parts;
    if (first === undefined) return [];
    const scope = toScope(config, parts, tenant.account);
    const externalIds = new Set(parts.map(({ provider }) => JSON.stringify(provider.roles?.externalId)));
    if (externalIds.size > 1)
      problems.push(`tenant ${tenant.name}: providers name different external ids for its one role`);
    return [
      {
        roleName: `${prefix}-tenant-${tenant.name}`,
        mode: 'role' as const,
        account: tenant.account === deploy.account ? undefined : tenant.account,
        parameter: toParameter(tenant.role, `tenants ${tenant.name}: \`role\``, problems),
        tenants: [scope],
        externalId: toExternalId(first.provider, problems),
        embedding: toEmbedding(settings, scope),
      },
    ];
  });
  const pools = [...new Set(called.map(({ provider }) => provider))]
    .filter(({ roles }) => roles?.mode === 'pool')
    .map((provider) => ({
      roleName: `${prefix}-pool-${provider.name}`,
      mode: 'pool' as const,
      account: undefined,
      parameter: toParameter(provider.roles?.role, `provider ${provider.name}: \`roles.role\``, problems),
      tenants: called.filter((one) => one.provider === provider).map((one) => toScope(config, [one], undefined)),
      externalId: toExternalId(provider, problems),
      embedding: undefined,
    }));
  const roles = [...single, ...pools];
  problems.push(...findProblems(roles, deploy.tenants.maxRoles));
  if (deploy.account === undefined && roles.some(({ account }) => account !== undefined)) {
    problems.push('`deploy.account` is missing: roles in accounts of tenants let nobody but that account assume them');
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return roles;
}

/** Every role that is made, with where it is published: those that embed stand behind those they are beside. */
export function withEmbeddings(
  roles: readonly PlannedRole[],
): readonly Pick<PlannedRole, 'roleName' | 'account' | 'parameter'>[] {
  return roles.flatMap((role) => (role.embedding === undefined ? [role] : [role, { ...role, ...role.embedding }]));
}

function toEmbedding({ config, prefix }: Settings, { name, scopes }: TenantScope): PlannedEmbedding | undefined {
  const plain = scopes
    .map((scope) => ({ ...scope, models: scope.models.filter(isWithoutGuardrail) }))
    .filter(({ models }) => models.length > 0);
  if (plain.length === 0) return undefined;
  const parameter = `/sallyport/${config.environment}/tenants/${name}/embedding-role`;
  return { roleName: `${prefix}-embeds-${name}`, parameter, scopes: plain };
}

function findProblems(planned: readonly PlannedRole[], maxRoles: number): readonly string[] {
  const roles = withEmbeddings(planned);
  const accounts = Map.groupBy(roles, ({ account }) => account);
  const parameters = Map.groupBy(roles, ({ parameter }) => parameter);
  return [
    ...roles
      .filter(({ roleName }) => roleName.length > LONGEST_NAME)
      .map(
        ({ roleName }) => `role ${roleName}: its name has ${roleName.length} characters, and IAM takes ${LONGEST_NAME}`,
      ),
    ...[...accounts]
      .filter(([, of]) => of.length > maxRoles - OTHER_ROLES)
      .map(
        ([account, of]) =>
          `${of.length} tenants' roles in account ${account ?? 'of the gateway'}, and \`deploy.tenants.maxRoles\` leaves ` +
          `${maxRoles - OTHER_ROLES}: raise AWS's quota and the number, or use mode \`pool\``,
      ),
    ...[...parameters]
      .filter(([name, of]) => name !== '' && of.length > 1)
      .map(([name, of]) => `${of.map(({ roleName }) => roleName).join(', ')} would all be published at ${name}`),
  ];
}

function toScope(config: Config, parts: readonly CalledModels[], account: string | undefined): TenantScope {
  const name = String(parts[0]?.tenant.name);
  return {
    name,
    sessionName: toSessionName(config.environment, name),
    scopes: parts
      .filter(({ models }) => models.length > 0)
      .map(({ region, models }) => ({ region, account: account ?? Aws.ACCOUNT_ID, models })),
  };
}

/** Where a role's ARN is read by the gateway is where it is published: a parameter by its name. */
function toParameter(ref: SecretRef | undefined, what: string, problems: string[]): string {
  if (ref !== undefined && 'ssm' in ref && ref.ssm.startsWith('/')) return ref.ssm;
  problems.push(
    `${what} is not \`{ ssm: /NAME }\`: the ARN of a role that is made is published in a parameter of that name`,
  );
  return '';
}

/**
 * A reference that CloudFormation resolves when the role is made. An external id is no secret (IAM, "The confused deputy
 * problem"): it stands in the trust policy.
 */
function toExternalId({ name, roles }: BedrockConfig, problems: string[]): string | undefined {
  const ref = roles?.externalId;
  if (ref === undefined) return undefined;
  if ('secretsManager' in ref) {
    const field = ref.field === undefined ? '' : `:SecretString:${ref.field}`;
    return `{{resolve:secretsmanager:${ref.secretsManager}${field}}}`;
  }
  if ('ssm' in ref) return `{{resolve:ssm:${ref.ssm}}}`;
  problems.push(
    `provider ${name}: \`roles.externalId\` is where CloudFormation does not read: \`secretsManager\` or \`ssm\``,
  );
  return undefined;
}
