import { openJournalReader } from '../audit/index.ts';
import type { Config } from '../config/index.ts';
import type { Clock, CredentialStore, JournalReader, KeyRing } from '../core/index.ts';
import { createLocalKeyRing, openState } from '../state/index.ts';
import { createDataDirectory } from './data-directory.ts';
import { loadSetup, type SetupOptions } from './setup.ts';
import { opening } from './start-error.ts';
import { systemClock } from './system-clock.ts';

/** What commands work on, beside a running gateway or without one. */
export interface Administration extends AsyncDisposable {
  readonly config: Config;
  readonly credentials: CredentialStore;
  readonly keyRing: KeyRing;
  readonly journal: JournalReader;
  readonly clock: Clock;
}

export async function openAdministration(options: SetupOptions): Promise<Administration> {
  const { config, directory } = await loadSetup(options);
  await createDataDirectory(directory);
  const keyRing = await opening(`the key ring ${directory.keyFile}`, () => createLocalKeyRing(directory.keyFile));
  const state = await opening('the state', () => openState({ file: directory.stateFile, keyRing }));
  return {
    config,
    credentials: state.credentials,
    keyRing,
    journal: openJournalReader({ directory: directory.journalDirectory, keys: state.wrappedKeys, keyRing }),
    clock: systemClock,
    [Symbol.asyncDispose]: async () => state.close(),
  };
}
