import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import {
  createRecordAudit,
  type KeptCheckpoint,
  type KmsWrapping,
  type RecordAudit,
  type RecordPlace,
  type RestoredHead,
  readOwnCheckpoint,
  restoreLogHead,
} from '../audit/index.ts';
import type { Config } from '../config/index.ts';
import type { ActRecord, Clock, CredentialStore, HoldStore, KeyRing, WrappedKeyStore } from '../core/index.ts';
import { createRequestId, gatewayOwner } from '../core/index.ts';
import { type BodyExport, type BodyReading, permitExport, permitReading } from './body-reading.ts';
import { createDataDirectory, type DataDirectory } from './data-directory.ts';
import { beginFips } from './fips.ts';
import { openKeyRing, readKeyRingSource } from './key-ring.ts';
import { readKmsWrapping } from './kms-keys.ts';
import { openSetupState } from './opened-state.ts';
import { openJournalAt, toRecordPlace } from './record-place.ts';
import { createSetupReadingAuthorizer, loadSetup, readApprovers, type SetupOptions } from './setup.ts';
import { StartError } from './start-error.ts';
import { systemClock } from './system-clock.ts';

type NewAct = Omit<ActRecord, 'requestId' | 'time'>;

/** What commands work on, beside a running gateway or without one. */
export interface Administration extends AsyncDisposable {
  readonly config: Config;
  readonly credentials: CredentialStore;
  readonly keyRing: KeyRing;
  readonly directory: DataDirectory;
  readonly audit: RecordAudit;
  readonly wrappedKeys: WrappedKeyStore;
  readonly holds: HoldStore;
  readonly clock: Clock;
  /** The checkpoint that the state has, which the published log is to go on from. Undefined where there is none yet. */
  ownCheckpoint(): Promise<KeptCheckpoint | undefined>;
  /** Makes the log's head anew from the published log. Rejects with a `HeadNotRestoredError`. */
  restoreHead(): Promise<RestoredHead>;
  /** Makes an act durable in the journal; the gateway takes it into the log, or the next one that starts. */
  recordAct(act: NewAct): Promise<void>;
  /** Asks the policies whether this may be read, and records the answer. Rejects with a `ReadingRefusedError` where not. */
  permitReading(reading: BodyReading): Promise<void>;
  /** The same of all that is to be exported. */
  permitExport(reading: BodyExport): Promise<void>;
}

interface AdministrationOptions extends SetupOptions {
  /** Whether a data directory that is not there is made. A command that reads must not find a new and empty one whole. */
  readonly absent?: 'made' | 'refused';
}

/** Rejects with a `StartError` where there is no data directory, unless it is to be made. */
export async function openAdministration({
  absent = 'refused',
  ...options
}: AdministrationOptions): Promise<Administration> {
  const { config, directory } = await loadSetup(options);
  beginFips(config);
  if (absent === 'refused' && config.state.kind === 'file') refuseAbsent(directory);
  if (config.state.kind === 'file') await createDataDirectory(directory);
  const keyRing = await openKeyRing(await readKeyRingSource(config, directory));
  const kms = await readKmsWrapping(config);
  const state = await openSetupState({ config, directory, keyRing });
  const { origin } = config.audit;
  const place = toRecordPlace({ config, directory });
  const log = { place, keyRing, kms, origin };
  const record = (act: NewAct) => recordAct(act, { place, directory, keyRing, kms, keys: state.wrappedKeys });
  const reading = () => ({
    authorizer: createSetupReadingAuthorizer({ config }),
    approvers: readApprovers({ config }),
    origin,
    clock: systemClock,
    recordAct: record,
  });
  return {
    config,
    credentials: state.credentials,
    keyRing,
    directory,
    audit: createRecordAudit({ ...log, keys: state.wrappedKeys, index: state.index }),
    wrappedKeys: state.wrappedKeys,
    holds: state.holds,
    clock: systemClock,
    ownCheckpoint: () => readOwnCheckpoint({ place, heads: state.heads }),
    restoreHead: () => restoreLogHead({ ...log, heads: state.heads }),
    recordAct: record,
    permitReading: async (asked) => permitReading(asked, reading()),
    permitExport: async (asked) => permitExport(asked, reading()),
    [Symbol.asyncDispose]: async () => state.close(),
  };
}

function refuseAbsent({ path, keyFile, stateFile }: DataDirectory): void {
  if (existsSync(stateFile)) return;
  if (!existsSync(keyFile)) {
    throw new StartError(`${path} is no data directory of a gateway: start one, or name it with --data`);
  }
  throw new StartError(`${stateFile} is missing: put it back from a backup, or have \`start\` make a new one`);
}

interface ActRecording {
  readonly place: RecordPlace;
  readonly directory: DataDirectory;
  readonly keyRing: KeyRing;
  readonly kms: KmsWrapping | undefined;
  readonly keys: WrappedKeyStore;
}

/** A writer of its own for one act: beside a gateway that runs, whose journal is its own. */
async function recordAct(act: NewAct, recording: ActRecording): Promise<void> {
  const { directory, place, ...keys } = recording;
  const journal = await openJournalAt(place, { ...keys, clock: systemClock, recovers: false }, directory);
  try {
    const time = systemClock.now();
    await journal.append({ ...act, requestId: createRequestId(time, randomBytes(10)), time }, gatewayOwner);
  } finally {
    await journal.close();
  }
}
