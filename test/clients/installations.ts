import { homedir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { type Installation, install, Unavailable } from '../../tools/install.ts';
import type { Home } from './clients.data.ts';

/** Outside the tree, so that a fresh clone finds what another has installed. */
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sallyport', 'clients');

// Both give up at once where no registry answers: the tests are to skip then, not to wait.
const python: Installation = {
  name: 'python',
  files: [join(import.meta.dirname, 'requirements.txt')],
  commands: [
    ['python3', '-m', 'venv', '.'],
    [
      ...(['bin/python', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries=1'] as const),
      ...['--timeout=20', '--only-binary=:all:', '--require-hashes', '--requirement=requirements.txt'],
    ],
  ],
};

const javascript: Installation = {
  name: 'javascript',
  files: ['package.json', 'package-lock.json'].map((name) => join(import.meta.dirname, name)),
  commands: [
    [
      ...(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'] as const),
      ...['--fetch-retries=1', '--fetch-timeout=20000'],
    ],
  ],
};

/** Installs the client libraries once, before the tests of the project, and tells them where or why not. */
export default async function setup(project: TestProject): Promise<void> {
  const [pythonHome, javascriptHome] = await Promise.all([toHome(python), toHome(javascript)]);
  project.provide('clients', { python: pythonHome, javascript: javascriptHome });
}

async function toHome(installation: Installation): Promise<Home> {
  try {
    return { kind: 'installed', directory: await install(cache, installation) };
  } catch (error) {
    // A gate that passes because nothing was there to run is none.
    if (!(error instanceof Unavailable) || process.env.CI !== undefined) throw error;
    process.stderr.write(`clients: the tests with ${installation.name} clients are skipped: ${error.message}\n`);
    return { kind: 'unavailable', reason: error.message };
  }
}
