import { type Config, ConfigError, type ProviderConfig } from '../config/index.ts';
import type { Provider } from '../core/index.ts';
import { createSimulator, isBearerToken, loadOpenAICompatible } from '../providers/index.ts';
import { describeCause, type Logger } from '../telemetry/index.ts';
import { type BedrockMaking, createBedrockProvider } from './roles/bedrock-provider.ts';
import { createLiveSecrets, createSecretSources } from './secret-sources.ts';
import { createSetupAuthorizer } from './setup.ts';
import { systemClock } from './system-clock.ts';

/**
 * The providers of a configuration by name. Rejects with a `ConfigError` where a secret it refers to cannot be had. Later
 * they are read anew; that one could not be is logged.
 */
export async function createProviders(config: Config, logger?: Logger): Promise<ReadonlyMap<string, Provider>> {
  const sources = createSecretSources(config);
  const entries = await Promise.all(
    config.providers.map(async (entry) => {
      const { name: provider } = entry;
      const onFault = (cause: unknown) => logger?.warn('secret not read', { provider, cause: describeCause(cause) });
      const making = {
        config,
        secrets: { sources, clock: systemClock, onFault },
        authorizer: () => createSetupAuthorizer({ config }),
        onFault: (tenant: string, cause: unknown) =>
          logger?.warn('role not assumed', { tenant, provider, cause: describeCause(cause) }),
      };
      return [provider, await createProvider(entry, making)] as const;
    }),
  );
  return new Map(entries);
}

async function createProvider(entry: ProviderConfig, making: BedrockMaking): Promise<Provider> {
  switch (entry.kind) {
    case 'simulator':
      return createSimulator({ name: entry.name });
    case 'openai-compatible':
      return createLocalProvider(entry, making);
    case 'bedrock':
      return createBedrockProvider(entry, making).catch(toConfigFault);
    default:
      return entry satisfies never;
  }
}

type LocalConfig = Extract<ProviderConfig, { kind: 'openai-compatible' }>;

async function createLocalProvider(entry: LocalConfig, { config, secrets }: BedrockMaking): Promise<Provider> {
  const { name, baseUrl, allowPrivate, apiKey: ref } = entry;
  const options = { name, baseUrl, allowPrivate, requestTimeoutMs: config.limits.upstreamTimeoutMs };
  if (ref === undefined) return loadOpenAICompatible(options).catch(toConfigFault);
  const read = createLiveSecrets({ apiKey: ref }, secrets);
  if (!isBearerToken((await read()).apiKey)) {
    throw new ConfigError([`the API key of ${name} holds what a header cannot carry`]);
  }
  const apiKey = async () => (await read()).apiKey;
  return loadOpenAICompatible({ ...options, apiKey }).catch(toConfigFault);
}

/** What a provider refuses of its options is the operator's to put right; its message holds no secret. */
function toConfigFault(cause: unknown): never {
  throw cause instanceof RangeError ? new ConfigError([cause.message], { cause }) : cause;
}
