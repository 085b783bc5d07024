import type { Config } from '../../../src/config/index.ts';

/** Names or ARNs of what a configuration refers to in AWS. */
export interface SecretReferences {
  readonly secrets: readonly string[];
  readonly parameters: readonly string[];
}

/** Every secret and parameter that the gateway reads, wherever in its configuration it is named. */
export function readSecretReferences({ deploy: _, ...config }: Config): SecretReferences {
  const [secrets, parameters] = [new Set<string>(), new Set<string>()];
  visit(config, (key, id) => (key === 'ssm' ? parameters : secrets).add(id));
  return { secrets: [...secrets].sort(), parameters: [...parameters].sort() };
}

function visit(value: unknown, told: (key: 'ssm' | 'secretsManager', id: string) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, entry] of Object.entries(value)) {
    if ((key === 'ssm' || key === 'secretsManager') && typeof entry === 'string') {
      // Endpoints of the services have the same names, and are URLs.
      if (!entry.includes('://')) told(key, entry);
    } else visit(entry, told);
  }
}
