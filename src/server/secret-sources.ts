import { readFile } from 'node:fs/promises';
import { createKeptValue, createManagedSecrets, ManagedSecretError } from '../aws/index.ts';
import { type Config, ConfigError, resolveSecret, type SecretRef, type SecretSources } from '../config/index.ts';
import type { Clock } from '../core/index.ts';

/** How secrets are read, as plain data that goes to any thread. */
export type SecretSettings = Pick<Config, 'region' | 'fips' | 'aws'>;

/** Where this process reads secrets from: its environment, files, and AWS. */
export function createSecretSources({ region, fips, aws }: SecretSettings): SecretSources {
  const readManaged = createManagedSecrets({ region, fips, endpoints: aws.endpoints });
  return {
    env: process.env,
    readFile: (path) => readFile(path, 'utf8'),
    async readManaged(ref) {
      try {
        return await readManaged(ref);
      } catch (cause) {
        throw cause instanceof ManagedSecretError ? new ConfigError([cause.message], { cause }) : cause;
      }
    },
  };
}

const MINUTE_MS = 60_000;
const AHEAD_MS = 4 * MINUTE_MS;
const FRESH_MS = 5 * MINUTE_MS;
const HOLD_OFF_MS = 10_000;

export interface LiveSecretOptions {
  readonly sources: SecretSources;
  readonly clock: Clock;
  /** Milliseconds that a secret may be old where it cannot be read anew; an hour unless given. */
  readonly staleMs?: number;
  /** Is told of each reading that failed. */
  readonly onFault?: ((cause: unknown) => void) | undefined;
}

/**
 * Secrets that may be changed while the gateway runs, read together. Asking gives what they were at most five minutes
 * ago, and the same object as long as none has changed.
 */
export function createLiveSecrets<const Refs extends Readonly<Record<string, SecretRef | undefined>>>(
  refs: Refs,
  { sources, clock, staleMs = 60 * MINUTE_MS, onFault }: LiveSecretOptions,
): () => Promise<LiveSecrets<Refs>> {
  let last: LiveSecrets<Refs> | undefined;
  return createKeptValue({
    async load() {
      const named = Object.entries(refs).flatMap(([name, ref]) => (ref === undefined ? [] : [{ name, ref }]));
      const entries = await Promise.all(
        named.map(async ({ name, ref }) => [name, await resolveSecret(ref, sources)] as const),
      );
      const secrets = Object.fromEntries(entries) as LiveSecrets<Refs>;
      if (last === undefined || entries.some(([name, value]) => Reflect.get(last ?? {}, name) !== value)) {
        last = secrets;
      }
      return last;
    },
    until: (_, at) => ({ aheadAt: at + AHEAD_MS, dueAt: at + FRESH_MS, endAt: at + Math.max(FRESH_MS, staleMs) }),
    clock,
    holdOffMs: HOLD_OFF_MS,
    onFault,
  });
}

type LiveSecrets<Refs> = {
  readonly [Name in keyof Refs]: string;
};
