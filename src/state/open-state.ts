import type { KeyRing } from '../core/index.ts';
import type { State } from './state.ts';

export interface StateOptions {
  /** Path of the state file. Its directory must exist; the file is made where there is none. */
  readonly file: string;
  readonly keyRing: KeyRing;
}

/**
 * Opens the state file, encrypted under the key ring. Writes are on stable storage once they resolve.
 *
 * Rejects with a `StateError` where the file was encrypted under another key, or by a newer version.
 *
 * Trust: the cipher (AES-256-CBC of libsql) hides the content but does not authenticate it. Whoever can write the
 * file can put back an older one, and so undo a revocation; credentials bind their owner themselves.
 */
export async function openState(options: StateOptions): Promise<State> {
  // Its database is loaded only here: a gateway that has its state in DynamoDB starts without it.
  const { openFileState } = await import('./file-state.ts');
  return openFileState(options);
}
