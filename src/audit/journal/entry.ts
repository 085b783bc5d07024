import type { JournalRecord, RequestId } from '../../core/index.ts';
import { beginLeaf, endLeaf, type LeafPlace, leafLength, parseLeaf, sha256 } from '../record/leaf.ts';
import { prepareRecord, sealedLength, writeSealed } from '../record/record-cipher.ts';
import type { RecordKey } from '../record/record-keys.ts';
import { parseSealed } from '../record/sealed-record.ts';
import { BEFORE_LEAF, beginPayload, leafHashIn, partsOf } from './entry-payload.ts';
import { beginFrame, endFrame, PRELUDE } from './frame.ts';

/** An entry of the journal, read without keys. */
export interface Entry extends LeafPlace {
  readonly leaf: Uint8Array;
  readonly sealed: Uint8Array;
  readonly requestId: RequestId;
  /** 16 bytes that name the record key. */
  readonly keyId: Uint8Array;
}

/** An entry in its frame. */
export interface SealedEntry {
  readonly frame: Buffer;
  /** Merkle leaf hash. */
  readonly leafHash: Uint8Array;
}

/** Where a record is to stand. */
export type EntryPlace = Pick<LeafPlace, 'writer' | 'counter' | 'previous'>;

interface Sealing {
  readonly key: RecordKey;
  readonly place: EntryPlace;
  /** 64 fresh random bytes. */
  readonly salts: Uint8Array;
}

/** Encrypts a record and writes its entry, in its frame, once and where it stays: every length is known beforehand. */
export function sealEntry(record: JournalRecord, { key, place, salts }: Sealing): SealedEntry {
  const prepared = prepareRecord(record, salts);
  const leaf = { type: record.kind, time: record.time, tenantAlias: key.tenantAlias, ...place };
  const leafBytes = leafLength(leaf);
  const length = BEFORE_LEAF + leafBytes + sealedLength(prepared, key);
  const frame = beginFrame('entry', length);
  beginPayload(frame.subarray(PRELUDE), leafBytes);
  const start = PRELUDE + BEFORE_LEAF;
  const leafTarget = { bytes: frame, at: start };
  beginLeaf(leafTarget, { ...leaf, ...prepared.commitments });
  const target = { bytes: frame, at: start + leafBytes };
  const boundLeaf = frame.subarray(start, leafTarget.at);
  writeSealed(target, prepared, { key, writer: place.writer, counter: place.counter, boundLeaf });
  endLeaf(leafTarget, sha256(frame.subarray(start + leafBytes, target.at)));
  // A part longer or shorter than it was counted as would stand over another, or leave foreign bytes between them.
  const isExact = leafTarget.at === start + leafBytes && target.at === PRELUDE + length;
  if (!isExact) throw new RangeError('an entry is not as long as it was counted');
  const leafHash = leafHashIn(frame.subarray(PRELUDE), leafBytes);
  endFrame(frame, leafHash);
  return { frame, leafHash };
}

/** Reads a payload; throws where it is not an entry of this version. */
export function parseEntry(payload: Uint8Array): Entry {
  const { leaf, sealed } = partsOf(payload);
  const { requestId, keyId } = parseSealed(sealed);
  return { ...parseLeaf(leaf), leaf, sealed, requestId, keyId };
}
