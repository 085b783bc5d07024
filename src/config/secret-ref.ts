import { z } from 'zod';
import { ConfigError } from './config-error.ts';
import { reasonOf } from './text-file.ts';

const SECRET_ID = /^[A-Za-z0-9/_+=.@:-]{1,2048}$/;
const PARAMETER = /^[A-Za-z0-9/_.:-]{1,2048}$/;

/** What stands in an environment variable. */
export const environmentRef = z.strictObject({
  env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, { error: 'expected the name of an environment variable' })
    .describe('Name of the environment variable that holds it.'),
});

/** What stands in a parameter of AWS Systems Manager. */
export const parameterRef = z.strictObject({
  ssm: z
    .string()
    .regex(PARAMETER, { error: 'expected the name or the ARN of a parameter' })
    .describe('Name or ARN of the parameter in AWS Systems Manager.'),
});

/** Where a secret is to be found. The configuration never holds one itself. */
export const secretRef = z
  .union(
    [
      environmentRef,
      z.strictObject({
        file: z.string().min(1).describe('Path of the file that holds the secret, from the directory of this file.'),
      }),
      z.strictObject({
        secretsManager: z
          .string()
          .regex(SECRET_ID, { error: 'expected the name or the ARN of a secret' })
          .describe('Name or ARN of the secret in AWS Secrets Manager.'),
        field: z.string().min(1).max(256).optional().describe('Which field of it, where it is a JSON object.'),
      }),
      parameterRef,
    ],
    { error: 'expected `{ env: NAME }`, `{ file: PATH }`, `{ secretsManager: ID }` or `{ ssm: NAME }`' },
  )
  .describe('A reference to a secret: `{ env: NAME }`, `{ file: PATH }`, `{ secretsManager: ID }` or `{ ssm: NAME }`.');

export type SecretRef = Readonly<z.output<typeof secretRef>>;

/** A reference to a secret that AWS keeps. */
export type ManagedSecretRef = Exclude<SecretRef, { env: string } | { file: string }>;

/** Where secrets are read from. `readFile` rejects for a file that cannot be read. */
export interface SecretSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => Promise<string>;
  /** Reads what AWS keeps. Rejects with a `ConfigError` where it cannot be had. */
  readonly readManaged: (ref: ManagedSecretRef) => Promise<string>;
}

/**
 * The secret a reference stands for; a file's without the line break at its end.
 *
 * Rejects with a `ConfigError` that names the reference, never the secret, where it is missing or empty.
 */
export async function resolveSecret(ref: SecretRef, { env, readFile, readManaged }: SecretSources): Promise<string> {
  if ('env' in ref) return nonEmpty(env[ref.env], `the environment variable \`${ref.env}\` is not set`);
  if (!('file' in ref)) return readManaged(ref);
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
