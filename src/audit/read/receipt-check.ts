import type { ObjectStore } from '../log/contracts.ts';
import { hashesOf, TILE_WIDTH, toTilePath } from '../log/tile.ts';
import { parseReceipt, type ReadReceipt } from '../receipt/receipt.ts';

/** What became of a promise. */
export type CheckedReceipt = { readonly receipt: ReadReceipt } & (
  | { readonly kind: 'kept'; readonly index: number }
  /** Its time has not come yet. */
  | { readonly kind: 'pending' }
  /** It should be in the log, and is not. */
  | { readonly kind: 'broken' }
  /** No key of this log signed it. */
  | { readonly kind: 'foreign' }
);

interface ReceiptCheckOptions {
  readonly objects: ObjectStore;
  readonly origin: string;
  /** Entries in the published log. */
  readonly size: number;
  /** Public keys of receipts that the log certifies. */
  readonly keys: readonly Uint8Array[];
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Looks a receipt's entry up in the log. Throws for what is no receipt. */
export async function checkReceipt(text: string, options: ReceiptCheckOptions): Promise<CheckedReceipt> {
  const { objects, origin, size, keys, now } = options;
  const receipt = parseReceipt(text);
  if (receipt.origin !== origin || !keys.some((key) => receipt.isSignedBy(key))) return { kind: 'foreign', receipt };
  const index = await findLeaf(objects, size, receipt.leafHash);
  if (index !== undefined) return { kind: 'kept', receipt, index };
  return { kind: now <= receipt.time + receipt.maximumMergeDelay ? 'pending' : 'broken', receipt };
}

/** The index of the leaf with this hash, the newest tiles first: receipts are checked soon, as a rule. */
async function findLeaf(objects: ObjectStore, size: number, leafHash: Uint8Array): Promise<number | undefined> {
  for (let tile = Math.ceil(size / TILE_WIDTH) - 1; tile >= 0; tile -= 1) {
    const width = Math.min(TILE_WIDTH, size - tile * TILE_WIDTH);
    const place = { level: 0, index: tile };
    const partial = await objects.read(toTilePath({ ...place, width }));
    // Filled since the checkpoint was read.
    const bytes = partial ?? (await objects.read(toTilePath({ ...place, width: TILE_WIDTH })));
    if (bytes === undefined) throw new Error(`the log lacks \`${toTilePath({ ...place, width })}\``);
    const at = hashesOf(bytes).findIndex((hash) => Buffer.compare(hash, leafHash) === 0);
    if (at >= 0) return tile * TILE_WIDTH + at;
  }
  return undefined;
}
