import { readFile } from 'node:fs/promises';
import { type Config, type ProviderConfig, resolveSecret, type SecretRef } from '../config/index.ts';
import type { Provider } from '../core/index.ts';
import { createBedrock, createSimulator } from '../providers/index.ts';

/** The providers of a configuration by name. Rejects with a `ConfigError` where a secret it refers to cannot be had. */
export async function createProviders({ providers, limits }: Config): Promise<ReadonlyMap<string, Provider>> {
  const entries = await Promise.all(
    providers.map(async (entry) => [entry.name, await createProvider(entry, limits.upstreamTimeoutMs)] as const),
  );
  return new Map(entries);
}

async function createProvider(entry: ProviderConfig, requestTimeoutMs: number): Promise<Provider> {
  if (entry.kind === 'simulator') return createSimulator({ name: entry.name });
  const { name, region, endpoint, credentials, maxAttempts } = entry;
  const keys = credentials && {
    accessKeyId: await resolve(credentials.accessKeyId),
    secretAccessKey: await resolve(credentials.secretAccessKey),
    ...(credentials.sessionToken === undefined ? {} : { sessionToken: await resolve(credentials.sessionToken) }),
  };
  return createBedrock({
    name,
    region,
    maxAttempts,
    requestTimeoutMs,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(keys === undefined ? {} : { credentials: keys }),
  });
}

function resolve(ref: SecretRef): Promise<string> {
  return resolveSecret(ref, { env: process.env, readFile: (path) => readFile(path, 'utf8') });
}
