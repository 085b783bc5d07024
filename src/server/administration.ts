import { type JournalReader as AuditReader, openJournalReader } from '../audit/index.ts';
import type { Config } from '../config/index.ts';
import type { Clock, CredentialStore, KeyRing } from '../core/index.ts';
import { createLocalKeyRing, openState } from '../state/index.ts';
import { createDataDirectory } from './data-directory.ts';
import { loadSetup, type SetupOptions } from './setup.ts';
import { systemClock } from './system-clock.ts';

/** What commands work on, beside a running gateway or without one. */
export interface Administration extends AsyncDisposable {
  readonly config: Config;
  readonly credentials: CredentialStore;
  readonly keyRing: KeyRing;
  readonly journal: AuditReader;
  readonly clock: Clock;
}

export async function openAdministration(options: SetupOptions): Promise<Administration> {
  const { config, directory } = await loadSetup(options);
  await createDataDirectory(directory);
  const keyRing = await createLocalKeyRing(directory.keyFile);
  const state = await openState({ file: directory.stateFile, keyRing });
  return {
    config,
    credentials: state.credentials,
    keyRing,
    journal: openJournalReader({ directory: directory.auditDirectory, keys: state.wrappedKeys, keyRing }),
    clock: systemClock,
    [Symbol.asyncDispose]: async () => state.close(),
  };
}
