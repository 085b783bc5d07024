import { hash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  BucketError,
  createLocalAudit,
  createReceiptSigner,
  LogDamageError,
  openJournal,
  printVerifierKey,
  toVerifierKey,
} from '../../audit/index.ts';
import { type Config, resolveSecret } from '../../config/index.ts';
import { type ActRecord, createRequestId, gatewayOwner, type Journal, type KeyRing } from '../../core/index.ts';
import type { State } from '../../state/index.ts';
import { describeCause, type Logger, type RecordState } from '../../telemetry/index.ts';
import { createWriterLocks, type DataDirectory, toLogDirectories } from '../data-directory.ts';
import type { KeyRingSource } from '../key-ring.ts';
import { toStateSource } from '../opened-state.ts';
import type { Receipts } from '../passage/receipting.ts';
import { opening } from '../start-error.ts';
import { systemClock } from '../system-clock.ts';
import { startKeeping } from './keeping.ts';
import type { SinkSettings } from './messages.ts';
import { startSequencing } from './sequencing.ts';

/** The record of a running gateway: a journal, the thread that takes it into the log, and receipts for what is in it. */
export interface OpenRecord {
  readonly journal: Journal;
  readonly receipts: Receipts;
  /** How it stands now. */
  state(): RecordState;
  /** Closes the journal, and takes the rest of it into the log. */
  close(): Promise<void>;
}

interface OpenRecordOptions {
  readonly config: Config;
  /** Hash of the policies in force. */
  readonly policyVersion: string;
  readonly directory: DataDirectory;
  readonly keyRing: KeyRing;
  readonly keyRingSource: KeyRingSource;
  readonly state: Pick<State, 'wrappedKeys' | 'index' | 'holds'>;
  readonly logger: Logger;
}

/** Until when an entry that was durable is in the log. A round comes at least every second; the rest is for its work. */
const MAXIMUM_MERGE_DELAY_MS = 5_000;
const INTERVAL_MS = 1_000;

export async function openRecord(options: OpenRecordOptions): Promise<OpenRecord> {
  const { config, directory, keyRing, keyRingSource, state, logger, policyVersion } = options;
  const { wrappedKeys: keys } = state;
  const { kms } = config.keys;
  const previous = await lastConfiguration({ config, directory, keyRing, state }).catch((error: unknown) => {
    if (!(error instanceof BucketError || error instanceof LogDamageError)) throw error;
    // A bucket out of reach, or a damaged log, keeps no gateway from starting: what it runs on is recorded once more.
    logger.warn('log not read', { cause: describeCause(error) });
    return undefined;
  });
  const { origin, store, maxJournalBytes, witnesses, requiredWitnesses } = config.audit;
  const sinks = await Promise.all(config.audit.sinks.map(toSinkSettings));
  const directories = toLogDirectories(directory);
  const settings = {
    kms,
    origin,
    store,
    sinks,
    witnesses,
    requiredWitnesses,
    intervalMs: INTERVAL_MS,
    maximumMergeDelayMs: MAXIMUM_MERGE_DELAY_MS,
  };
  const task = { directories, keyRingSource, stateSource: toStateSource({ config, directory }), ...settings };
  let isBehind = () => false;
  const opened = await opening('the journal', () =>
    openJournal({
      directory: directories.journal,
      keys,
      keyRing,
      kms,
      clock: systemClock,
      locks: createWriterLocks(directory),
      isBehind: () => isBehind(),
    }),
  );
  for (const { bytes } of opened.repairs) logger.info('journal repaired', { bytesTornOff: bytes });
  if (opened.interrupted > 0) logger.info('exchanges closed as interrupted', { count: opened.interrupted });
  const receipts = createReceiptSigner({ origin, maximumMergeDelay: MAXIMUM_MERGE_DELAY_MS });
  await certify(opened, toVerifierKey(`${origin}/receipts`, receipts.publicKey));
  await recordChange(opened, { ...toVersions(config, policyVersion), previous });
  const sequencing = startSequencing({ task, maxJournalBytes, logger });
  isBehind = sequencing.isBehind;
  const keeping = startKeeping({ config, directory, state, journal: opened, logger });
  return {
    journal: opened,
    receipts,
    state: () => ({ ...sequencing.state(), isJournalAvailable: !opened.hasFailed() }),
    async close() {
      await keeping.close();
      await opened.close();
      await sequencing.close();
    },
  };
}

/** What the gateway runs on, by its hashes. */
interface Versions {
  /** SHA-256 of the configuration with every default, secrets by reference. */
  readonly configuration: string;
  readonly policies: string;
}

function toVersions(config: Config, policies: string): Versions {
  return { configuration: hash('sha256', JSON.stringify(config)), policies };
}

/** What the last recorded change has; undefined where there is none in the log. */
async function lastConfiguration({
  config,
  directory,
  keyRing,
  state,
}: Pick<OpenRecordOptions, 'config' | 'directory' | 'keyRing' | 'state'>) {
  const { wrappedKeys: keys, index } = state;
  const directories = toLogDirectories(directory);
  const { origin, store } = config.audit;
  const audit = createLocalAudit({ directories, keyRing, keys, kms: config.keys.kms, index, origin, store });
  const [last] = await index.list({ type: 'change', limit: 1 });
  const record = last === undefined ? undefined : (await audit.at(last.index))?.record;
  return record?.kind === 'change' ? record.details : undefined;
}

/** Records that the gateway runs on something else than when it was last started. */
async function recordChange(
  journal: Journal,
  {
    configuration,
    policies,
    previous,
  }: Versions & { readonly previous: Awaited<ReturnType<typeof lastConfiguration>> },
): Promise<void> {
  if (previous?.configuration === configuration && previous.policies === policies) return;
  const before = {
    ...(previous?.configuration === undefined ? {} : { previousConfiguration: previous.configuration }),
    ...(previous?.policies === undefined ? {} : { previousPolicies: previous.policies }),
  };
  await recordOwn(journal, { kind: 'change', act: 'configuration', details: { configuration, policies, ...before } });
}

/** Puts the key that signs this process's receipts into the log, where whoever checks one finds it. */
async function certify(journal: Journal, key: ReturnType<typeof toVerifierKey>): Promise<void> {
  const receiptKey = printVerifierKey(key);
  await recordOwn(journal, { kind: 'key', act: 'receipt key', details: { receiptKey }, disclosed: { receiptKey } });
}

/** Records what the gateway does by itself. */
async function recordOwn(journal: Journal, act: Omit<ActRecord, 'requestId' | 'time' | 'operator'>): Promise<void> {
  const time = systemClock.now();
  const requestId = createRequestId(time, randomBytes(10));
  await journal.append({ ...act, operator: 'gateway', requestId, time }, gatewayOwner);
}

async function toSinkSettings(sink: Config['audit']['sinks'][number]): Promise<SinkSettings> {
  if (sink.kind === 'file') return sink;
  if (sink.kind === 's3') {
    const { kind, name, ...place } = sink;
    return { kind, name, place };
  }
  const { token, ...settings } = sink;
  if (token === undefined) return settings;
  const sources = { env: process.env, readFile: (path: string) => readFile(path, 'utf8') };
  return { ...settings, token: await resolveSecret(token, sources) };
}
