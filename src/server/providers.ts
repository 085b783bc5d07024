import { type Config, resolveSecret } from '../config/index.ts';
import type { Provider } from '../core/index.ts';
import { createBedrock, createSimulator } from '../providers/index.ts';

/** The providers of a configuration by name. Rejects where a secret it refers to cannot be had. */
export async function createProviders({ providers, limits }: Config): Promise<ReadonlyMap<string, Provider>> {
  const entries = await Promise.all(
    providers.map(async (entry) => {
      if (entry.kind === 'simulator') return [entry.name, createSimulator({ name: entry.name })] as const;
      const { name, region, endpoint, credentials } = entry;
      const keys = credentials && {
        accessKeyId: await resolveSecret(credentials.accessKeyId),
        secretAccessKey: await resolveSecret(credentials.secretAccessKey),
      };
      const provider = createBedrock({
        name,
        region,
        requestTimeoutMs: limits.upstreamTimeoutMs,
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(keys === undefined ? {} : { credentials: keys }),
      });
      return [name, provider] as const;
    }),
  );
  return new Map(entries);
}
