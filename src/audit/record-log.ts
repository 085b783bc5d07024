import { randomBytes } from 'node:crypto';
import type { Clock, HeadStore, KeyRing, RecordIndex, WrappedKeyStore } from '../core/index.ts';
import { type Backlog, type Weighing, weighBacklog } from './dynamodb/backlog.ts';
import { createBatchReader } from './dynamodb/batch-reader.ts';
import { createInterruptedCloser } from './dynamodb/interrupted.ts';
import { createJournalTableAt } from './dynamodb/journal-table-store.ts';
import { createTableSource } from './dynamodb/table-source.ts';
import { localDisk } from './journal/disk-store.ts';
import { createJournalSource } from './journal/journal-source.ts';
import type { CheckpointSink, JournalSource } from './log/contracts.ts';
import { createIndexer, type Indexed } from './log/indexer.ts';
import { createLocalSigner } from './log/local-signer.ts';
import { EMPTY_HEAD, type LogHead, parseLogHead } from './log/log-head.ts';
import { createLogReader } from './log/log-reader.ts';
import { type RestoredHead, restoreHead } from './log/restore-head.ts';
import { createSequencer, type Sequenced } from './log/sequencer.ts';
import { parseVerifierKey } from './log/signed-note.ts';
import { createKeyWrapping, type KmsWrapping } from './record/key-wrapping.ts';
import { createRecordKeyFinder, createTenantAliases, type RecordKeyFinder } from './record/record-keys.ts';
import { createObjectsAt, createStagingAt, type RecordPlace } from './record-place.ts';
import type { KeptCheckpoint } from './verify/kept-checkpoints.ts';
import { createWitness } from './witness/witness-store.ts';

export interface RecordLogOptions {
  readonly place: RecordPlace;
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
  readonly clock: Clock;
  /** Milliseconds that an exchange may take, where that is more than 20 minutes. */
  readonly longestExchangeMs?: number | undefined;
}

export interface WitnessSettings {
  readonly url: string;
  /** Its verifier key, as signed notes print one. */
  readonly key: string;
}

export interface SequencedAndIndexed extends Sequenced {
  readonly indexed: Indexed;
  /** Exchanges that were closed as interrupted, whose process ended before they did. */
  readonly interrupted: number;
}

/** Takes a journal into its log, and the log into the index. */
export interface RecordLog {
  /** One batch, and the index up to it. Rounds come one after another. */
  round(): Promise<SequencedAndIndexed>;
  /**
   * What is not in the published log now. Undefined of a journal in files, which say it themselves. Where the log cannot be
   * read before `late`, or lacks a batch that its head has, what the journal keeps for open exchanges is counted too.
   */
  backlog(late: AbortSignal): Promise<Backlog | undefined>;
}

export function createRecordLog(options: RecordLogOptions): RecordLog {
  const { place, keyRing, keys, kms, heads, index, origin, sinks, witnesses = [] } = options;
  const { requiredWitnesses: required = 0 } = options;
  const objects = createObjectsAt(place);
  const reading = { store: keys, wrapping: createKeyWrapping(keyRing, kms), toAlias: createTenantAliases(keyRing) };
  // For one round: a key that is destroyed in the meantime is not held on to.
  const openKeys = () => createRecordKeyFinder(reading);
  const journal = openSource({ ...options, openKeys });
  const sequencer = createSequencer({
    source: journal.source,
    heads,
    objects,
    staging: createStagingAt(place),
    signer: createLocalSigner(keyRing, origin),
    sinks,
    witnesses: {
      required,
      witnesses: witnesses.map(({ url, key }) =>
        createWitness({ url, key: parseVerifierKey(key), readTile: (path) => objects.read(path) }),
      ),
    },
  });
  const reader = createLogReader(objects);
  const indexer = createIndexer({ reader, index, openKeys });

  /** How far writers are in the published log; nothing is known of them where that is not as far as its head. */
  async function readPositions(late: AbortSignal): Promise<LogHead['writers']> {
    const bytes = await heads.read();
    const { size, writers } = bytes === undefined ? EMPTY_HEAD : parseLogHead(bytes);
    const published = await Promise.race([reader.checkpoint().catch(() => undefined), aborted(late)]);
    return (published?.size ?? 0) >= size ? writers : EMPTY_HEAD.writers;
  }

  return {
    async round() {
      const sequenced = await sequencer.run();
      const indexed = await indexer.run();
      const interrupted = await journal.settle(sequenced.writers);
      return { ...sequenced, indexed, interrupted, hasMore: sequenced.hasMore || interrupted > 0 };
    },

    async backlog(late) {
      if (journal.weigh === undefined) return undefined;
      const positions = await readPositions(late);
      return journal.weigh({ reached: (writer) => positions.get(writer)?.counter ?? 0 });
    },
  };
}

async function aborted(signal: AbortSignal): Promise<undefined> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

interface OpenedSource {
  readonly source: JournalSource;
  /** Lets go of what is in the log up to there, and closes what has no end to come; gives how many exchanges. */
  settle(positions: Sequenced['writers']): Promise<number>;
  /** Of a journal in a table. */
  readonly weigh?: (weighing: Weighing) => Promise<Backlog>;
}

type SourceOptions = RecordLogOptions & { readonly openKeys: () => RecordKeyFinder };

function openSource({ place, clock, index, openKeys, longestExchangeMs }: SourceOptions): OpenedSource {
  if (place.kind === 'disk') {
    const source = createJournalSource({ disk: localDisk, directory: place.directories.journal });
    // Each start of a gateway closes what an earlier one left.
    return { source, settle: async () => 0 };
  }
  const table = createJournalTableAt(place.journal);
  const large = createObjectsAt(place);
  const source = createTableSource({ table, large });
  const reader = createBatchReader({ table, large });
  const options = { table, source, reader, index, clock, openKeys, random: randomBytes, longestExchangeMs };
  const closeInterrupted = createInterruptedCloser(options);
  return {
    source,
    settle: async (positions) => closeInterrupted(await source.settle(positions)),
    weigh: (weighing) => weighBacklog({ table, clock }, weighing),
  };
}

/**
 * The checkpoint that the head was made with: what is published is as far as that, or further. Undefined where there is
 * none, or it is on its way.
 */
export async function readOwnCheckpoint({
  place,
  heads,
}: Pick<RecordLogOptions, 'place' | 'heads'>): Promise<KeptCheckpoint | undefined> {
  const bytes = await heads.read();
  if (bytes === undefined) return undefined;
  const { checkpoint: note, staged } = parseLogHead(bytes);
  const isOnItsWay = staged !== '' && (await createStagingAt(place).read(staged)) !== undefined;
  return isOnItsWay ? undefined : { source: 'the state', note, isOwn: true };
}

/** Makes the head anew from the published log. Rejects with a `HeadNotRestoredError`. */
export function restoreLogHead({
  place,
  heads,
  keyRing,
  origin,
}: Pick<RecordLogOptions, 'place' | 'heads' | 'keyRing' | 'origin'>): Promise<RestoredHead> {
  const reader = createLogReader(createObjectsAt(place));
  return restoreHead({ heads, reader, signer: createLocalSigner(keyRing, origin) });
}
