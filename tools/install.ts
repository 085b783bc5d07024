import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Something that cannot be had on this machine; the message says why. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

export interface Installation {
  readonly name: string;
  /** Files that the commands read, copied into the directory before. */
  readonly files?: readonly string[];
  /**
   * Commands in order, each with its arguments; run in a directory that gets another name afterwards, so that what
   * they make must not know where it lies.
   */
  readonly commands: readonly (readonly [string, ...string[]])[];
  /** More of the environment, given that directory. */
  readonly environment?: (directory: string) => Readonly<Record<string, string>>;
}

/** Long enough for a Python proxy with all its parts over a slow line, in milliseconds. */
const LIMIT_MS = 600_000;

/**
 * Installs something once under `home` and gives its directory; with other commands or files it is another one. What
 * the commands complain of goes to standard error. Rejects with `Unavailable` where one fails, as it does without a
 * registry.
 *
 * Any number of processes may ask at once, and any may be killed: a directory has its name only when it is whole.
 */
export async function install(home: string, installation: Installation): Promise<string> {
  const { name, files = [], commands, environment } = installation;
  const directory = join(home, `${name}-${fingerprint(installation)}`);
  if (existsSync(directory)) return directory;
  mkdirSync(home, { recursive: true });
  const draft = mkdtempSync(`${directory}.`);
  try {
    for (const file of files) copyFileSync(file, join(draft, basename(file)));
    for (const command of commands) {
      process.stderr.write(`installing ${name}: ${command.join(' ')}\n`);
      await run(command, draft, environment?.(draft) ?? {});
    }
    renameSync(draft, directory);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    // Somebody else was done first: a directory that is not empty cannot be renamed over.
    if (!existsSync(directory)) throw error;
  }
  return directory;
}

/** Whether it is there already, as `install` would make it. */
export function isInstalled(home: string, installation: Installation): boolean {
  return existsSync(join(home, `${installation.name}-${fingerprint(installation)}`));
}

/** What an installation depends on. */
function fingerprint({ commands, files = [] }: Installation): string {
  const hash = createHash('sha256').update(JSON.stringify([process.platform, process.arch, commands]));
  for (const file of files) hash.update(readFileSync(file));
  return hash.digest('hex').slice(0, 16);
}

function run(
  [command, ...args]: readonly [string, ...string[]],
  cwd: string,
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: LIMIT_MS,
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    process.stderr.write(chunk);
    complaints += chunk;
  });
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => reject(new Unavailable(`installing it failed: \`${command}\` ${reason}`));
    child.on('error', (error) => fail(error.message));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else fail(`ended with ${code ?? signal}: ${toReason(complaints)}`);
    });
  });
}

/** The line that says most: the first that speaks of an error, else the last. */
function toReason(complaints: string): string {
  const lines = complaints.trim().split('\n');
  return (lines.find((line) => /error/i.test(line)) ?? lines.at(-1) ?? '').slice(0, 200);
}
