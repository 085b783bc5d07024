import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Unavailable } from './targets/target.ts';

/** Where everything lies that is installed on demand. Git does not see it. */
export const installed = join(import.meta.dirname, '.installed');

export interface Installation {
  readonly name: string;
  /** Commands in order, each with its arguments; run in the installation's own directory. */
  readonly commands: readonly (readonly [string, ...string[]])[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Long enough for a Python proxy with all its parts over a slow line, in milliseconds. */
const LIMIT_MS = 600_000;

/**
 * Installs something once and gives its directory; changed commands install it anew. What the commands print goes to
 * standard error. Throws `Unavailable` where one fails, as it does without a registry.
 */
export function install({ name, commands, environment }: Installation): string {
  const directory = join(installed, name);
  const stamp = join(directory, '.installed-by');
  const wanted = JSON.stringify(commands);
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return directory;
  mkdirSync(directory, { recursive: true });
  for (const [command, ...args] of commands) {
    process.stderr.write(`bench: installing ${name}: ${command} ${args.join(' ')}\n`);
    const { status, error } = spawnSync(command, args, {
      cwd: directory,
      stdio: ['ignore', 'ignore', process.stderr.fd],
      timeout: LIMIT_MS,
      env: { ...process.env, ...environment },
    });
    if (status !== 0) {
      throw new Unavailable(`installing it failed: \`${command}\` ${error?.message ?? `ended with ${status}`}`);
    }
  }
  writeFileSync(stamp, wanted);
  return directory;
}
