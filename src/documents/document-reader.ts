import { type DocumentFile, type DocumentReader, type DocumentReading, GatewayError } from '../core/index.ts';
import type { ReadingLimits } from './budget.ts';
import { type ReadingWorker, startReadingWorker } from './reading-worker.ts';
import { DocumentRefused, refusals } from './refusal.ts';

export interface DocumentReaderOptions extends Partial<ReadingLimits> {
  /** Threads, started as they are needed (2). */
  readonly workers?: number;
  /** Documents that may wait for a thread (64). */
  readonly queued?: number;
  /** From when a thread takes a document up (10,000). */
  readonly timeoutMs?: number;
  /** What a thread's heap, and its buffers beside it, may take each (256 MiB). */
  readonly memoryBytes?: number;
}

const MIB = 2 ** 20;
const DEFAULTS = {
  workers: 2,
  queued: 64,
  timeoutMs: 10_000,
  memoryBytes: 256 * MIB,
  expandedBytes: 128 * MIB,
  textUnits: 8_000_000,
} as const satisfies Required<DocumentReaderOptions>;

/** A thread that was idle for so long is given up, for the memory it holds. */
const IDLE_MS = 60_000;
/** Documents that one thread reads before another takes its place. */
const MOST_READS = 200;

/**
 * Reads documents in threads that have neither disk nor network, each for a bounded time in bounded memory. A thread that
 * a document brings down is replaced; that document alone is refused.
 */
export function createDocumentReader(options: DocumentReaderOptions = {}): DocumentReader {
  const limits = { ...DEFAULTS, ...options };
  const { workers, queued, timeoutMs, memoryBytes, expandedBytes, textUnits } = limits;
  const idle: { readonly worker: ReadingWorker; readonly reads: number; readonly timer: NodeJS.Timeout }[] = [];
  const waiting: (() => void)[] = [];
  const busy = new Set<ReadingWorker>();
  let taken = 0;
  let isClosed = false;

  const take = async (signal: AbortSignal): Promise<void> => {
    if (taken < workers) {
      taken += 1;
      return;
    }
    if (waiting.length >= queued) throw new GatewayError('tooManyRequests', { retryAfterSeconds: 1 });
    await new Promise<void>((resolve, reject) => {
      const abort = () => {
        waiting.splice(waiting.indexOf(go), 1);
        reject(signal.reason);
      };
      const go = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      signal.addEventListener('abort', abort, { once: true });
      waiting.push(go);
    });
  };
  /** The place goes to the next in line, or is free. */
  const leave = () => {
    const next = waiting.shift();
    if (next === undefined) taken -= 1;
    else next();
  };

  const rest = (worker: ReadingWorker, reads: number) => {
    if (!worker.isUsable || isClosed || reads >= MOST_READS) {
      worker.end();
      return;
    }
    const timer = setTimeout(() => {
      idle.splice(idle.indexOf(entry), 1);
      worker.end();
    }, IDLE_MS).unref();
    const entry = { worker, reads, timer };
    idle.push(entry);
  };

  const readWith = async (file: DocumentFile, signal: AbortSignal): Promise<DocumentReading> => {
    if (isClosed) throw new GatewayError('shuttingDown');
    const entry = idle.pop();
    clearTimeout(entry?.timer);
    const isKept = entry?.worker.isUsable === true;
    const worker = isKept ? entry.worker : startReadingWorker(memoryBytes);
    busy.add(worker);
    try {
      return await worker.read({ file, limits: { expandedBytes, textUnits } }, { timeoutMs, memoryBytes, signal });
    } finally {
      busy.delete(worker);
      rest(worker, isKept ? entry.reads + 1 : 1);
    }
  };

  return {
    async read(file, signal) {
      signal.throwIfAborted();
      if (file.format === 'doc' || file.format === 'xls') throw uninspectable(new DocumentRefused('binaryFormat'));
      await take(signal);
      try {
        return await readWith(file, signal);
      } catch (error) {
        if (isClosed) throw new GatewayError('shuttingDown', { cause: error });
        throw error instanceof DocumentRefused ? uninspectable(error) : error;
      } finally {
        leave();
      }
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      for (const { worker, timer } of idle.splice(0)) {
        clearTimeout(timer);
        worker.end();
      }
      for (const worker of busy) worker.end();
    },
  };
}

function uninspectable(cause: DocumentRefused): GatewayError {
  return new GatewayError('uninspectable', { detail: refusals[cause.refusal], cause });
}
