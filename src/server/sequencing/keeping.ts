import { randomBytes } from 'node:crypto';
import { createLogObjects, type OpenedJournal, retain } from '../../audit/index.ts';
import type { Config } from '../../config/index.ts';
import { createRequestId, gatewayOwner } from '../../core/index.ts';
import type { State } from '../../state/index.ts';
import { describeCause, type Logger } from '../../telemetry/index.ts';
import type { DataDirectory } from '../data-directory.ts';
import { systemClock } from '../system-clock.ts';

interface KeepingOptions {
  readonly config: Pick<Config, 'tenants' | 'audit'>;
  readonly directory: DataDirectory;
  readonly state: Pick<State, 'index' | 'holds'>;
  readonly journal: Pick<OpenedJournal, 'append' | 'refresh'>;
  readonly logger: Pick<Logger, 'info' | 'error'>;
}

/** What a running gateway does about records that are to go: those that were erased, and those past their time. */
export interface Keeping {
  close(): Promise<void>;
}

const ERASURES_MS = 1_000;
const RETENTION_MS = 60 * 60 * 1_000;

export function startKeeping({ config, directory, state, journal, logger }: KeepingOptions): Keeping {
  const periods = config.tenants.flatMap(({ name: tenant, retentionDays: days }) =>
    days === undefined ? [] : [{ tenant, days }],
  );
  const { index, holds } = state;
  const objects = createLogObjects(config.audit.store, directory.logDirectory);
  let running: Promise<void> = Promise.resolve();

  async function removeExpired(): Promise<void> {
    const recordAct: Parameters<typeof retain>[1]['recordAct'] = async (act) => {
      const time = systemClock.now();
      await journal.append({ ...act, requestId: createRequestId(time, randomBytes(10)), time }, gatewayOwner);
    };
    const count = await retain(periods, { objects, index, holds, clock: systemClock, recordAct });
    if (count > 0) logger.info('records removed', { count });
  }

  /** One after another; what fails is tried again at its next time. */
  function run(work: () => Promise<void>): void {
    running = running.then(work).catch((error: unknown) => {
      logger.error('records not removed', { cause: describeCause(error) });
    });
  }

  const timers = [
    setInterval(() => run(() => journal.refresh()), ERASURES_MS).unref(),
    ...(periods.length > 0 ? [setInterval(() => run(removeExpired), RETENTION_MS).unref()] : []),
  ];
  if (periods.length > 0) run(removeExpired);
  return {
    async close() {
      for (const timer of timers) clearInterval(timer);
      await running;
    },
  };
}
