import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createReceiptSigner, openJournal, printVerifierKey, toVerifierKey } from '../../audit/index.ts';
import { type Config, resolveSecret } from '../../config/index.ts';
import { createRequestId, gatewayOwner, type Journal, type KeyRing } from '../../core/index.ts';
import type { State } from '../../state/index.ts';
import type { Logger } from '../../telemetry/index.ts';
import { createWriterLocks, type DataDirectory, toLogDirectories } from '../data-directory.ts';
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
  /** Closes the journal, and takes the rest of it into the log. */
  close(): Promise<void>;
}

interface OpenRecordOptions {
  readonly config: Pick<Config, 'audit' | 'tenants'>;
  readonly directory: DataDirectory;
  readonly keyRing: KeyRing;
  readonly state: Pick<State, 'wrappedKeys' | 'index' | 'holds'>;
  readonly logger: Logger;
}

/** Until when an entry that was durable is in the log. A round comes at least every second; the rest is for its work. */
const MAXIMUM_MERGE_DELAY_MS = 5_000;
const INTERVAL_MS = 1_000;

export async function openRecord({
  config,
  directory,
  keyRing,
  state,
  logger,
}: OpenRecordOptions): Promise<OpenRecord> {
  const { wrappedKeys: keys } = state;
  const { origin, maxJournalBytes } = config.audit;
  const sinks = await Promise.all(config.audit.sinks.map(toSinkSettings));
  const { keyFile, stateFile } = directory;
  const directories = toLogDirectories(directory);
  const task = { directories, keyFile, stateFile, origin, sinks, intervalMs: INTERVAL_MS };
  let isBehind = () => false;
  const opened = await opening('the journal', () =>
    openJournal({
      directory: directories.journal,
      keys,
      keyRing,
      clock: systemClock,
      locks: createWriterLocks(directory),
      isBehind: () => isBehind(),
    }),
  );
  for (const { bytes } of opened.repairs) logger.info('journal repaired', { bytesTornOff: bytes });
  if (opened.interrupted > 0) logger.info('exchanges closed as interrupted', { count: opened.interrupted });
  const receipts = createReceiptSigner({ origin, maximumMergeDelay: MAXIMUM_MERGE_DELAY_MS });
  await certify(opened, toVerifierKey(`${origin}/receipts`, receipts.publicKey));
  const sequencing = startSequencing({ task, maxJournalBytes, logger });
  isBehind = sequencing.isBehind;
  const keeping = startKeeping({ config, directory, state, journal: opened, logger });
  return {
    journal: opened,
    receipts,
    async close() {
      await keeping.close();
      await opened.close();
      await sequencing.close();
    },
  };
}

/** Puts the key that signs this process's receipts into the log, where whoever checks one finds it. */
async function certify(journal: Journal, key: ReturnType<typeof toVerifierKey>): Promise<void> {
  const now = systemClock.now();
  const receiptKey = printVerifierKey(key);
  const act = { operator: 'gateway', act: 'receipt key', details: { receiptKey }, disclosed: { receiptKey } };
  const requestId = createRequestId(now, randomBytes(10));
  await journal.append({ kind: 'key', requestId, time: now, ...act }, gatewayOwner);
}

async function toSinkSettings(sink: Config['audit']['sinks'][number]): Promise<SinkSettings> {
  if (sink.kind === 'file') return sink;
  const { token, ...settings } = sink;
  if (token === undefined) return settings;
  const sources = { env: process.env, readFile: (path: string) => readFile(path, 'utf8') };
  return { ...settings, token: await resolveSecret(token, sources) };
}
