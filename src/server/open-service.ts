import { createRecordAudit, type FoundRecord } from '../audit/index.ts';
import type { Authorizer, RequestId } from '../core/index.ts';
import { createDocumentReader } from '../documents/index.ts';
import type { Logger, Metrics } from '../telemetry/index.ts';
import { createDataDirectory, lockDataDirectory } from './data-directory.ts';
import { beginFips } from './fips.ts';
import type { OpenRooms } from './joined-rooms.ts';
import { openKeyRing, readKeyRingSource } from './key-ring.ts';
import { readKmsWrapping } from './kms-keys.ts';
import { openSetupState } from './opened-state.ts';
import { createProviders } from './providers.ts';
import { toRecordPlace } from './record-place.ts';
import { type OpenRecordOptions, openRecord } from './sequencing/open-record.ts';
import type { Setup } from './setup.ts';

export interface Opening extends Setup {
  readonly authorizer: Authorizer;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'requestBegun' | 'requestEnded' | 'watchRecord'>;
  /** Who takes the journal into the log. Default: the configuration. */
  readonly sequencer?: OpenRecordOptions['sequencer'];
}

/** What is open, but for the front doors. */
export interface OpenService extends OpenRooms {
  /** Heeds what other processes have erased meanwhile, where the process may have been stopped. Cheap where nothing is due. */
  refresh(): Promise<void>;
  /** What the record has of a request, in the order it was written. */
  findRecords(id: RequestId): Promise<readonly FoundRecord[]>;
}

/** What to undo, in reverse order. */
export type Closers = (() => Promise<void> | void)[];

/** Makes the data directory, and takes it for this process. With the state in DynamoDB there is none. */
export async function takeDataDirectory(
  { config, directory }: Pick<Setup, 'config' | 'directory'>,
  closers: Closers,
): Promise<void> {
  if (config.state.kind !== 'file') return;
  await createDataDirectory(directory);
  const lock = lockDataDirectory(directory);
  closers.push(() => lock.release());
}

/**
 * Opens all that answering takes, apart from the front doors: state, record, providers and the reader of documents. What
 * closes them goes on `closers` one by one, so that of a failed opening nothing stays open.
 */
export async function openService(setup: Opening, closers: Closers): Promise<OpenService> {
  const { config, directory, authorizer, guardrails, logger, metrics, sequencer } = setup;
  beginFips(config, logger);
  const keyRingSource = await readKeyRingSource(config, directory);
  const keyRing = await openKeyRing(keyRingSource);
  const kms = await readKmsWrapping(config);
  const state = await openSetupState({ config, directory, keyRing });
  closers.push(() => state.close());
  const record = await openRecord({
    config,
    policyVersion: authorizer.version,
    directory,
    keyRing,
    keyRingSource,
    kms,
    state,
    logger,
    ...(sequencer === undefined ? {} : { sequencer }),
  });
  closers.push(() => record.close());
  const { journal, receipts, state: recordState } = record;
  metrics.watchRecord(recordState);
  const providers = await createProviders(config, logger);
  closers.push(async () => {
    await Promise.all([...providers.values()].map((provider) => provider.close()));
  });
  const documents = createDocumentReader();
  closers.push(async () => documents[Symbol.asyncDispose]());
  const { credentials, wrappedKeys: keys, index } = state;
  const openAudit = () => {
    const place = toRecordPlace({ config, directory });
    return createRecordAudit({ place, keyRing, keys, kms, index, origin: config.audit.origin });
  };
  return {
    config,
    authorizer,
    guardrails,
    credentials,
    keyRing,
    journal,
    receipts,
    recordState,
    refresh: record.refresh,
    findRecords: (id) => openAudit().find(id),
    providers,
    documents,
    logger,
    metrics,
  };
}

/** Undoes all of it; one that fails does not keep the rest from closing, the directory's lock least of all. */
export async function closeAll(closers: Closers): Promise<void> {
  const failures: unknown[] = [];
  for (const closer of closers.splice(0).reverse()) {
    try {
      await closer();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'the gateway did not close in order');
}
