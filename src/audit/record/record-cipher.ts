import { createCipheriv, createDecipheriv } from 'node:crypto';
import { encode } from 'cborg';
import type { JournalRecord } from '../../core/index.ts';
import { type CborTarget, headLength, writeBytes, writeHead, writeRaw } from './cbor-writer.ts';
import { boundPartOf, type LeafPlace, parseLeaf } from './leaf.ts';
import { commitmentsOf, fromPlaintext, type RecordContent, toPlaintext } from './record-content.ts';
import type { RecordKey } from './record-keys.ts';
import { joinRecord, splitRecord } from './record-parts.ts';
import { parseSealed, toIdBytes } from './sealed-record.ts';

const ALGORITHM = 'aes-256-gcm';
const TAG_BYTES = 16;
const IV_BYTES = 12;
const KID = 4;
const IV = 5;

/** Protected header: algorithm A256GCM (RFC 9053, section 4.1). */
const PROTECTED = encode(new Map([[1, 3]]));

/** What every Enc_structure (RFC 9052, section 5.3) begins with: an array of three, of which these are two. */
const ENC_STRUCTURE = Buffer.concat([Buffer.of(0x83), encode('Encrypt0'), encode(PROTECTED)]);

/** What every message begins with: the tag, an array of three, the protected header, a map of two. */
const MESSAGE = Buffer.concat([Buffer.of(0xd0, 0x83), encode(PROTECTED), Buffer.of(0xa2)]);

/** A record on its way into the journal: its plaintext, and what its leaf will say of it. */
export interface PreparedRecord {
  readonly id: Uint8Array;
  readonly plaintext: Buffer;
  readonly commitments: ReturnType<typeof commitmentsOf>;
  /** JSON in UTF-8 of what anybody may read of it. */
  readonly disclosed: Uint8Array | undefined;
}

/** A record as it was, and what it takes to show a part of it to somebody who has no key. */
export interface OpenedRecord {
  readonly record: JournalRecord;
  readonly content: RecordContent;
}

/**
 * Puts a record into its encrypted form's plaintext. `salts` are 64 fresh random bytes.
 *
 * The record is JSON inside: it keeps every string a caller sent, lone surrogates too, which CBOR text cannot, and
 * costs less than half.
 */
export function prepareRecord(record: JournalRecord, salts: Uint8Array): PreparedRecord {
  const { header, body } = splitRecord(record);
  const content = { header: toJson(header), body: toJson(body), salts };
  const disclosed = 'disclosed' in record ? record.disclosed : undefined;
  return {
    id: toIdBytes(record.requestId),
    plaintext: toPlaintext(content),
    commitments: commitmentsOf(content),
    disclosed: disclosed === undefined ? undefined : toJson(disclosed),
  };
}

/** Bytes that `writeSealed` writes. */
export function sealedLength({ id, plaintext, disclosed }: PreparedRecord, { keyId }: RecordKey): number {
  const unprotected = 2 + headLength(keyId.length) + keyId.length + headLength(IV_BYTES) + IV_BYTES;
  const length = plaintext.length + TAG_BYTES;
  const message = MESSAGE.length + unprotected + headLength(length) + length;
  const open = disclosed === undefined ? 0 : headLength(disclosed.length) + disclosed.length;
  return 1 + headLength(id.length) + id.length + message + open;
}

/** Which writer's which entry a record becomes, and what of its leaf it is bound to. */
export interface SealingPlace extends Pick<LeafPlace, 'writer' | 'counter'> {
  readonly boundLeaf: Uint8Array;
}

/**
 * Encrypts a record as COSE_Encrypt0 (RFC 9052, section 5.2) and writes it sealed. What stands of its leaf before, the
 * tenant, the subject, its id and what of it is disclosed are associated data, so that a ciphertext is of no use in
 * another place.
 */
export function writeSealed(target: CborTarget, prepared: PreparedRecord, sealing: SealingPlace & { key: RecordKey }) {
  const { id, plaintext, disclosed } = prepared;
  const { key, writer, counter, boundLeaf } = sealing;
  const iv = toIv(counter);
  const length = plaintext.length + TAG_BYTES;
  writeStart(target, { id, keyId: key.keyId, iv, length, isDisclosed: disclosed !== undefined });
  const cipher = createCipheriv(ALGORITHM, key.forWriter(writer), iv);
  cipher.setAAD(toAssociatedData(key, { boundLeaf, id, disclosed }));
  writeRaw(target, cipher.update(plaintext));
  cipher.final();
  writeRaw(target, cipher.getAuthTag());
  if (disclosed !== undefined) writeBytes(target, disclosed);
}

interface SealedStart {
  readonly id: Uint8Array;
  readonly keyId: Uint8Array;
  readonly iv: Uint8Array;
  /** Of the ciphertext with its tag. */
  readonly length: number;
  readonly isDisclosed: boolean;
}

/** Writes all that comes before the ciphertext. */
function writeStart(target: CborTarget, { id, keyId, iv, length, isDisclosed }: SealedStart): void {
  writeHead(target, 'array', isDisclosed ? 3 : 2);
  writeBytes(target, id);
  writeRaw(target, MESSAGE);
  writeHead(target, 'unsigned', KID);
  writeBytes(target, keyId);
  writeHead(target, 'unsigned', IV);
  writeBytes(target, iv);
  writeHead(target, 'bytes', length);
}

/**
 * Decrypts what was sealed for this leaf under this key; throws where it was not. The leaf's hash of it is the caller's
 * to check; its commitments are checked here.
 */
export function openSealed(sealed: Uint8Array, leafBytes: Uint8Array, key: RecordKey): OpenedRecord {
  const leaf = parseLeaf(leafBytes);
  const { requestId, ciphertext, disclosed } = parseSealed(sealed);
  if (ciphertext.length < TAG_BYTES) throw new Error('not a sealed record');
  const [id, iv] = [toIdBytes(requestId), toIv(leaf.counter)];
  const start = { bytes: Buffer.alloc(sealed.length), at: 0 };
  const isDisclosed = disclosed !== undefined;
  writeStart(start, { id, keyId: key.keyId, iv, length: ciphertext.length, isDisclosed });
  // The headers are the one part of a message that its tag does not cover: they are the ones we write, or it is not ours.
  if (Buffer.compare(start.bytes.subarray(0, start.at), sealed.subarray(0, start.at)) !== 0) {
    throw new Error('not its place');
  }
  const decipher = createDecipheriv(ALGORITHM, key.forWriter(leaf.writer), iv);
  const bound = { boundLeaf: boundPartOf(leafBytes), id, disclosed };
  decipher.setAAD(toAssociatedData(key, bound));
  decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
  const plaintext = Buffer.concat([decipher.update(ciphertext.subarray(0, -TAG_BYTES)), decipher.final()]);
  const content = fromPlaintext(plaintext);
  const { headerCommitment, bodyCommitment } = commitmentsOf(content);
  if (Buffer.compare(headerCommitment, leaf.headerCommitment) !== 0) throw new Error('not the header committed to');
  if (Buffer.compare(bodyCommitment, leaf.bodyCommitment) !== 0) throw new Error('not the body committed to');
  return { record: joinRecord(content.header, content.body), content };
}

interface Bound {
  readonly boundLeaf: Uint8Array;
  readonly id: Uint8Array;
  readonly disclosed: Uint8Array | undefined;
}

const NOTHING = new Uint8Array(0);

/** Enc_structure of RFC 9052, section 5.3, around what names the place of the record. */
function toAssociatedData(key: RecordKey, { boundLeaf, id, disclosed = NOTHING }: Bound): Uint8Array {
  const owner = ownerOf(key);
  const strings = [boundLeaf, id, key.keyId, disclosed];
  const length = strings.reduce((sum, { length: own }) => sum + headLength(own) + own, owner.length);
  const bytes = Buffer.allocUnsafe(ENC_STRUCTURE.length + headLength(length) + length);
  const target = { bytes, at: 0 };
  writeRaw(target, ENC_STRUCTURE);
  writeHead(target, 'bytes', length);
  writeRaw(target, owner);
  for (const string of strings) writeBytes(target, string);
  return bytes;
}

const owners = new WeakMap<RecordKey, Uint8Array>();

/** The beginning of external_aad, the same for all that is written under a key: an array of seven, of which three. */
function ownerOf(key: RecordKey): Uint8Array {
  const known = owners.get(key);
  if (known !== undefined) return known;
  const items = ['sallyport record', key.tenant, key.subject].map((text) => encode(text));
  const owner = Buffer.concat([Buffer.of(0x87), ...items]);
  owners.set(key, owner);
  return owner;
}

/**
 * The nonce is the entry's counter: the cipher's key belongs to one writer, and a writer never uses a counter twice,
 * so that no number of records can bring two under one nonce.
 */
function toIv(counter: number): Uint8Array {
  const iv = Buffer.alloc(IV_BYTES);
  iv.writeUIntBE(counter, IV_BYTES - 6, 6);
  return iv;
}

function toJson(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
