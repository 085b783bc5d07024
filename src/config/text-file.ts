import { readFileSync, statSync } from 'node:fs';
import { ConfigError } from './config-error.ts';

/** UTF-8 bytes a configuration, or a file of policies, may have. */
export const MAX_BYTES = 1_048_576;

export const TOO_LARGE = 'is larger than 1 MiB';

/** The text of a file. Throws the system's error, or a `ConfigError` for a file that is too large or not UTF-8. */
export function readTextFile(path: string): string {
  const stats = statSync(path);
  if (!stats.isFile()) throw new ConfigError(['is not a regular file']);
  if (stats.size > MAX_BYTES) throw new ConfigError([TOO_LARGE]);
  const bytes = readFileSync(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigError(['is not valid UTF-8'], { cause });
  }
}

/** Why a file could not be used, in words without its content. */
export function reasonOf(cause: unknown): string {
  return cause instanceof ConfigError ? cause.message : `cannot be read (${codeOf(cause)})`;
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
}
