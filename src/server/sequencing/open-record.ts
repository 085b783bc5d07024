import { BucketError, createReceiptSigner, type KmsWrapping, LogDamageError } from '../../audit/index.ts';
import type { Config } from '../../config/index.ts';
import type { Journal, KeyRing } from '../../core/index.ts';
import type { State } from '../../state/index.ts';
import { describeCause, type Logger, type RecordState } from '../../telemetry/index.ts';
import type { DataDirectory } from '../data-directory.ts';
import type { KeyRingSource } from '../key-ring.ts';
import { toStateSource } from '../opened-state.ts';
import type { Receipts } from '../passage/receipting.ts';
import { openJournalAt, openSharedBacklog, toRecordPlace } from '../record-place.ts';
import { opening } from '../start-error.ts';
import { systemClock } from '../system-clock.ts';
import { type BacklogWatch, startBacklogWatch } from './backlog-watch.ts';
import { startKeeping } from './keeping.ts';
import { createLogHistory } from './log-history.ts';
import { certify, lastConfiguration, recordChange, recordShared, toVersions } from './own-acts.ts';
import { type LogState, type Sequencing, startSequencing } from './sequencing.ts';
import { toSinkSettings } from './sinks.ts';

/** The record of a running gateway: a journal, what takes it into the log, and receipts for what is in it. */
export interface OpenRecord {
  readonly journal: Journal;
  readonly receipts: Receipts;
  /** How it stands now. */
  state(): RecordState;
  /** Heeds what other processes erased; for a process that was frozen, before it records anything. */
  refresh(): Promise<void>;
  /** Closes the journal, and takes the rest of it into the log. */
  close(): Promise<void>;
}

export interface OpenRecordOptions {
  readonly config: Config;
  /** Hash of the policies in force. */
  readonly policyVersion: string;
  readonly directory: DataDirectory;
  readonly keyRing: KeyRing;
  readonly keyRingSource: KeyRingSource;
  /** Keys of KMS that record keys are wrapped under; under the key ring alone unless given. */
  readonly kms: KmsWrapping | undefined;
  readonly state: Pick<State, 'wrappedKeys' | 'index' | 'holds' | 'marks'>;
  readonly logger: Logger;
  /** Whether it is a process that others take the record of into the log, as of a function. Default: the configuration. */
  readonly sequencer?: Config['audit']['sequencer'];
}

/** Until when an entry that was durable is in the log. A round comes at least every second; the rest is for its work. */
const MAXIMUM_MERGE_DELAY_MS = 5_000;
/** The same where a function of its own does that, which is woken and may have to start. */
const MAXIMUM_MERGE_DELAY_ELSEWHERE_MS = 5 * 60_000;
const INTERVAL_MS = 1_000;
/** Beyond the time that a model call may take, the exchange around it. */
const AROUND_CALL_MS = 5 * 60_000;

export async function openRecord(options: OpenRecordOptions): Promise<OpenRecord> {
  const { config, directory, keyRing, kms, state, logger, policyVersion } = options;
  const { wrappedKeys: keys, marks } = state;
  const { origin } = config.audit;
  const place = toRecordPlace(options);
  const isShared = place.kind === 'dynamodb';
  const { sequencer = config.audit.sequencer } = options;
  const versions = toVersions(config, policyVersion);
  const previous = isShared ? undefined : await readPrevious(options);
  let isBehind = () => false;
  const journalOptions = { keys, keyRing, kms, clock: systemClock, isBehind: () => isBehind() };
  const opened = await opening('the journal', () => openJournalAt(place, journalOptions, directory));
  for (const { bytes } of opened.repairs) logger.info('journal repaired', { bytesTornOff: bytes });
  if (opened.interrupted > 0) logger.info('exchanges closed as interrupted', { count: opened.interrupted });
  const receipts = createReceiptSigner({
    origin,
    maximumMergeDelay: sequencer === 'gateway' ? MAXIMUM_MERGE_DELAY_MS : MAXIMUM_MERGE_DELAY_ELSEWHERE_MS,
    ...(isShared ? { seed: keyRing.derive('audit/receipts') } : {}),
  });
  const { publicKey } = receipts;
  if (isShared) {
    await recordShared({ journal: opened, marks, origin, publicKey, versions });
  } else {
    await certify(opened, origin, publicKey);
    await recordChange(opened, versions, previous);
  }
  const sequencing = sequencer === 'gateway' ? await startThread(options) : undefined;
  const watch = await watchBacklog(options);
  isBehind = watch?.isBehind ?? sequencing?.isBehind ?? isBehind;
  const removes = sequencer === 'gateway';
  const keeping = startKeeping({ config, place, state, journal: opened, logger, removes });
  return {
    journal: opened,
    receipts,
    state: () => ({ ...toLogState(sequencing?.state(), watch?.state()), isJournalAvailable: !opened.hasFailed() }),
    async refresh() {
      await Promise.all([opened.refresh(), watch?.refresh()]);
    },
    async close() {
      watch?.close();
      await keeping.close();
      await opened.close();
      await sequencing?.close();
    },
  };
}

/** What a process knows of a log without a thread of its own for it. */
const NO_LOG_OF_ITS_OWN: LogState = {
  ...createLogHistory([], { now: () => 0 }).read(),
  journalBytes: 0,
  waitingBytes: 0,
  isLogBehind: false,
};

/** Of a journal that is shared all tell what waits; how the log is written the own thread knows, where there is one. */
function toLogState(own: LogState | undefined, shared: ReturnType<BacklogWatch['state']> | undefined): LogState {
  if (shared === undefined) return own ?? NO_LOG_OF_ITS_OWN;
  if (own === undefined) return { ...NO_LOG_OF_ITS_OWN, ...shared };
  const { waitingBytes, isLogBehind } = shared;
  return { ...own, waitingBytes, isLogBehind };
}

/** A watch of a journal that is shared; one in files is measured by the thread's own. */
async function watchBacklog(options: OpenRecordOptions): Promise<BacklogWatch | undefined> {
  const place = toRecordPlace(options);
  if (place.kind === 'disk') return undefined;
  const { config, state, logger } = options;
  return startBacklogWatch({
    backlog: openSharedBacklog(place, state),
    state,
    maxJournalBytes: config.audit.maxJournalBytes,
    maximumMergeDelayMs: MAXIMUM_MERGE_DELAY_ELSEWHERE_MS,
    logger,
  });
}

/** The thread that takes the journal into the log. */
async function startThread(options: OpenRecordOptions): Promise<Sequencing> {
  const { config, keyRingSource, kms, logger } = options;
  const { origin, maxJournalBytes, witnesses, requiredWitnesses } = config.audit;
  const task = {
    place: toRecordPlace(options),
    keyRingSource,
    stateSource: toStateSource(options),
    kms,
    origin,
    sinks: await Promise.all(config.audit.sinks.map((sink) => toSinkSettings(sink, config))),
    witnesses,
    requiredWitnesses,
    intervalMs: INTERVAL_MS,
    maximumMergeDelayMs: MAXIMUM_MERGE_DELAY_MS,
    longestExchangeMs: toLongestExchange(config),
  };
  return startSequencing({ task, maxJournalBytes, logger });
}

/** Milliseconds that an exchange may take. */
export function toLongestExchange({ limits }: Pick<Config, 'limits'>): number {
  return limits.upstreamTimeoutMs + AROUND_CALL_MS;
}

async function readPrevious(options: OpenRecordOptions): ReturnType<typeof lastConfiguration> {
  try {
    return await lastConfiguration({ ...options, place: toRecordPlace(options) });
  } catch (error) {
    if (!(error instanceof BucketError || error instanceof LogDamageError)) throw error;
    // A bucket out of reach, or a damaged log, keeps no gateway from starting: what it runs on is recorded once more.
    options.logger.warn('log not read', { cause: describeCause(error) });
    return undefined;
  }
}
