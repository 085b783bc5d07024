import { dirname, extname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { z } from 'zod';
import type { DocumentReading } from '../core/index.ts';
import { GatewayError } from '../core/index.ts';
import { DocumentRefused, type Refusal, refusals } from './refusal.ts';
import type { ReadTask, WorkerAnswer } from './worker-messages.ts';

/** A thread that reads one document after the other, shut off from disk, network and the rest of the process. */
export interface ReadingWorker {
  /** False once the thread has ended, or is to end. */
  readonly isUsable: boolean;
  /**
   * Reads one document; the next only when this one is done. Throws `DocumentRefused`, `inspectionFailed` where the thread
   * cannot start, or the signal's reason. The thread ends where it did not answer for itself.
   */
  read(task: ReadTask, limits: WorkerLimits): Promise<DocumentReading>;
  end(): void;
}

export interface WorkerLimits {
  readonly timeoutMs: number;
  readonly memoryBytes: number;
  readonly signal: AbortSignal;
}

const START_MS = 30_000;
const WATCH_MS = 50;
const MIB = 2 ** 20;

const refusal = z.custom<Refusal>((name) => typeof name === 'string' && Object.hasOwn(refusals, name));
/** A document may have taken the thread over: it is believed no more than any other source. */
const workerAnswer: z.ZodType<WorkerAnswer> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ready') }),
  z.strictObject({
    kind: z.literal('read'),
    reading: z.strictObject({ pieces: z.array(z.string().min(1)), hasUninspected: z.boolean() }),
  }),
  z.strictObject({ kind: z.literal('refused'), refusal }),
]);

/** A thread that may read its own code and nothing else, whose JavaScript heap may take `memoryBytes`. */
export function threadOptions(memoryBytes: number): WorkerOptions {
  return {
    argv: [],
    env: {},
    execArgv: ['--permission', ...readableFolders().map((folder) => `--allow-fs-read=${folder}`)],
    resourceLimits: {
      maxOldGenerationSizeMb: Math.ceil(memoryBytes / MIB),
      maxYoungGenerationSizeMb: 32,
      stackSizeMb: 4,
    },
    stdin: false,
    // Kept from the process's own output: what a parser writes there may quote a document.
    stdout: true,
    stderr: true,
  };
}

/** Starts a thread whose JavaScript heap may take `memoryBytes`. */
export function startReadingWorker(memoryBytes: number): ReadingWorker {
  const worker = new Worker(join(import.meta.dirname, `worker${extname(import.meta.url)}`), threadOptions(memoryBytes));
  worker.stdout.resume();
  worker.stderr.resume();
  worker.unref();

  let isUsable = true;
  let settle: ((answer: WorkerAnswer | Error) => void) | undefined;
  const finish = (answer: WorkerAnswer | Error) => {
    settle?.(answer);
    settle = undefined;
  };
  const end = (error: Error) => {
    isUsable = false;
    finish(error);
    void worker.terminate();
  };
  const next = () =>
    new Promise<WorkerAnswer>((fulfil, reject) => {
      settle = (answer) => (answer instanceof Error ? reject(answer) : fulfil(answer));
    });
  worker.on('message', (message: unknown) => {
    const parsed = workerAnswer.safeParse(message);
    if (parsed.success) finish(parsed.data);
    else end(new DocumentRefused('crashed', parsed.error));
  });
  worker.on('messageerror', (error) => end(new DocumentRefused('crashed', error)));
  worker.on('error', (error) => end(new DocumentRefused(isOutOfMemory(error) ? 'memory' : 'crashed', error)));
  worker.on('exit', () => end(new DocumentRefused('crashed')));

  let ready: Promise<void> | undefined = started(next(), end);
  // Reported to whoever reads first.
  ready.catch(() => undefined);

  return {
    get isUsable() {
      return isUsable;
    },
    async read({ file, limits }, { timeoutMs, memoryBytes: most, signal }) {
      worker.ref();
      const abort = () => end(signal.reason instanceof Error ? signal.reason : new GatewayError('clientClosed'));
      signal.addEventListener('abort', abort, { once: true });
      let timer: NodeJS.Timeout | undefined;
      let watch: NodeJS.Timeout | undefined;
      try {
        await ready;
        ready = undefined;
        signal.throwIfAborted();
        const answered = next();
        answered.catch(() => undefined);
        timer = setTimeout(() => end(new DocumentRefused('time')), timeoutMs);
        watch = watchMemory(worker, most, () => end(new DocumentRefused('memory')));
        // A copy of its own to hand over: a view would take the whole of its buffer along.
        const bytes = new Uint8Array(file.bytes);
        worker.postMessage({ file: { format: file.format, bytes }, limits } satisfies ReadTask, [bytes.buffer]);
        const answer = await answered;
        if (answer.kind === 'read') return answer.reading;
        throw new DocumentRefused(answer.kind === 'refused' ? answer.refusal : 'crashed');
      } finally {
        clearTimeout(timer);
        clearInterval(watch);
        signal.removeEventListener('abort', abort);
        worker.unref();
      }
    },
    end: () => end(new DocumentRefused('crashed')),
  };
}

/** Once the thread has shut itself off and listens. */
async function started(first: Promise<WorkerAnswer>, end: (error: Error) => void): Promise<void> {
  const timer = setTimeout(() => end(new DocumentRefused('crashed')), START_MS);
  try {
    await first;
  } catch (cause) {
    throw cause instanceof DocumentRefused ? new GatewayError('inspectionFailed', { cause }) : cause;
  } finally {
    clearTimeout(timer);
  }
}

/** Limits of a thread's heap do not count its buffers, which lie outside. Node tells of them from 24 on. */
function watchMemory(worker: Worker, most: number, onExceeded: () => void): NodeJS.Timeout | undefined {
  if (typeof worker.getHeapStatistics !== 'function') return undefined;
  const look = async () => {
    const { external_memory: buffers } = await worker.getHeapStatistics();
    if (buffers > most) onExceeded();
  };
  return setInterval(() => void look().catch(() => undefined), WATCH_MS);
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** Where the thread's own code lies: this folder, and the packages that it loads. */
function readableFolders(): readonly string[] {
  const packages = ['unpdf/pdfjs', 'htmlparser2'].map((name) => {
    const file = fileURLToPath(import.meta.resolve(name));
    const modules = `${sep}node_modules${sep}`;
    return file.slice(0, file.indexOf(modules) + modules.length);
  });
  const root = resolve(dirname(import.meta.dirname), '..');
  return [
    ...new Set([
      `${import.meta.dirname}${sep}*`,
      ...packages.map((folder) => `${folder}*`),
      join(root, 'package.json'),
    ]),
  ];
}
