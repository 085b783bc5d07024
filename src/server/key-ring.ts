import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Config, resolveSecret } from '../config/index.ts';
import type { KeyRing } from '../core/index.ts';
import { createLocalKeyRing } from '../state/index.ts';
import type { DataDirectory } from './data-directory.ts';
import { opening, StartError } from './start-error.ts';

/** What the key ring of a data directory is opened with. */
export interface KeyRingSource {
  readonly keyFile: string;
  readonly passphrase?: string;
}

/**
 * Reads the passphrase, where the configuration names one. Rejects with a `ConfigError` where it is not there, and with a
 * `StartError` where the key file is missing beside a state that was made with it: a new one would only hide that.
 */
export async function readKeyRingSource({ keys }: Config, directory: DataDirectory): Promise<KeyRingSource> {
  const { keyFile, stateFile } = directory;
  if (!existsSync(keyFile) && statSync(stateFile, { throwIfNoEntry: false })?.isFile()) {
    throw new StartError(`${keyFile} is missing: put it back from its copy, for nothing here can be read without it`);
  }
  if (keys.passphrase === undefined) return { keyFile };
  const sources = { env: process.env, readFile: (path: string) => readFile(path, 'utf8') };
  return { keyFile, passphrase: await resolveSecret(keys.passphrase, sources) };
}

/** Opens the key ring. Rejects with a `StartError` where it cannot be. */
export function openKeyRing({ keyFile, ...options }: KeyRingSource): Promise<KeyRing> {
  return opening(`the key ring ${keyFile}`, () => createLocalKeyRing(keyFile, options));
}
