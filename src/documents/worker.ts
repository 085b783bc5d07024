import { registerHooks } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { readDocument } from './read-document.ts';
import { DocumentRefused } from './refusal.ts';
import type { ReadTask, WorkerAnswer } from './worker-messages.ts';

/**
 * Shuts the thread off: a document that takes over a parser finds no module to load, no network, and no way to make code
 * of text. The disk is closed by Node's permission model, which this thread was started with.
 */
function lockDown(): void {
  if (process.permission?.has('fs.write') !== false || process.permission.has('child')) {
    throw new Error('documents are read only in a thread without permissions');
  }
  const deny = () => {
    throw new Error('not allowed where documents are read');
  };
  registerHooks({ resolve: deny, load: deny });
  for (const name of ['fetch', 'WebSocket', 'EventSource', 'WebAssembly', 'eval', 'Function']) {
    Reflect.deleteProperty(globalThis, name);
  }
  for (const name of ['getBuiltinModule', 'binding', '_linkedBinding', 'dlopen']) {
    Object.defineProperty(process, name, { value: deny });
  }
  const functions = [() => undefined, async () => undefined, function* () {}, async function* () {}];
  for (const one of functions) Object.defineProperty(Object.getPrototypeOf(one), 'constructor', { value: deny });
}

async function answer({ file, limits }: ReadTask): Promise<WorkerAnswer> {
  try {
    return { kind: 'read', reading: await readDocument(file, limits) };
  } catch (error) {
    // What a parser says of a document may quote it: only which of the known reasons it was goes out.
    return { kind: 'refused', refusal: error instanceof DocumentRefused ? error.refusal : 'damaged' };
  }
}

lockDown();
parentPort?.on('message', (task: ReadTask) => {
  void answer(task).then((reply) => parentPort?.postMessage(reply));
});
parentPort?.postMessage({ kind: 'ready' } satisfies WorkerAnswer);
