import { readFile } from 'node:fs/promises';
import { type Config, resolveSecret } from '../config/index.ts';
import type { KeyRing } from '../core/index.ts';
import { createLocalKeyRing } from '../state/index.ts';
import type { DataDirectory } from './data-directory.ts';
import { opening } from './start-error.ts';

/** What the key ring of a data directory is opened with. */
export interface KeyRingSource {
  readonly keyFile: string;
  readonly passphrase?: string;
}

/** Reads the passphrase, where the configuration names one. Rejects with a `ConfigError` where it is not there. */
export async function readKeyRingSource({ keys }: Config, { keyFile }: DataDirectory): Promise<KeyRingSource> {
  if (keys.passphrase === undefined) return { keyFile };
  const sources = { env: process.env, readFile: (path: string) => readFile(path, 'utf8') };
  return { keyFile, passphrase: await resolveSecret(keys.passphrase, sources) };
}

/** Opens the key ring. Rejects with a `StartError` where it cannot be. */
export function openKeyRing({ keyFile, ...options }: KeyRingSource): Promise<KeyRing> {
  return opening(`the key ring ${keyFile}`, () => createLocalKeyRing(keyFile, options));
}
