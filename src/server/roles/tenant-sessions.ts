import { type Config, ConfigError, type ProviderConfig, type SecretRef, toSessionName } from '../../config/index.ts';
import type { Authorizer, InvokingAction } from '../../core/index.ts';
import { createSessionPolicy, SESSION_POLICY_LENGTH } from '../../providers/index.ts';

export type BedrockConfig = Extract<ProviderConfig, { kind: 'bedrock' }>;

/** What a tenant's calls of a provider are made under. */
export interface TenantSession {
  readonly tenant: string;
  /** Where the role's ARN is. */
  readonly role: SecretRef;
  /** The account that it must be of; any unless given. */
  readonly account: string | undefined;
  readonly region: string;
  readonly sessionName: string;
  /** Session tags. */
  readonly tags: Readonly<Record<string, string>>;
  /** Models that a policy lets some principal of the tenant use. */
  readonly models: readonly string[];
  /** What the session may do at most, in the account of its role; undefined where the role alone says so. */
  policy(account: string): string | undefined;
}

const ACTIONS: readonly InvokingAction[] = ['InvokeModel', 'InvokeModelWithResponseStream', 'CountTokens'];
const ANY_ACCOUNT = '0'.repeat(12);

/** The sessions of a provider by tenant; none where it has no `roles`. Throws a `ConfigError` where a policy is too long. */
export function toTenantSessions(
  config: Config,
  entry: BedrockConfig,
  authorizer: Authorizer,
): readonly TenantSession[] {
  const { roles } = entry;
  if (roles === undefined) return [];
  const sessions = config.tenants.flatMap((tenant) => {
    const role = roles.mode === 'pool' ? roles.role : tenant.role;
    // The configuration is refused without it.
    if (role === undefined) return [];
    const region = tenant.region ?? entry.region;
    const models = usableModels(config, tenant, authorizer).filter(({ provider }) => provider === entry.name);
    return [
      {
        tenant: tenant.name,
        role,
        account: tenant.account,
        region,
        sessionName: toSessionName(config.environment, tenant.name),
        tags: { tenant: tenant.name, environment: config.environment },
        models: models.map(({ id }) => id),
        policy: (account: string) =>
          roles.sessionPolicy ? createSessionPolicy({ region, account, models }) : undefined,
      },
    ];
  });
  const problems = sessions.flatMap(({ tenant, policy }) => {
    const { length } = policy(ANY_ACCOUNT) ?? '';
    if (length <= SESSION_POLICY_LENGTH) return [];
    return [
      `provider ${entry.name}: the session policy of tenant ${tenant} has ${length} characters, and AWS takes ` +
        `${SESSION_POLICY_LENGTH}: let it use fewer models, or leave them to its role with \`sessionPolicy: false\``,
    ];
  });
  if (problems.length > 0) throw new ConfigError(problems);
  return sessions;
}

/** Models that a policy permits a principal of the tenant to use, as far as is decided before a prompt is looked at. */
function usableModels(
  { models }: Config,
  { name: tenant, principals }: Config['tenants'][number],
  authorizer: Authorizer,
) {
  return models.filter(({ id: model }) =>
    principals.some(({ name: principal }) =>
      ACTIONS.some((action) => authorizer.decide({ caller: { tenant, principal }, action, model }).allowed),
    ),
  );
}
