import { once } from 'node:events';
import { join } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { threadOptions } from './reading-worker.ts';

const MIB = 2 ** 20;

interface Reached {
  readonly through: readonly string[];
  readonly stopped: readonly string[];
}

/** What a thread gets through to, and what it is stopped at, of all that it tries. */
async function reached(options: WorkerOptions): Promise<Reached> {
  const thread = new Worker(join(import.meta.dirname, 'locked-thread.suite.ts'), options);
  try {
    const results: Reached[] = [];
    // The worker's own code says that it listens, and answers, too.
    thread.on('message', (message: 'listening' | Partial<Reached>) => {
      if (message === 'listening') thread.postMessage({});
      else if (message.through !== undefined && message.stopped !== undefined) {
        results.push({ through: message.through, stopped: message.stopped });
      }
    });
    for (;;) {
      await once(thread, 'message');
      if (results[0] !== undefined) return results[0];
    }
  } finally {
    await thread.terminate();
  }
}

it('has nothing but the document and its own code', async () => {
  const { through, stopped } = await reached(threadOptions(64 * MIB));
  expect(through).toEqual([]);
  expect(stopped).toHaveLength(10);
  const open = await reached({ workerData: 'open' });
  expect(open.through).toHaveLength(10);
  expect(open.stopped).toEqual([]);
});

it('does not begin in a thread that has the disk', async () => {
  const thread = new Worker(join(import.meta.dirname, 'worker.ts'), { ...threadOptions(64 * MIB), execArgv: [] });
  await expect(once(thread, 'message')).rejects.toThrow('only in a thread without permissions');
});

it('has a heap of the size given, and ends where it takes more', async () => {
  const code = 'const held = []; for (;;) held.push({ size: held.length })';
  const thread = new Worker(code, { ...threadOptions(16 * MIB), eval: true });
  await expect(once(thread, 'exit')).rejects.toMatchObject({ code: 'ERR_WORKER_OUT_OF_MEMORY' });
});
