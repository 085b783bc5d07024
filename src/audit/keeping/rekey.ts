import type { WrappedKeyStore } from '../../core/index.ts';
import type { KeyWrapping } from '../record/key-wrapping.ts';

interface RekeyOptions {
  readonly keys: WrappedKeyStore;
  readonly wrapping: KeyWrapping;
}

/** What a change of the wrapping key came to. */
export interface Rekeyed {
  /** The wrapping key that is used from now on. */
  readonly generation: number;
  /** Record keys that were wrapped anew. */
  readonly keys: number;
}

/**
 * Begins a generation of the wrapping key, and wraps every record key anew under it. Records stay as they are. May be
 * done beside gateways that run, and again where it was cut off: a key is under the old one or the new.
 */
export async function rekey({ keys, wrapping }: RekeyOptions): Promise<Rekeyed> {
  const generation = await keys.advanceGeneration();
  let count = 0;
  for (const key of await keys.list()) {
    const dataKey = await wrapping.unwrap(key);
    const wrapped = await wrapping.wrap(dataKey, { ...key, generation });
    dataKey.fill(0);
    // False where it was destroyed in the meantime: then there is nothing to wrap.
    if (await keys.rewrap(key, { wrapped, generation })) count += 1;
  }
  return { generation, keys: count };
}
