import { randomBytes } from 'node:crypto';
import type {
  Appended,
  Clock,
  Journal,
  JournalRecord,
  KeyRing,
  RecordOwner,
  WrappedKeyStore,
} from '../../core/index.ts';
import { GatewayError } from '../../core/index.ts';
import { createKeyWrapping, type KmsWrapping } from '../record/key-wrapping.ts';
import type { RecordKey, RecordKeyFinder, RecordKeys } from '../record/record-keys.ts';
import { createRecordKeyFinder, createRecordKeys, createTenantAliases } from '../record/record-keys.ts';
import type { JournalDisk } from './disk.ts';
import { localDisk } from './disk-store.ts';
import { createEncoder, createSalts, type Encoder } from './encoder.ts';
import { createErasureWatch } from './erasures.ts';
import { createFileSeries, type FileSeries, type FramedEntry } from './file-series.ts';
import { createGroupCommit } from './group-commit.ts';
import { type Recovery, type Repair, recoverJournal } from './recovery.ts';

export interface JournalOptions {
  /** The journal's own directory, made if it is missing. */
  readonly directory: string;
  readonly keyRing: KeyRing;
  readonly keys: WrappedKeyStore;
  /** Keys of KMS that they are wrapped under; under the key ring unless told. */
  readonly kms?: KmsWrapping | undefined;
  readonly clock: Clock;
  readonly locks: WriterLocks;
  /**
   * Whether what earlier writers left is repaired and closed; unless told it is. A command that only adds an act leaves
   * that to the gateway.
   */
  readonly recovers?: boolean;
  /** A file of this many bytes is followed by a new one; 64 MiB unless told. */
  readonly fileBytes?: number;
  /** Bytes that may wait to be written; beyond it `append` rejects. 64 MiB unless told. */
  readonly queueBytes?: number;
  /** Asked at each append: whether the log is so far behind that nothing more is to be recorded. */
  readonly isBehind?: () => boolean;
}

/** A writer's lock, held until it is released or the process ends, however it ends. */
export interface WriterLock {
  release(): void;
}

/** Tells writers that are at work from those that have ended. Writers are named by 16 hexadecimal digits. */
export interface WriterLocks {
  hold(writer: string): WriterLock;
  isHeld(writer: string): boolean;
}

/** An open journal, and what opening it had to put right. */
export interface OpenedJournal extends Journal {
  /** Ends of files that were taken off. For the operator: after a loss of power they are normal, else they are not. */
  readonly repairs: readonly Repair[];
  /** Exchanges of earlier runs that were closed as `interrupted`. */
  readonly interrupted: number;
  /** Whether a write has failed, so that nothing is recorded any more until the journal is opened anew. */
  hasFailed(): boolean;
  /** Lets go of a record key that was destroyed; what comes of its subject is encrypted under a new one. */
  forget(keyId: Uint8Array): void;
  /**
   * Heeds erasures by other processes, where the last look at them is more than a second ago. Called before records are
   * appended in a process that may have been frozen, and else once a second.
   */
  refresh(): Promise<void>;
}

const MEBIBYTE = 1024 * 1024;
const NOTHING_LEFT: Recovery = { open: new Map(), repairs: [], seal: async () => {} };
export const HELD_KEYS = 10_000;

/**
 * Opens the journal for a new writer, once what earlier writers left is repaired and closed.
 *
 * Throws `JournalDamageError` where an earlier file is broken elsewhere than at its end.
 */
export function openJournal(options: JournalOptions): Promise<OpenedJournal> {
  return openJournalOn(localDisk, options);
}

/** As `openJournal`, on a given disk. */
export async function openJournalOn(disk: JournalDisk, options: JournalOptions): Promise<OpenedJournal> {
  const { directory, keyRing, keys: store, clock, fileBytes = 64 * MEBIBYTE, queueBytes = 64 * MEBIBYTE } = options;
  const { isBehind = () => false, locks, recovers = true, kms } = options;
  const writer = randomBytes(8);
  const lock = locks.hold(writer.toString('hex'));
  const wrapping = createKeyWrapping(keyRing, kms);
  const naming = { store, wrapping, toAlias: createTenantAliases(keyRing) };
  const keys = createRecordKeys({ ...naming, random: randomBytes, capacity: HELD_KEYS, clock });
  await disk.prepare(directory);
  const name = writer.toString('hex');
  const recovering = recovers ? recoverJournal({ disk, directory, name, isLive: locks.isHeld }) : NOTHING_LEFT;
  const [recovery] = await Promise.all([recovering, wrapping.prepare()]);
  const series = await createFileSeries({ disk, directory, writer, fileBytes });
  try {
    const encode = createEncoder({ writer, takeSalts: createSalts(randomBytes) });
    const findKey = createRecordKeyFinder(naming);
    const interrupted = await closeInterrupted({ recovery, series, findKey, encode, now: clock.now() });
    return {
      ...createJournal({ series, keys, encode, queueBytes, isBehind, lock }),
      repairs: recovery.repairs,
      interrupted,
      forget: keys.forget,
      refresh: createErasureWatch({ keys: store, forget: keys.forget, clock }),
    };
  } catch (error) {
    await series.abandon();
    lock.release();
    throw error;
  }
}

interface Closing {
  readonly recovery: Recovery;
  readonly series: FileSeries;
  readonly findKey: RecordKeyFinder;
  readonly encode: Encoder;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Writes the response that an earlier run could not. Gives how many. */
async function closeInterrupted({ recovery, series, findKey, encode, now }: Closing): Promise<number> {
  const entries: FramedEntry[] = [];
  for (const [requestId, { keyId, leafHash }] of recovery.open) {
    const key = await findKey(keyId);
    // Erased in the meantime: nobody can read the request, so there is nothing to complete.
    if (key === undefined) continue;
    const ending = { status: 'interrupted', findingCounts: {}, findings: [], bytesSent: 0 } as const;
    entries.push(encode({ kind: 'response', requestId, time: now, ...ending }, key, leafHash));
  }
  if (entries.length > 0) await series.append(entries);
  await recovery.seal();
  return entries.length;
}

interface JournalParts {
  readonly series: FileSeries;
  readonly keys: RecordKeys;
  readonly encode: Encoder;
  readonly queueBytes: number;
  readonly isBehind: () => boolean;
  readonly lock: WriterLock;
}

function createJournal({
  series,
  keys,
  encode,
  queueBytes,
  isBehind,
  lock,
}: JournalParts): Journal & Pick<OpenedJournal, 'hasFailed'> {
  const commits = createGroupCommit<FramedEntry>({ commit: series.append, sizeOf: ({ frame }) => frame.length });
  let closing: Promise<void> | undefined;

  /** Why the journal takes no record now. Asked before a counter is given, so that a refusal leaves no gap. */
  function refusal({ kind }: JournalRecord): GatewayError | undefined {
    if (commits.failure !== undefined) return commits.failure;
    // What was begun before is still recorded to its end.
    const isFull = commits.pendingBytes >= queueBytes || (kind === 'request' && isBehind());
    return isFull || closing !== undefined ? new GatewayError('journalUnavailable') : undefined;
  }

  function add(record: JournalRecord, key: RecordKey): Promise<Appended> {
    const refused = refusal(record);
    if (refused !== undefined) return Promise.reject(refused);
    try {
      const entry = encode(record, key);
      return commits.add(entry).then(() => entry);
    } catch (cause) {
      return Promise.reject(new GatewayError('journalUnavailable', { cause }));
    }
  }

  async function close(): Promise<void> {
    await commits.settled();
    await (commits.failure === undefined ? series.close() : series.abandon());
    lock.release();
  }

  return {
    append(record: JournalRecord, { tenant, principal }: RecordOwner) {
      const refused = refusal(record);
      if (refused !== undefined) return Promise.reject(refused);
      const key = keys.held(tenant, principal);
      return key === undefined ? keys.load(tenant, principal).then((loaded) => add(record, loaded)) : add(record, key);
    },
    hasFailed: () => commits.failure !== undefined,
    isAvailable: () => commits.failure === undefined && closing === undefined && !isBehind(),
    close() {
      closing ??= close();
      return closing;
    },
  };
}
