import { createRecordLog, type KmsWrapping, type RecordLog } from '../../audit/index.ts';
import type { Config } from '../../config/index.ts';
import type { KeyRing } from '../../core/index.ts';
import type { State } from '../../state/index.ts';
import { createLogger, describeCause, type Logger } from '../../telemetry/index.ts';
import type { DataDirectory } from '../data-directory.ts';
import { beginFips } from '../fips.ts';
import { openKeyRing, readKeyRingSource } from '../key-ring.ts';
import { readKmsWrapping } from '../kms-keys.ts';
import { openSetupState } from '../opened-state.ts';
import { openJournalAt, toRecordPlace } from '../record-place.ts';
import { toLongestExchange } from '../sequencing/open-record.ts';
import { createRetention, RETENTION_MS, readDue } from '../sequencing/retention.ts';
import { createSink, toSinkSettings } from '../sequencing/sinks.ts';
import { loadSetup, type SetupOptions } from '../setup.ts';
import { StartError } from '../start-error.ts';
import { systemClock } from '../system-clock.ts';
import { openedOnce } from './opened-once.ts';

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

interface HandlerOptions extends SetupOptions {
  /** Where log lines go: a file descriptor or a path. Standard output unless given. */
  readonly logDestination?: number | string;
}

/**
 * A round that is under way when the time is over is lost, and its time with it. A call of S3 that nobody answers takes 30
 * seconds, and so may overrun it: Lambda ends that run, and the next one makes of it what this one would have.
 */
const LEAST_LEFT_MS = 20_000;

interface Opened {
  readonly log: RecordLog;
  readonly logger: Logger;
  /** Removes what is past its time, where that is due; gives how many segments. */
  removeExpired(): Promise<number>;
}

/**
 * Makes the function that takes a journal in DynamoDB into the log in S3. A run ends when there is no more, or when less
 * than 20 seconds are left. Any number may run at once.
 *
 * It rejects where a part of it could not be done, so that Lambda tries again and what watches it hears of it: nothing is
 * lost by that, because what is not in the log stays in the journal.
 */
export function createSequencerHandler(options: HandlerOptions = {}): SequencerHandler {
  // A service that was out of reach is no reason to stay so: the next run begins anew.
  const open = openedOnce(() => openSequencer(options));

  return async (_event, context) => {
    const { log, logger, removeExpired } = await open();
    const isTimeLeft = () => context.getRemainingTimeInMillis() >= LEAST_LEFT_MS;
    const told = (event: 'log not written' | 'records not removed') => (error: unknown) => {
      logger.error(event, { cause: describeCause(error) });
      throw error;
    };
    try {
      const sum = await takeAll(log, isTimeLeft).catch(told('log not written'));
      tell(logger, sum);
      const removedSegments = isTimeLeft() ? await removeExpired().catch(told('records not removed')) : 0;
      if (removedSegments > 0) logger.info('records removed', { count: removedSegments });
      return { ...sum, removedSegments };
    } finally {
      // Behind the return the process is frozen, and its lines with it.
      logger.flush();
    }
  };
}

type Sum = Omit<SequencerResult, 'removedSegments'>;

const NOTHING: Sum = { size: 0, added: 0, rounds: 0, interrupted: 0, damaged: 0, failedSinks: [], hasMore: true };

async function takeAll(log: RecordLog, isTimeLeft: () => boolean): Promise<Sum> {
  let sum = withRound(NOTHING, await log.round());
  while (sum.hasMore && isTimeLeft()) sum = withRound(sum, await log.round());
  return sum;
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

async function openSequencer({ logDestination = 1, ...options }: HandlerOptions): Promise<Opened> {
  const { config, directory } = await loadSetup(options);
  if (config.state.kind !== 'dynamodb') {
    throw new StartError('a function can only take a journal into the log that is in DynamoDB: `state.kind: dynamodb`');
  }
  beginFips(config);
  const keyRing = await openKeyRing(await readKeyRingSource(config, directory));
  const kms = await readKmsWrapping(config);
  const state = await openSetupState({ config, directory, keyRing });
  const { origin, witnesses, requiredWitnesses } = config.audit;
  const settings = await Promise.all(config.audit.sinks.map((sink) => toSinkSettings(sink, config)));
  const log = createRecordLog({
    place: toRecordPlace({ config, directory }),
    keyRing,
    keys: state.wrappedKeys,
    kms,
    heads: state.heads,
    index: state.index,
    origin,
    witnesses,
    requiredWitnesses,
    sinks: settings.map(createSink),
    clock: systemClock,
    longestExchangeMs: toLongestExchange(config),
  });
  const logger = createLogger({ destination: logDestination });
  return { log, logger, removeExpired: createHourlyRetention({ config, directory, keyRing, kms, state }) };
}

interface RetentionParts {
  readonly config: Config;
  readonly directory: DataDirectory;
  readonly keyRing: KeyRing;
  readonly kms: KmsWrapping | undefined;
  readonly state: State;
}

function createHourlyRetention({ config, directory, keyRing, kms, state }: RetentionParts): () => Promise<number> {
  const place = toRecordPlace({ config, directory });
  return async () => {
    // Before anything is asked of the state: most configurations keep what they have.
    if (config.tenants.every(({ retentionDays }) => retentionDays === undefined)) return 0;
    const due = await readDue(state, 'retention', RETENTION_MS);
    // Noted before it is done: of two at once one does it, and what a bucket keeps is not asked for at every run.
    if (due === undefined || !(await due.note())) return 0;
    const own = { keyRing, kms, keys: state.wrappedKeys, clock: systemClock };
    const journal = await openJournalAt(place, own, directory);
    try {
      return (await createRetention({ config, place, state, journal })?.()) ?? 0;
    } finally {
      await journal.close();
    }
  };
}

const { SALLYPORT_CONFIG: configFile, LAMBDA_TASK_ROOT: root = '.', SALLYPORT_DATA: dataDirectory } = process.env;

/** What AWS Lambda calls. `SALLYPORT_CONFIG` names the configuration; without it, `sallyport.yaml` of the function's. */
export const handler: SequencerHandler = createSequencerHandler({
  configFile: configFile ?? `${root}/sallyport.yaml`,
  ...(dataDirectory === undefined ? {} : { dataDirectory }),
});
