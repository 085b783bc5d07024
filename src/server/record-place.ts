import {
  type JournalOptions,
  type OpenedJournal,
  openBacklogAt,
  openJournal,
  openTableJournalAt,
  type RecordPlace,
  type SharedBacklog,
  type TablePlace,
} from '../audit/index.ts';
import type { Config } from '../config/index.ts';
import type { State } from '../state/index.ts';
import { createWriterLocks, type DataDirectory, toLogDirectories } from './data-directory.ts';
import { systemClock } from './system-clock.ts';

interface SetupPlace {
  readonly config: Pick<Config, 'state' | 'audit' | 'fips'>;
  readonly directory: DataDirectory;
}

/** Where a configuration has the record: in the data directory, or in DynamoDB and S3 alone. */
export function toRecordPlace({ config, directory }: SetupPlace): RecordPlace {
  const { state, audit, fips } = config;
  const { store } = audit;
  // Whoever reads the configuration refuses a log on the disk beside a state in DynamoDB.
  if (state.kind === 'file' || store.kind === 'disk') {
    return { kind: 'disk', directories: toLogDirectories(directory), store };
  }
  const { region, endpoint, journalTable: table } = state;
  return {
    kind: 'dynamodb',
    journal: { region, table, fips, ...(endpoint === undefined ? {} : { endpoint }) },
    store,
  };
}

type OpeningOptions = Omit<JournalOptions, 'directory' | 'locks' | 'fileBytes'>;

/** Opens the journal at a place, for a new writer. */
export function openJournalAt(
  place: RecordPlace,
  { recovers = true, ...options }: OpeningOptions,
  directory: DataDirectory,
): Promise<OpenedJournal> {
  if (place.kind === 'dynamodb') return openTableJournalAt(place, options);
  const locks = createWriterLocks(directory);
  return openJournal({ ...options, recovers, locks, directory: place.directories.journal });
}

/** How far the log is behind, as all processes with that state tell each other. */
export function openSharedBacklog(place: TablePlace, { marks }: Pick<State, 'marks'>): SharedBacklog {
  return openBacklogAt(place, marks('backlog'), systemClock);
}
