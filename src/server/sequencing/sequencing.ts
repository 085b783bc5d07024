import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Logger } from '../../telemetry/index.ts';
import { END, type SequencingMessage, type SequencingTask } from './messages.ts';

/** The thread that takes the journal into the log, as the gateway sees it. */
export interface Sequencing {
  /** Whether the journal has grown to its bound: the log has not kept up, and nothing more is to be recorded. */
  isBehind(): boolean;
  /** Takes what the journal has, which its writer has closed, and ends. */
  close(): Promise<void>;
}

interface SequencingOptions {
  readonly task: SequencingTask;
  /** The journal may grow to this many bytes before it refuses more. */
  readonly maxJournalBytes: number;
  readonly logger: Pick<Logger, 'warn' | 'error' | 'info'>;
}

const WATCH_MS = 1_000;
const RESTART_MS = 1_000;
const END_MS = 30_000;

/** Starts the thread, and starts it again where it ends by itself. */
export function startSequencing({ task, maxJournalBytes, logger }: SequencingOptions): Sequencing {
  let isRunning = true;
  let worker = start();
  let journalBytes = 0;
  let isClosing = false;
  let fault: string | undefined;
  const failedSinks = new Set<string>();

  const watching = setInterval(() => void watch(), WATCH_MS).unref();

  async function watch(): Promise<void> {
    const wasBehind = journalBytes >= maxJournalBytes;
    journalBytes = await sizeOf(task.directories.journal).catch(() => journalBytes);
    if (journalBytes >= maxJournalBytes && !wasBehind) logger.error('log behind', { bytes: journalBytes });
  }

  function start(): Worker {
    const file = join(import.meta.dirname, `worker${extname(import.meta.url)}`);
    const started = new Worker(file, { workerData: task });
    started.on('message', hear);
    started.on('error', () => {});
    started.on('exit', (code) => {
      isRunning = false;
      if (isClosing || code === 0) return;
      logger.error('log stopped', { cause: `exit ${code}` });
      setTimeout(() => {
        if (isClosing) return;
        isRunning = true;
        worker = start();
      }, RESTART_MS).unref();
    });
    return started;
  }

  function hear(message: SequencingMessage): void {
    if (message.kind === 'fault') {
      // Once for each: a disk that is full says so every second.
      if (fault !== message.cause) logger.error('log not written', { cause: message.cause });
      fault = message.cause;
    }
    if (message.kind !== 'round') return;
    if (fault !== undefined) logger.info('log written again', { count: message.size });
    fault = undefined;
    for (const sink of message.failedSinks) {
      if (!failedSinks.has(sink)) logger.warn('checkpoint not kept', { sink });
      failedSinks.add(sink);
    }
    for (const sink of failedSinks) {
      if (message.failedSinks.includes(sink)) continue;
      failedSinks.delete(sink);
      logger.info('checkpoint kept again', { sink });
    }
  }

  return {
    isBehind: () => journalBytes >= maxJournalBytes,
    async close() {
      isClosing = true;
      clearInterval(watching);
      // Ended by itself and not yet started again: what the journal has, the next start takes.
      if (!isRunning) return;
      const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
      const late = setTimeout(() => void worker.terminate(), END_MS);
      worker.postMessage(END);
      await ended;
      clearTimeout(late);
    },
  };
}

/** Bytes of the files in a directory. */
async function sizeOf(directory: string): Promise<number> {
  const sizes = (await readdir(directory)).map(async (name) => {
    // Taken away since it was listed.
    const found = await stat(join(directory, name)).catch(() => undefined);
    return found?.size ?? 0;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
