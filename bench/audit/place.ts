import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { createRecordAudit, type RecordAudit } from '../../src/audit/index.ts';
import { type OpenedJournal, openJournalOn } from '../../src/audit/journal/journal.ts';
import type { KeyRing } from '../../src/core/index.ts';
import {
  createDataDirectory,
  createWriterLocks,
  type DataDirectory,
  toDataDirectory,
  toLogDirectories,
} from '../../src/server/data-directory.ts';
import { systemClock } from '../../src/server/system-clock.ts';
import { createLocalKeyRing, openState, type State } from '../../src/state/index.ts';
import { type Commits, createCountingDisk } from './counting-disk.ts';

export const ORIGIN = 'sallyport/bench';

/** A data directory as a gateway has it, with its keys and its state, and no gateway on it. */
export interface Place extends AsyncDisposable {
  readonly directory: DataDirectory;
  readonly keyRing: KeyRing;
  readonly state: State;
  readonly audit: RecordAudit;
  /** What the journals that are opened here hand to the disk. */
  readonly commits: Commits;
  openJournal(): Promise<OpenedJournal>;
}

/** Makes one within `parent`; it is removed when it is disposed of. */
export async function createPlace(parent: string): Promise<Place> {
  const directory = toDataDirectory(await mkdtemp(join(parent, 'place-')));
  await createDataDirectory(directory);
  const keyRing = await createLocalKeyRing(directory.keyFile);
  const state = await openState({ file: directory.stateFile, keyRing });
  const { disk, commits } = createCountingDisk();
  const keys = state.wrappedKeys;
  const own = { keyRing, keys, clock: systemClock, locks: createWriterLocks(directory) };
  return {
    directory,
    keyRing,
    state,
    commits,
    audit: createRecordAudit({
      place: { kind: 'disk', directories: toLogDirectories(directory) },
      keyRing,
      keys,
      index: state.index,
      origin: ORIGIN,
    }),
    openJournal: () => openJournalOn(disk, { directory: directory.journalDirectory, ...own }),
    async [Symbol.asyncDispose]() {
      state.close();
      rmSync(directory.path, { recursive: true, force: true });
    },
  };
}
