// Runs in a thread that is shut off like the one that reads documents, or is not, and tells what it gets through to.
import { parentPort, workerData } from 'node:worker_threads';

if (workerData !== 'open') await import('./worker.ts');

const attempts: Readonly<Record<string, () => unknown>> = {
  disk: async () => (await import('node:fs')).readFileSync('/etc/hostname'),
  network: async () => new (await import('node:net')).Socket(),
  process: async () => (await import('node:child_process')).spawnSync('true'),
  file: () => import(`${'./zip'}.ts`),
  fetch: () => {
    if (typeof globalThis.fetch !== 'function') throw new Error('none');
  },
  builtin: () => process.getBuiltinModule('node:fs'),
  evaluation: () => Reflect.get(globalThis, 'eval')('1'),
  construction: () => Reflect.get(globalThis, 'Function')('return 1'),
  constructor: () => Reflect.get(async () => undefined, 'constructor')('return 1'),
  environment: () => {
    if (Object.keys(process.env).length === 0) throw new Error('none');
  },
};

parentPort?.on('message', async () => {
  const through: string[] = [];
  const stopped: string[] = [];
  for (const [name, attempt] of Object.entries(attempts)) {
    try {
      await attempt();
      through.push(name);
    } catch (error) {
      stopped.push(`${name}: ${error instanceof Error ? error.name : error}`);
    }
  }
  parentPort?.postMessage({ through, stopped });
});

parentPort?.postMessage('listening');
