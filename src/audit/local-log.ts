import type { HeadStore, KeyRing, RecordIndex, WrappedKeyStore } from '../core/index.ts';
import { localDisk } from './journal/disk-store.ts';
import { createJournalSource } from './journal/journal-source.ts';
import type { CheckpointSink } from './log/contracts.ts';
import { createIndexer, type Indexed } from './log/indexer.ts';
import { createLocalSigner } from './log/local-signer.ts';
import { parseLogHead } from './log/log-head.ts';
import { createLogReader } from './log/log-reader.ts';
import { type RestoredHead, restoreHead } from './log/restore-head.ts';
import { createSequencer, type Sequenced } from './log/sequencer.ts';
import { parseVerifierKey } from './log/signed-note.ts';
import { createDiskObjectStore } from './objects/disk-object-store.ts';
import { createLogObjects, type LogStore } from './objects/log-objects.ts';
import { createKeyWrapping, type KmsWrapping } from './record/key-wrapping.ts';
import { createRecordKeyFinder, createTenantAliases } from './record/record-keys.ts';
import type { KeptCheckpoint } from './verify/kept-checkpoints.ts';
import { createWitness } from './witness/witness-store.ts';

/** Where a gateway's record lies on its own disk. */
export interface LogDirectories {
  readonly journal: string;
  /** Tiles, segments and the checkpoint, where they are on the disk. */
  readonly log: string;
  /** Batches on their way into the log. */
  readonly staging: string;
}

export interface LocalLogOptions {
  readonly directories: LogDirectories;
  readonly keyRing: KeyRing;
  readonly keys: WrappedKeyStore;
  /** Keys of KMS that they are wrapped under; under the key ring unless told. */
  readonly kms?: KmsWrapping | undefined;
  readonly heads: HeadStore;
  readonly index: RecordIndex;
  /** The log's name in its checkpoints, and that of the key that signs them. */
  readonly origin: string;
  readonly sinks: readonly CheckpointSink[];
  readonly witnesses?: readonly WitnessSettings[];
  /** How many of them have to cosign a checkpoint before it is published; none unless told. */
  readonly requiredWitnesses?: number;
  /** Where the log's objects are; on the disk unless told. */
  readonly store?: LogStore;
}

export interface WitnessSettings {
  readonly url: string;
  /** Its verifier key, as signed notes print one. */
  readonly key: string;
}

export interface SequencedAndIndexed extends Sequenced {
  readonly indexed: Indexed;
}

/** Takes the journal of a disk into the log, beside it or in a bucket, and the log into the index. */
export interface LocalLog {
  /** One batch, and the index up to it. Rounds come one after another. */
  round(): Promise<SequencedAndIndexed>;
}

export function createLocalLog(options: LocalLogOptions): LocalLog {
  const {
    directories,
    keyRing,
    keys,
    kms,
    heads,
    index,
    origin,
    sinks,
    witnesses = [],
    requiredWitnesses: required = 0,
    store = { kind: 'disk' },
  } = options;
  const objects = createLogObjects(store, directories.log);
  const sequencer = createSequencer({
    source: createJournalSource({ disk: localDisk, directory: directories.journal }),
    heads,
    objects,
    staging: createDiskObjectStore({ directory: directories.staging }),
    signer: createLocalSigner(keyRing, origin),
    sinks,
    witnesses: {
      required,
      witnesses: witnesses.map(({ url, key }) =>
        createWitness({ url, key: parseVerifierKey(key), readTile: (path) => objects.read(path) }),
      ),
    },
  });
  const reading = { store: keys, wrapping: createKeyWrapping(keyRing, kms), toAlias: createTenantAliases(keyRing) };
  const indexer = createIndexer({
    reader: createLogReader(objects),
    index,
    // For one round: a key that is destroyed in the meantime is not held on to.
    openKeys: () => createRecordKeyFinder(reading),
  });
  return {
    async round() {
      const sequenced = await sequencer.run();
      return { ...sequenced, indexed: await indexer.run() };
    },
  };
}

/**
 * The checkpoint that the head was made with: what is published is as far as that, or further. Undefined where there is
 * none, or it is on its way.
 */
export async function readOwnCheckpoint({
  directories,
  heads,
}: Pick<LocalLogOptions, 'directories' | 'heads'>): Promise<KeptCheckpoint | undefined> {
  const bytes = await heads.read();
  if (bytes === undefined) return undefined;
  const { checkpoint: note, staged } = parseLogHead(bytes);
  const staging = createDiskObjectStore({ directory: directories.staging });
  const isOnItsWay = staged !== '' && (await staging.read(staged)) !== undefined;
  return isOnItsWay ? undefined : { source: 'the state', note, isOwn: true };
}

/** Makes the head anew from the published log. Rejects with a `HeadNotRestoredError`. */
export function restoreLocalHead({
  directories,
  store = { kind: 'disk' },
  heads,
  keyRing,
  origin,
}: Pick<LocalLogOptions, 'directories' | 'store' | 'heads' | 'keyRing' | 'origin'>): Promise<RestoredHead> {
  const reader = createLogReader(createLogObjects(store, directories.log));
  return restoreHead({ heads, reader, signer: createLocalSigner(keyRing, origin) });
}
