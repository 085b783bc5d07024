import { randomBytes } from 'node:crypto';
import { createLocalAudit, type LocalAudit, openJournal } from '../audit/index.ts';
import type { Config } from '../config/index.ts';
import type { ActRecord, Clock, CredentialStore, HoldStore, KeyRing, WrappedKeyStore } from '../core/index.ts';
import { createRequestId, gatewayOwner } from '../core/index.ts';
import { openState } from '../state/index.ts';
import { createDataDirectory, createWriterLocks, type DataDirectory, toLogDirectories } from './data-directory.ts';
import { openKeyRing, readKeyRingSource } from './key-ring.ts';
import { loadSetup, type SetupOptions } from './setup.ts';
import { opening } from './start-error.ts';
import { systemClock } from './system-clock.ts';

/** What commands work on, beside a running gateway or without one. */
export interface Administration extends AsyncDisposable {
  readonly config: Config;
  readonly credentials: CredentialStore;
  readonly keyRing: KeyRing;
  readonly directory: DataDirectory;
  readonly audit: LocalAudit;
  readonly wrappedKeys: WrappedKeyStore;
  readonly holds: HoldStore;
  readonly clock: Clock;
  /** Makes an act durable in the journal; the gateway takes it into the log, or the next one that starts. */
  recordAct(act: Omit<ActRecord, 'requestId' | 'time'>): Promise<void>;
}

export async function openAdministration(options: SetupOptions): Promise<Administration> {
  const { config, directory } = await loadSetup(options);
  await createDataDirectory(directory);
  const keyRing = await openKeyRing(await readKeyRingSource(config, directory));
  const state = await opening('the state', () => openState({ file: directory.stateFile, keyRing }));
  return {
    config,
    credentials: state.credentials,
    keyRing,
    directory,
    audit: createLocalAudit({
      directories: toLogDirectories(directory),
      keyRing,
      keys: state.wrappedKeys,
      index: state.index,
      origin: config.audit.origin,
    }),
    wrappedKeys: state.wrappedKeys,
    holds: state.holds,
    clock: systemClock,
    recordAct: (act) => recordAct(act, { directory, keyRing, keys: state.wrappedKeys }),
    [Symbol.asyncDispose]: async () => state.close(),
  };
}

interface ActRecording {
  readonly directory: DataDirectory;
  readonly keyRing: KeyRing;
  readonly keys: WrappedKeyStore;
}

/** A writer of its own for one act: beside a gateway that runs, whose journal is its own. */
async function recordAct(act: Omit<ActRecord, 'requestId' | 'time'>, recording: ActRecording): Promise<void> {
  const { directory, ...keys } = recording;
  const locks = createWriterLocks(directory);
  const place = { directory: directory.journalDirectory, clock: systemClock, locks, recovers: false };
  const journal = await openJournal({ ...place, ...keys });
  try {
    const time = systemClock.now();
    await journal.append({ ...act, requestId: createRequestId(time, randomBytes(10)), time }, gatewayOwner);
  } finally {
    await journal.close();
  }
}
