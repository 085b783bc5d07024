import { readFile } from 'node:fs/promises';
import { type Config, ConfigError, type ProviderConfig, resolveSecret, type SecretRef } from '../config/index.ts';
import type { Provider } from '../core/index.ts';
import { createCheckedLookup, createOpenAICompatible, createSimulator, loadBedrock } from '../providers/index.ts';

/** The providers of a configuration by name. Rejects with a `ConfigError` where a secret it refers to cannot be had. */
export async function createProviders({ providers, limits }: Config): Promise<ReadonlyMap<string, Provider>> {
  const entries = await Promise.all(
    providers.map(async (entry) => [entry.name, await createProvider(entry, limits.upstreamTimeoutMs)] as const),
  );
  return new Map(entries);
}

async function createProvider(entry: ProviderConfig, requestTimeoutMs: number): Promise<Provider> {
  switch (entry.kind) {
    case 'simulator':
      return createSimulator({ name: entry.name });
    case 'openai-compatible': {
      const { name, baseUrl, apiKey, allowPrivate } = entry;
      const key = apiKey === undefined ? {} : { apiKey: await resolve(apiKey) };
      return configured(() => createOpenAICompatible({ name, baseUrl, allowPrivate, requestTimeoutMs, ...key }));
    }
    case 'bedrock':
      return createBedrockProvider(entry, requestTimeoutMs);
    default:
      return entry satisfies never;
  }
}

/** What a provider refuses of its options is the operator's to put right; its message holds no secret. */
function configured<Made>(create: () => Made): Made {
  try {
    return create();
  } catch (cause) {
    if (cause instanceof RangeError) throw new ConfigError([cause.message], { cause });
    throw cause;
  }
}

type BedrockConfig = Extract<ProviderConfig, { kind: 'bedrock' }>;

async function createBedrockProvider(entry: BedrockConfig, requestTimeoutMs: number): Promise<Provider> {
  const { name, region, endpoint, credentials, maxAttempts, retryBudget, allowPrivate } = entry;
  const url = new URL(endpoint ?? `https://bedrock-runtime.${region}.amazonaws.com`);
  const keys = credentials && {
    accessKeyId: await resolve(credentials.accessKeyId),
    secretAccessKey: await resolve(credentials.secretAccessKey),
    ...(credentials.sessionToken === undefined ? {} : { sessionToken: await resolve(credentials.sessionToken) }),
  };
  const options = {
    name,
    region,
    maxAttempts,
    retryBudget,
    requestTimeoutMs,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(keys === undefined ? {} : { credentials: keys }),
  };
  return loadBedrock({ ...options, lookup: configured(() => createCheckedLookup({ url, allowPrivate })) });
}

function resolve(ref: SecretRef): Promise<string> {
  return resolveSecret(ref, { env: process.env, readFile: (path) => readFile(path, 'utf8') });
}
