import { once } from 'node:events';
import { join } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { threadOptions } from './reading-worker.ts';

const MIB = 2 ** 20;

/** What a thread gets through to, of all that it tries. */
async function reached(options: WorkerOptions): Promise<unknown> {
  const thread = new Worker(join(import.meta.dirname, 'locked-thread.suite.ts'), options);
  try {
    const lists: unknown[] = [];
    thread.on('message', (message) => {
      if (Array.isArray(message)) lists.push(message);
      if (message === 'listening') thread.postMessage({});
    });
    while (lists.length === 0) await once(thread, 'message');
    return lists[0];
  } finally {
    await thread.terminate();
  }
}

it('has nothing but the document and its own code', async () => {
  expect(await reached(threadOptions(64 * MIB))).toEqual([]);
  expect(await reached({ workerData: 'open' })).toHaveLength(10);
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
