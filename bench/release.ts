import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { progress } from './bed.ts';

const root = resolve(import.meta.dirname, '..');

/** Where the compiled release lies. */
const releaseDirectory = resolve(root, 'dist');

let isBuilt = false;

/**
 * Compiles what is published, once a run, and gives its folder: the other gateways run compiled, and the compiler that
 * strips types from sources takes memory of its own.
 */
export function buildRelease(): string {
  if (isBuilt) return releaseDirectory;
  progress('compiling the release');
  const compiler = resolve(root, 'node_modules/typescript/bin/tsc');
  const args = [compiler, '-p', resolve(root, 'tsconfig.build.json')];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  if (status !== 0) throw new Error(`the release does not compile:\n${stdout}${stderr}`);
  isBuilt = true;
  return releaseDirectory;
}
