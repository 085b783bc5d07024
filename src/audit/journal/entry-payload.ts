import { sealedHashOf, sha256 } from '../record/leaf.ts';

/** Bytes that say how long the leaf is. */
const LENGTH = 2;
/** What a leaf's hash is begun with (RFC 9162, section 2.1.1). It stands before the leaf, so that no hash takes a copy. */
const LEAF_PREFIX = 0x00;
export const BEFORE_LEAF = LENGTH + 1;

/** The payload of an entry's frame: the leaf's length, the prefix of its hash, the leaf, the sealed record. */
interface EntryParts {
  readonly leaf: Uint8Array;
  readonly sealed: Uint8Array;
}

/** Writes what comes before a leaf of `leafBytes` bytes. */
export function beginPayload(payload: Buffer, leafBytes: number): void {
  payload.writeUInt16BE(leafBytes, 0);
  payload[LENGTH] = LEAF_PREFIX;
}

/** The Merkle leaf hash, where the leaf of `leafBytes` bytes is written. */
export function leafHashIn(payload: Uint8Array, leafBytes: number): Uint8Array {
  return sha256(payload.subarray(LENGTH, BEFORE_LEAF + leafBytes));
}

/** The Merkle leaf hash of a payload that holds what its leaf commits to; undefined of any other. */
export function entryDigest(payload: Uint8Array): Uint8Array | undefined {
  const { leaf, sealed } = partsOf(payload);
  const isWhole = payload[LENGTH] === LEAF_PREFIX && Buffer.compare(sha256(sealed), sealedHashOf(leaf)) === 0;
  return isWhole ? leafHashIn(payload, leaf.length) : undefined;
}

export function partsOf(payload: Uint8Array): EntryParts {
  const [high = 0, low = 0] = payload;
  const end = BEFORE_LEAF + high * 0x100 + low;
  return { leaf: payload.subarray(BEFORE_LEAF, end), sealed: payload.subarray(end) };
}
