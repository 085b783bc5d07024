import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Logger, RecordState } from '../../telemetry/index.ts';
import { systemClock } from '../system-clock.ts';
import { readJournalSize } from './journal-size.ts';
import { createLogHistory } from './log-history.ts';
import { END, type SequencingMessage, type SequencingTask } from './messages.ts';

/** The thread that takes the journal into the log, as the gateway sees it. */
export interface Sequencing {
  /** Whether as much of the journal as may waits for the log: nothing more is to be recorded. */
  isBehind(): boolean;
  /** How the log stands now. */
  state(): LogState;
  /** Takes what the journal has, which its writer has closed, and ends. */
  close(): Promise<void>;
}

export type LogState = Omit<RecordState, 'isJournalAvailable'>;

interface SequencingOptions {
  readonly task: SequencingTask;
  /** The journal may have this many bytes that are not in the log before it refuses more. */
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
  /** Of the journal, and of that what is known to be in the log: a file goes once all of it is, and not while it grows. */
  let journalBytes = 0;
  let takenBytes = 0;
  let isClosing = false;
  let fault: string | undefined;
  const failedSinks = new Set<string>();
  const sinkNames = task.sinks.map(({ name }) => name);
  const history = createLogHistory(sinkNames, systemClock);

  const watching = setInterval(() => void watch(), WATCH_MS).unref();

  const waitingBytes = () => journalBytes - takenBytes;
  const isBehind = () => waitingBytes() >= maxJournalBytes;

  async function watch(): Promise<void> {
    const wasBehind = isBehind();
    journalBytes = await readJournalSize(task.place).catch(() => journalBytes);
    takenBytes = Math.min(takenBytes, journalBytes);
    if (isBehind() && !wasBehind) logger.error('log behind', { bytes: waitingBytes() });
  }

  function start(): Worker {
    const file = join(import.meta.dirname, `worker${extname(import.meta.url)}`);
    const started = new Worker(file, { workerData: task });
    started.on('message', hear);
    started.on('error', () => {});
    started.on('exit', (code) => {
      isRunning = false;
      if (isClosing || code === 0) return;
      history.noteFault();
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
      history.noteFault();
      // Once for each: a disk that is full says so every second.
      if (fault !== message.cause) logger.error('log not written', { cause: message.cause });
      fault = message.cause;
    }
    if (message.kind !== 'round') return;
    history.noteRound(message);
    takenBytes = message.takenBytes ?? takenBytes;
    if (message.interrupted !== undefined)
      logger.info('exchanges closed as interrupted', { count: message.interrupted });
    if (message.lateMs !== undefined) logger.error('receipts kept late', { durationMs: message.lateMs });
    if (fault !== undefined) logger.info('log written again', { count: message.size });
    fault = undefined;
    if (message.damaged !== undefined) logger.error('records not indexed', { count: message.damaged });
    for (const { sink, cause } of message.failedSinks) {
      if (!failedSinks.has(sink)) logger.warn('checkpoint not kept', { cause, sink });
      failedSinks.add(sink);
    }
    for (const sink of failedSinks) {
      if (message.failedSinks.some((failed) => failed.sink === sink)) continue;
      failedSinks.delete(sink);
      logger.info('checkpoint kept again', { sink });
    }
  }

  return {
    isBehind,
    state: () => ({ ...history.read(), journalBytes, waitingBytes: waitingBytes(), isLogBehind: isBehind() }),
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
