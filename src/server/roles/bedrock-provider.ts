import { createRoleAssumer } from '../../aws/index.ts';
import type { Config } from '../../config/index.ts';
import type { Authorizer, Provider } from '../../core/index.ts';
import { type BedrockOptions, createCheckedLookup, loadBedrock } from '../../providers/index.ts';
import { createLiveSecrets, type LiveSecretOptions } from '../secret-sources.ts';
import { createTenantCredentials } from './tenant-credentials.ts';
import { type BedrockConfig, type TenantSession, toTenantSessions } from './tenant-sessions.ts';

export interface BedrockMaking {
  readonly config: Config;
  readonly secrets: LiveSecretOptions;
  /** Asked once what each tenant may use, where it has a role. */
  readonly authorizer: () => Authorizer;
  /** Is told where a role could not be assumed. */
  readonly onFault: (tenant: string, cause: unknown) => void;
}

type Credentials = () => Promise<{
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}>;

/**
 * Makes a Bedrock provider of the configuration. Rejects with a `ConfigError` where its credentials cannot be read; roles
 * are assumed when they are needed. Throws `RangeError` where it names an address that nothing may be called at.
 */
export async function createBedrockProvider(entry: BedrockConfig, making: BedrockMaking): Promise<Provider> {
  const { config, secrets } = making;
  const { name, region, endpoint, maxAttempts, retryBudget, allowPrivate } = entry;
  const url = new URL(endpoint ?? `https://bedrock-runtime.${region}.amazonaws.com`);
  const lookup = createCheckedLookup({ url, allowPrivate });
  const own = entry.credentials && createLiveSecrets(entry.credentials, secrets);
  await own?.();
  const { credentials, close } = entry.roles === undefined ? signedByOwn(own) : signedByRoles(entry, own, making);
  const provider = await loadBedrock({
    name,
    region,
    fips: config.fips,
    maxAttempts,
    retryBudget,
    requestTimeoutMs: config.limits.upstreamTimeoutMs,
    lookup,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  return {
    ...provider,
    async close() {
      close();
      await provider.close();
    },
  };
}

interface Signing {
  readonly credentials: BedrockOptions['credentials'];
  close(): void;
}

function signedByOwn(credentials: Credentials | undefined): Signing {
  return { credentials, close: () => undefined };
}

function signedByRoles(entry: BedrockConfig, own: Credentials | undefined, making: BedrockMaking): Signing {
  const { config, secrets, authorizer, onFault } = making;
  const { roles } = entry;
  const assumer = createRoleAssumer({ endpoint: config.aws.endpoints.sts, fips: config.fips, credentials: own });
  const secretsOf = ({ role }: TenantSession) => createLiveSecrets({ role, externalId: roles?.externalId }, secrets);
  const credentials = createTenantCredentials({
    sessions: toTenantSessions(config, entry, authorizer()),
    secretsOf,
    durationSeconds: roles?.durationSeconds ?? 3_600,
    assumer,
    clock: secrets.clock,
    random: Math.random,
    onFault,
  });
  return { credentials, close: () => assumer.destroy() };
}
