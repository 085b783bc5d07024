import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import type { Architecture } from './elf.ts';
import type { ArchivedFile } from './zip.ts';

const root = resolve(import.meta.dirname, '../..');

interface Manifest {
  readonly [field: string]: unknown;
}

/** Compiles the release into `directory/dist`, without declarations and maps, and nothing left from before. */
export function compileRelease(directory: string): void {
  const options = ['--declaration', 'false', '--sourceMap', 'false', '--outDir', join(directory, 'dist')];
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  execFileSync(process.execPath, [compiler, '-p', join(root, 'tsconfig.build.json'), ...options], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  cpSync(join(root, 'src/audit/offline'), join(directory, 'dist/audit/offline'), { recursive: true });
}

/** Puts the locked production dependencies for a machine beside the release. No script of theirs is run. */
export function installDependencies(directory: string, architecture: Architecture): void {
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'package.json'), `${JSON.stringify(toManifest(), null, 2)}\n`);
  copyFileSync(join(root, 'package-lock.json'), join(directory, 'package-lock.json'));
  runNpm(directory, [
    ...['install', '--no-save', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'],
    ...['--os=linux', `--cpu=${architecture}`, '--libc=glibc', '--loglevel=error'],
  ]);
  for (const file of ['LICENSE', 'NOTICE']) copyFileSync(join(root, file), join(directory, file));
}

/** Runs npm in a directory and gives what it prints. */
export function runNpm(directory: string, args: readonly string[]): string {
  const npm = process.env.npm_execpath;
  const [command, before] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  return execFileSync(command, [...before, ...args], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
    shell: process.platform === 'win32',
  });
}

/** The manifest of what is shipped: no scripts and no workspaces, which npm would act on. */
function toManifest(): Manifest {
  const all: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const kept = ['name', 'version', 'description', 'license', 'type', 'engines', 'dependencies'];
  return Object.fromEntries(kept.map((field) => [field, all[field]]));
}

/** The files of a directory that `isWanted` takes by their path, with `/`. Links are left out. */
export function readFiles(directory: string, isWanted: (path: string) => boolean): readonly ArchivedFile[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true }).flatMap((entry) => {
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(directory.length + 1).replaceAll(sep, '/');
    return entry.isFile() && isWanted(path) ? [{ path, bytes: readFileSync(file) }] : [];
  });
}
