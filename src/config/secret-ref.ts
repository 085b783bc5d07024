import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { reasonOf } from './text-file.ts';

/** Where a secret is to be found. The configuration never holds one itself. */
export const secretRef = z
  .union(
    [
      z.strictObject({
        env: z
          .string()
          .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, { error: 'expected the name of an environment variable' })
          .describe('Name of the environment variable that holds the secret.'),
      }),
      z.strictObject({
        file: z.string().min(1).describe('Path of the file that holds the secret, from the directory of this file.'),
      }),
    ],
    { error: 'expected `{ env: NAME }` or `{ file: PATH }`' },
  )
  .describe('A reference to a secret: `{ env: NAME }` or `{ file: PATH }`.');

export type SecretRef = Readonly<z.output<typeof secretRef>>;

/** Where secrets are read from. `readFile` rejects for a file that cannot be read. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => Promise<string>;
}

/**
 * The secret a reference stands for; a file's without the line break at its end.
 *
 * Rejects with a `ConfigError` that names the reference, never the secret, where it is missing or empty.
 */
export async function resolveSecret(ref: SecretRef, { env, readFile }: SecretSources): Promise<string> {
  if ('env' in ref) return nonEmpty(env[ref.env], `the environment variable \`${ref.env}\` is not set`);
  let content: string;
  try {
    content = await readFile(ref.file);
  } catch (cause) {
    throw new ConfigError([`the secret file ${ref.file} ${reasonOf(cause)}`], { cause });
  }
  return nonEmpty(content.replace(/\r?\n$/, ''), `the secret file ${ref.file} is empty`);
}

function nonEmpty(secret: string | undefined, problem: string): string {
  if (secret === undefined || secret === '') throw new ConfigError([problem]);
  return secret;
}
