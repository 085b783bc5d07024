import { type App, Aws, CfnParameter as CfnTemplateParameter, Fn, type Stack, Token } from 'aws-cdk-lib';
import { CfnParameter, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { toArn, toRoleArn } from '../policy/arns.ts';
import { EmbeddingRole } from '../tenants/embedding-role.ts';
import type { GuardrailVersion } from '../tenants/model-statements.ts';
import { TenantBoundary } from '../tenants/tenant-boundary.ts';
import { TenantRole } from '../tenants/tenant-role.ts';
import { trustPolicy } from '../tenants/trust.ts';
import { readPublished } from './published.ts';
import { SallyportStack } from './sallyport-stack.ts';
import type { Settings } from './settings.ts';
import { toTenantData } from './tenant-data.ts';
import { type PlannedRole, planRoles, ROLES_IN_A_STACK, withEmbeddings } from './tenant-plan.ts';

/**
 * Stacks of tenants' roles: for each account in which there are any, as many as it takes, and in the gateway's account the
 * parameters that the gateway reads their ARNs at. Throws a `ConfigError` for more roles than fit.
 */
export function createTenantsStacks(app: App, settings: Settings): readonly Stack[] {
  const roles = planRoles(settings);
  const published = inShards(roles).map((some, at) => {
    const part = ['tenants-published', ...(at === 0 ? [] : [String(at + 1)])].join('-');
    return new PublishedStack(app, part, { settings, roles: some });
  });
  const made = [...Map.groupBy(roles, ({ account }) => account)].flatMap(([account, of]) => {
    return inShards(of).map((some, at) => {
      const part = ['tenants', ...(account === undefined ? [] : [account]), ...(at === 0 ? [] : [String(at + 1)])].join(
        '-',
      );
      return new TenantsStack(app, part, { settings, roles: some, account, isFirst: at === 0 });
    });
  });
  return [...made, ...published];
}

function inShards(roles: readonly PlannedRole[]): readonly (readonly PlannedRole[])[] {
  return Array.from({ length: Math.ceil(roles.length / ROLES_IN_A_STACK) }, (_, at) =>
    roles.slice(at * ROLES_IN_A_STACK, (at + 1) * ROLES_IN_A_STACK),
  );
}

/** Parameters of the gateway's account, at the names that the configuration has. */
class PublishedStack extends SallyportStack {
  constructor(app: App, part: string, { settings, roles }: Pick<TenantsStackProps, 'settings' | 'roles'>) {
    super(app, part, { settings, description: 'Sallyport: where the gateway reads the ARNs of roles' });
    for (const { roleName, parameter, account } of withEmbeddings(roles)) {
      new CfnParameter(this, `Parameter-${roleName}`, {
        name: parameter,
        type: 'String',
        value: toRoleArn(roleName, account),
        description: 'ARN of a role that calls are made under',
      });
    }
  }
}

interface TenantsStackProps {
  readonly settings: Settings;
  readonly roles: readonly PlannedRole[];
  readonly account: string | undefined;
  /** Whether it is the first of its account, which makes the boundary of all. */
  readonly isFirst: boolean;
}

class TenantsStack extends SallyportStack {
  constructor(app: App, part: string, { settings, roles, account, isFirst }: TenantsStackProps) {
    const own = account === undefined ? settings : { ...settings, deploy: { ...settings.deploy, account } };
    super(app, part, { settings: own, description: 'Sallyport: roles that calls of tenants are made under' });
    const { config, deploy, prefix } = settings;
    const isElsewhere = account !== undefined;
    const data = isElsewhere ? {} : toTenantData(settings, (of) => readPublished(this, settings, `keys/${of}`));
    const boundaryArn = toArn('iam', `policy/${prefix}-tenant-boundary`, { region: '' });
    const boundary = isFirst ? new TenantBoundary(this, 'Boundary', { prefix, ...data }).policy : boundaryArn;
    // Another account has none of our parameters.
    const vpc = isElsewhere
      ? askFor(this, 'NetworkId', 'Id of the network that the gateway calls from')
      : readPublished(this, settings, 'network/vpc');
    const guardrail = this.#guardrailOf(settings, isElsewhere);
    const common = { environment: config.environment, boundary, vpc };
    const gatewayAccount = isElsewhere ? String(deploy.account) : Aws.ACCOUNT_ID;
    const gateways = ['gateway', 'workflow-*'].map((role) =>
      toRoleArn(`${prefix}-${role}`, isElsewhere ? deploy.account : undefined),
    );
    for (const { roleName, mode, tenants, externalId, embedding } of roles) {
      const assumed = externalId === undefined ? {} : { externalId };
      new TenantRole(this, roleName.slice(prefix.length + 1), {
        ...common,
        ...data,
        ...assumed,
        roleName,
        mode,
        tenants: tenants.map((tenant) => ({
          ...tenant,
          scopes: tenant.scopes.map((scope) => ({ ...scope, ...(guardrail === undefined ? {} : { guardrail }) })),
        })),
        gateways,
        gatewayAccount,
      });
      const [tenant] = tenants;
      if (embedding === undefined || tenant === undefined) continue;
      new EmbeddingRole(this, embedding.roleName.slice(prefix.length + 1), {
        ...common,
        ...embedding,
        tenant: tenant.name,
        trust: trustPolicy({
          ...assumed,
          gateways,
          account: gatewayAccount,
          environment: config.environment,
          tenants: [tenant.name],
          sessionNames: [tenant.sessionName],
        }),
      });
    }
  }

  #guardrailOf({ deploy }: Settings, isElsewhere: boolean): GuardrailVersion | undefined {
    const { guardrail } = deploy.tenants;
    if (guardrail === undefined) return undefined;
    if (typeof guardrail === 'string') return toVersion(guardrail);
    return toVersion(
      isElsewhere
        ? askFor(this, 'Guardrail', 'ARN of the guardrail, a colon and a version')
        : StringParameter.valueForStringParameter(this, guardrail.ssm),
    );
  }
}

/** Parts of an ARN, of which the last has no colon; behind them is the version. */
const ARN_PARTS = 6;

function toVersion(guardrail: string): GuardrailVersion {
  const parts = Token.isUnresolved(guardrail) ? Fn.split(':', guardrail, ARN_PARTS + 1) : guardrail.split(':');
  return { arn: Fn.join(':', parts.slice(0, ARN_PARTS)), version: String(parts[ARN_PARTS]) };
}

function askFor(stack: Stack, id: string, description: string): string {
  return new CfnTemplateParameter(stack, id, { type: 'String', description }).valueAsString;
}
