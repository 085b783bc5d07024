import { type AuthorizerOptions, createAuthorizer, PolicyError } from '../../../src/access/index.ts';
import { type Config, ConfigError, type ProviderConfig, type TenantConfig } from '../../../src/config/index.ts';
import { createSessionPolicy, SESSION_POLICY_LENGTH } from '../../../src/providers/index.ts';
import type { TenantModel } from '../tenants/model-statements.ts';

export type BedrockConfig = Extract<ProviderConfig, { kind: 'bedrock' }>;

/** A tenant's models of one provider, in the Region where they are called for it. */
export interface CalledModels {
  readonly tenant: TenantConfig;
  readonly provider: BedrockConfig;
  readonly region: string;
  readonly models: readonly TenantModel[];
}

const ACTIONS = ['InvokeModel', 'InvokeModelWithResponseStream', 'CountTokens'] as const;

/**
 * Which models each tenant is called for, by the policies of Cedar: the same that the gateway makes its session policies
 * from, so that IAM permits what Cedar may permit and no more. Throws a `ConfigError` where a session policy is too long.
 */
export function readCalledModels(config: Config): readonly CalledModels[] {
  const { policies, tenants, models } = config;
  const authorizer = authorizerOf({ policies, tenants, models });
  const called = config.providers
    .filter((provider): provider is BedrockConfig => provider.kind === 'bedrock' && provider.roles !== undefined)
    .flatMap((provider) =>
      tenants.map((tenant) => ({
        tenant,
        provider,
        region: tenant.region ?? provider.region,
        models: models.filter(
          ({ id: model, provider: of }) =>
            of === provider.name &&
            tenant.principals.some(({ name: principal }) =>
              ACTIONS.some(
                (action) => authorizer.decide({ caller: { tenant: tenant.name, principal }, action, model }).allowed,
              ),
            ),
        ),
      })),
    );
  const problems = called
    .filter(hasLongPolicy)
    .map(
      ({ tenant, provider }) =>
        `provider ${provider.name}: the session policy of tenant ${tenant.name} is over ${SESSION_POLICY_LENGTH} characters: ` +
        'let it use fewer models, or leave them to its role with `sessionPolicy: false`',
    );
  if (problems.length > 0) throw new ConfigError(problems);
  return called;
}

function authorizerOf(options: AuthorizerOptions) {
  try {
    return createAuthorizer(options);
  } catch (error) {
    throw error instanceof PolicyError ? new ConfigError(error.problems, { cause: error }) : error;
  }
}

function hasLongPolicy({ provider, region, models }: CalledModels): boolean {
  if (provider.roles?.sessionPolicy !== true) return false;
  return createSessionPolicy({ region, account: '0'.repeat(12), models }).length > SESSION_POLICY_LENGTH;
}
