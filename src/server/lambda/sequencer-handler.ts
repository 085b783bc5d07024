import { setTimeout as pause } from 'node:timers/promises';
import type { Backlog, RecordLog } from '../../audit/index.ts';
import { describeCause, type Logger } from '../../telemetry/index.ts';
import { toRecordPlace } from '../record-place.ts';
import { StartError } from '../start-error.ts';
import type { FunctionSetup } from './function-setup.ts';
import { openedOnce } from './opened-once.ts';
import { type OpenedSequencer, openSequencer } from './opened-sequencer.ts';

/** What this takes of the context that AWS Lambda gives. */
export interface SequencerContext {
  getRemainingTimeInMillis(): number;
}

/** What a run came to. */
export interface SequencerResult {
  /** Entries in the published log. */
  readonly size: number;
  /** Entries that this run added. */
  readonly added: number;
  readonly rounds: number;
  /** Exchanges that were closed as interrupted, whose process ended before they did. */
  readonly interrupted: number;
  /** Entries that are in the log and not in the index, because they do not open. */
  readonly damaged: number;
  /** Segments that were removed because their time was over. */
  readonly removedSegments: number;
  /** Sinks that did not take the last checkpoint. */
  readonly failedSinks: readonly string[];
  /** Whether the run ended for its time, and there is more. */
  readonly hasMore: boolean;
}

/** A handler of AWS Lambda. The event says nothing to it, whatever it is; it is woken. */
export type SequencerHandler = (event: unknown, context: SequencerContext) => Promise<SequencerResult>;

/**
 * A round that is under way when the time is over is lost, and its time with it. A call of S3 that nobody answers takes 30
 * seconds, and so may overrun it: Lambda ends that run, and the next one makes of it what this one would have.
 */
const LEAST_LEFT_MS = 20_000;

/** What is left of a run when it has said what it can: Lambda would end it with nothing said. */
const RETURN_MARGIN_MS = 1_000;
/** How long the log is waited for to say how far it is. */
const LOG_MS = 5_000;

/**
 * Makes the function that takes a journal in DynamoDB into the log in S3. A run ends when there is no more, or when less
 * than 20 seconds are left. Any number may run at once.
 *
 * It rejects where a part of it could not be done, so that Lambda tries again and what watches it hears of it: nothing is
 * lost by that, because what is not in the log stays in the journal. However it ends, it tells how far the log is behind.
 * Throws a `StartError` where the journal is not in DynamoDB.
 */
export function createSequencerHandler(setup: FunctionSetup): SequencerHandler {
  const { logger, metrics } = setup;
  const place = toRecordPlace(setup);
  if (place.kind !== 'dynamodb') {
    throw new StartError('a function can only take a journal into the log that is in DynamoDB: `state.kind: dynamodb`');
  }
  // A service that was out of reach is no reason to stay so: the next run begins anew.
  const open = openedOnce(() => openSequencer({ ...setup, place }));

  return async (_event, context) => {
    const run: Run = { sum: NOTHING, hasFailed: true };
    try {
      const opened = await open();
      const removedSegments = await takeAndTell(opened, { run, context, logger });
      run.hasFailed = false;
      return { ...run.sum, removedSegments };
    } finally {
      const { hasFailed, backlog } = run;
      const { interrupted } = run.sum;
      metrics.sequencerRan({ hasFailed, interrupted, ...(backlog === undefined ? {} : { backlog: toTold(backlog) }) });
      // Behind the return the process is frozen, and its lines with it.
      metrics.flush();
      logger.flush();
    }
  };
}

type Sum = Omit<SequencerResult, 'removedSegments'>;

const NOTHING: Sum = { size: 0, added: 0, rounds: 0, interrupted: 0, damaged: 0, failedSinks: [], hasMore: true };

/** What a run has come to, wherever it ends. */
interface Run {
  sum: Sum;
  hasFailed: boolean;
  backlog?: Backlog | undefined;
}

interface Taking {
  readonly run: Run;
  readonly isTimeLeft: () => boolean;
}

interface Running {
  readonly run: Run;
  readonly context: SequencerContext;
  readonly logger: Logger;
}

/** Gives how many segments were removed. */
async function takeAndTell(opened: OpenedSequencer, { run, context, logger }: Running): Promise<number> {
  const { log, removeExpired } = opened;
  const isTimeLeft = () => context.getRemainingTimeInMillis() >= LEAST_LEFT_MS;
  const told = (event: 'log not written' | 'records not removed') => (error: unknown) => {
    logger.error(event, { cause: describeCause(error) });
    throw error;
  };
  try {
    await takeAll(log, { run, isTimeLeft }).catch(told('log not written'));
    tell(logger, run.sum);
    const removedSegments = isTimeLeft() ? await removeExpired().catch(told('records not removed')) : 0;
    if (removedSegments > 0) logger.info('records removed', { count: removedSegments });
    return removedSegments;
  } finally {
    await within(context.getRemainingTimeInMillis() - RETURN_MARGIN_MS, lookBack(opened, run)).catch((error: unknown) =>
      logger.warn('backlog not known', { cause: describeCause(error) }),
    );
  }
}
async function takeAll(log: RecordLog, { run, isTimeLeft }: Taking): Promise<void> {
  do run.sum = withRound(run.sum, await log.round());
  while (run.sum.hasMore && isTimeLeft());
}

/** Looks what is left, and tells the gateways. What cannot be had in time is not waited for. */
async function lookBack({ log, shared }: OpenedSequencer, run: Run): Promise<void> {
  run.backlog = await log.backlog(AbortSignal.timeout(LOG_MS));
  if (run.backlog !== undefined) await shared.note(run.backlog);
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  const late = pause(Math.max(0, ms), undefined, { ref: false }).then(() => {
    throw new DOMException('it took too long', 'TimeoutError');
  });
  await Promise.race([work, late]);
}

function toTold({ time, takenUntil, entries, bytes }: Backlog) {
  return { lagMs: entries === 0 ? 0 : time - takenUntil, entries, bytes };
}

function withRound(sum: Sum, round: Awaited<ReturnType<RecordLog['round']>>): Sum {
  return {
    size: round.size,
    added: sum.added + round.added,
    rounds: sum.rounds + 1,
    interrupted: sum.interrupted + round.interrupted,
    damaged: sum.damaged + round.indexed.damaged,
    failedSinks: round.sinkFaults.map(({ sink }) => sink),
    hasMore: round.hasMore,
  };
}

function tell(logger: Logger, { interrupted, damaged, failedSinks }: Sum): void {
  if (interrupted > 0) logger.info('exchanges closed as interrupted', { count: interrupted });
  if (damaged > 0) logger.error('records not indexed', { count: damaged });
  for (const sink of failedSinks) logger.warn('checkpoint not kept', { sink });
}
