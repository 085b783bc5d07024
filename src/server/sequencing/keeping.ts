import type { OpenedJournal } from '../../audit/index.ts';
import { describeCause, type Logger } from '../../telemetry/index.ts';
import { createRetention, RETENTION_MS, type RetentionOptions } from './retention.ts';

interface KeepingOptions extends RetentionOptions {
  readonly journal: Pick<OpenedJournal, 'append' | 'refresh'>;
  readonly logger: Pick<Logger, 'info' | 'error'>;
  /** Whether what is past its time is removed here; a function does it, where one writes the log. */
  readonly removes: boolean;
}

/** What a running gateway does about records that are to go: those that were erased, and those past their time. */
export interface Keeping {
  close(): Promise<void>;
}

const ERASURES_MS = 1_000;

export function startKeeping({ logger, removes, ...options }: KeepingOptions): Keeping {
  const removeExpired = removes ? createRetention(options) : undefined;
  let running: Promise<void> = Promise.resolve();

  /** One after another; what fails is tried again at its next time. */
  function run(work: () => Promise<void>): void {
    running = running.then(work).catch((error: unknown) => {
      logger.error('records not removed', { cause: describeCause(error) });
    });
  }

  async function keepRetention(): Promise<void> {
    const count = (await removeExpired?.()) ?? 0;
    if (count > 0) logger.info('records removed', { count });
  }

  const timers = [
    setInterval(() => run(options.journal.refresh), ERASURES_MS).unref(),
    ...(removeExpired === undefined ? [] : [setInterval(() => run(keepRetention), RETENTION_MS).unref()]),
  ];
  if (removeExpired !== undefined) run(keepRetention);
  return {
    async close() {
      for (const timer of timers) clearInterval(timer);
      await running;
    },
  };
}
