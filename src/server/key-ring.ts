import { existsSync, statSync } from 'node:fs';
import { type Config, resolveSecret } from '../config/index.ts';
import type { KeyRing } from '../core/index.ts';
import { createLocalKeyRing, createSecretKeyRing } from '../state/index.ts';
import type { DataDirectory } from './data-directory.ts';
import { createSecretSources } from './secret-sources.ts';
import { opening, StartError } from './start-error.ts';

/**
 * What a key ring is opened with: a key file, or a secret that the root key is made from. Plain data, which goes to a
 * thread within the memory of the process and never to a disk.
 */
export type KeyRingSource =
  | { readonly keyFile: string; readonly passphrase?: string }
  | { readonly rootSecret: string };

/**
 * Reads the root secret or the passphrase, where the configuration names one. Rejects with a `ConfigError` where it is not
 * there, and with a `StartError` where the key file is missing beside a state that was made with it: a new one would only
 * hide that.
 */
export async function readKeyRingSource(config: Config, directory: DataDirectory): Promise<KeyRingSource> {
  const { root, passphrase } = config.keys;
  const { keyFile, stateFile } = directory;
  if (root !== undefined) {
    if (existsSync(keyFile)) {
      throw new StartError(`${keyFile} is there: what was made with it cannot be read with the keys of \`keys.root\``);
    }
    return { rootSecret: await resolveSecret(root, createSecretSources(config)) };
  }
  if (!existsSync(keyFile) && statSync(stateFile, { throwIfNoEntry: false })?.isFile()) {
    throw new StartError(`${keyFile} is missing: put it back from its copy, for nothing here can be read without it`);
  }
  if (passphrase === undefined) return { keyFile };
  return { keyFile, passphrase: await resolveSecret(passphrase, createSecretSources(config)) };
}

/** Opens the key ring. Rejects with a `StartError` where it cannot be. */
export function openKeyRing(source: KeyRingSource): Promise<KeyRing> {
  if ('rootSecret' in source) {
    return opening('the key ring of `keys.root`', async () => createSecretKeyRing(source.rootSecret));
  }
  const { keyFile, ...options } = source;
  return opening(`the key ring ${keyFile}`, () => createLocalKeyRing(keyFile, options));
}
