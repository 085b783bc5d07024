import type { DynamoDBTableOptions } from '../aws/index.ts';
import type { RequestId } from '../core/index.ts';
import { createJournalTableAt } from './dynamodb/journal-table-store.ts';
import { openTableJournal, type TableJournalOptions } from './dynamodb/table-journal.ts';
import { findTableEntries, scanTableJournal } from './dynamodb/table-reader.ts';
import { localDisk } from './journal/disk-store.ts';
import type { OpenedJournal } from './journal/journal.ts';
import { findEntries } from './journal/journal-reader.ts';
import type { PlacedEntry } from './journal/series.ts';
import type { ObjectStore } from './log/contracts.ts';
import { createDiskObjectStore } from './objects/disk-object-store.ts';
import { createLogObjects, type LogStore, type S3LogStore } from './objects/log-objects.ts';
import { type ScannedJournal, scanJournal } from './verify/verify-journal.ts';

/** Where a gateway's record lies on its own disk. */
export interface LogDirectories {
  readonly journal: string;
  /** Tiles, segments and the checkpoint, where they are on the disk. */
  readonly log: string;
  /** Batches on their way into the log. */
  readonly staging: string;
}

/** A record whose journal is in files. */
export interface DiskPlace {
  readonly kind: 'disk';
  readonly directories: LogDirectories;
  /** Where the log's objects are; on the disk unless told. */
  readonly store?: LogStore;
}

/** A record of which nothing is on a disk: its journal is in a table, and all else in a bucket. */
export interface TablePlace {
  readonly kind: 'dynamodb';
  readonly journal: DynamoDBTableOptions;
  readonly store: S3LogStore;
}

/** Where a record is, as plain data that goes to any thread. */
export type RecordPlace = DiskPlace | TablePlace;

/** The objects of the log there. */
export function createObjectsAt(place: RecordPlace): ObjectStore {
  if (place.kind === 'dynamodb') return createLogObjects(place.store, '');
  return createLogObjects(place.store ?? { kind: 'disk' }, place.directories.log);
}

/** Where batches are staged there: in a bucket beside the log, and never locked. */
export function createStagingAt(place: RecordPlace): ObjectStore {
  if (place.kind === 'dynamodb') return createObjectsAt(place);
  return createDiskObjectStore({ directory: place.directories.staging });
}

/** The journal there, as it is read by who does not sequence it. */
export interface JournalReader {
  /** The entries of an exchange in the order they were written. Rejects with a `JournalDamageError`. */
  findEntries(id: RequestId): Promise<readonly PlacedEntry[]>;
  /** All of it that may not be in the log. */
  scan(): Promise<ScannedJournal>;
}

export function createJournalReaderAt(place: RecordPlace): JournalReader {
  if (place.kind === 'disk') {
    const { journal } = place.directories;
    return { findEntries: (id) => findEntries(localDisk, journal, id), scan: () => scanJournal(localDisk, journal) };
  }
  const options = { table: createJournalTableAt(place.journal), large: createObjectsAt(place) };
  return { findEntries: (id) => findTableEntries(options, id), scan: () => scanTableJournal(options) };
}

/** As `openTableJournal`, at a place, with credentials of the AWS SDK's chain. */
export function openTableJournalAt(
  place: TablePlace,
  options: Omit<TableJournalOptions, 'table' | 'large'>,
): Promise<OpenedJournal> {
  return openTableJournal({ ...options, table: createJournalTableAt(place.journal), large: createObjectsAt(place) });
}
