import { randomBytes } from 'node:crypto';
import type { Caller, Clock, Journal, JournalRecord, KeyRing, WrappedKeyStore } from '../core/index.ts';
import { GatewayError } from '../core/index.ts';
import type { JournalDisk } from './disk.ts';
import { localDisk } from './disk-store.ts';
import type { EntryHead } from './entry.ts';
import { createFileSeries, type FileSeries, type FramedEntry } from './file-series.ts';
import { createGroupCommit } from './group-commit.ts';
import { START_OF_CHAIN } from './journal-file.ts';
import { createKeyWrapping, type KeyWrapping } from './key-wrapping.ts';
import { sealEntry } from './record-cipher.ts';
import { createRecordKeyFinder, createRecordKeys, type RecordKey, type RecordKeys } from './record-keys.ts';
import { type Recovery, type Repair, recoverJournal } from './recovery.ts';

export interface JournalOptions {
  /** The journal's own directory, made if it is missing. INVARIANT: no other process has it open for writing. */
  readonly directory: string;
  readonly keyRing: KeyRing;
  readonly keys: WrappedKeyStore;
  readonly clock: Clock;
  /** A file of this many bytes is followed by a new one; 64 MiB unless told. */
  readonly fileBytes?: number;
  /** Bytes that may wait to be written; beyond it `append` rejects. 64 MiB unless told. */
  readonly queueBytes?: number;
}

/** An open journal, and what opening it had to put right. */
export interface OpenedJournal extends Journal {
  /** Ends of files that were taken off. For the operator: after a loss of power they are normal, else they are not. */
  readonly repairs: readonly Repair[];
  /** Exchanges of earlier runs that were closed as `interrupted`. */
  readonly interrupted: number;
}

const MEBIBYTE = 1024 * 1024;
const HELD_KEYS = 10_000;

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
  const writer = randomBytes(8);
  const wrapping = createKeyWrapping(keyRing);
  const keys = createRecordKeys({ store, wrapping, random: randomBytes, capacity: HELD_KEYS });
  await disk.prepare(directory);
  const name = writer.toString('hex');
  const [recovery] = await Promise.all([recoverJournal({ disk, directory, name }), wrapping.prepare()]);
  const series = await createFileSeries({ disk, directory, writer, fileBytes });
  try {
    const encode = createEncoder(writer);
    const interrupted = await closeInterrupted({ recovery, series, store, wrapping, encode, now: clock.now() });
    return { ...createJournal({ series, keys, encode, queueBytes }), repairs: recovery.repairs, interrupted };
  } catch (error) {
    await series.abandon();
    throw error;
  }
}

/** Encrypts and frames a record as the writer's next entry. Order of calls is order in the file. */
type Encoder = (record: JournalRecord, key: RecordKey) => FramedEntry;

function createEncoder(writer: Uint8Array): Encoder {
  let { counter, previous } = START_OF_CHAIN;
  return (record, key) => {
    const { kind: type, requestId, time } = record;
    const head: EntryHead = { writer, counter, previous, time, requestId, type, keyId: key.keyId };
    const { frame, digest } = sealEntry(record, head, key);
    counter += 1;
    previous = digest;
    return { head, frame, digest };
  };
}

interface Closing {
  readonly recovery: Recovery;
  readonly series: FileSeries;
  readonly store: WrappedKeyStore;
  readonly wrapping: KeyWrapping;
  readonly encode: Encoder;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Writes the response that an earlier run could not. Gives how many. */
async function closeInterrupted({ recovery, series, store, wrapping, encode, now }: Closing): Promise<number> {
  const findKey = createRecordKeyFinder(store, wrapping);
  const entries: FramedEntry[] = [];
  for (const [requestId, keyId] of recovery.open) {
    const key = await findKey(keyId);
    // Erased in the meantime: nobody can read the request, so there is nothing to complete.
    if (key === undefined) continue;
    const ending = { status: 'interrupted', findingCounts: {}, findings: [], bytesSent: 0 } as const;
    entries.push(encode({ kind: 'response', requestId, time: now, ...ending }, key));
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
}

function createJournal({ series, keys, encode, queueBytes }: JournalParts): Journal {
  const commits = createGroupCommit<FramedEntry>({ commit: series.append, sizeOf: ({ frame }) => frame.length });
  let closing: Promise<void> | undefined;

  /** Why the journal takes no record now. Asked before a counter is given, so that a refusal leaves no gap. */
  function refusal(): GatewayError | undefined {
    if (commits.failure !== undefined) return commits.failure;
    const isFull = commits.pendingBytes >= queueBytes;
    return isFull || closing !== undefined ? new GatewayError('journalUnavailable') : undefined;
  }

  function add(record: JournalRecord, key: RecordKey): Promise<void> {
    const refused = refusal();
    if (refused !== undefined) return Promise.reject(refused);
    try {
      return commits.add(encode(record, key));
    } catch (cause) {
      return Promise.reject(new GatewayError('journalUnavailable', { cause }));
    }
  }

  async function close(): Promise<void> {
    await commits.settled();
    await (commits.failure === undefined ? series.close() : series.abandon());
  }

  return {
    append(record: JournalRecord, { tenant, principal }: Caller) {
      const refused = refusal();
      if (refused !== undefined) return Promise.reject(refused);
      const key = keys.held(tenant, principal);
      return key === undefined ? keys.load(tenant, principal).then((loaded) => add(record, loaded)) : add(record, key);
    },
    isAvailable: () => commits.failure === undefined && closing === undefined,
    close() {
      closing ??= close();
      return closing;
    },
  };
}
