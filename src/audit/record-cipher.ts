import { createCipheriv, createDecipheriv } from 'node:crypto';
import { decode, encode, Tagged } from 'cborg';
import type { JournalRecord } from '../core/index.ts';
import { type CborTarget, headLength, writeBytes, writeHead, writeRaw } from './cbor-writer.ts';
import {
  type EntryHead,
  entryStartLength,
  headItemsLength,
  isBytes,
  writeEntryStart,
  writeHeadItems,
} from './entry.ts';
import { beginFrame, endFrame, PRELUDE } from './frame.ts';
import { paddedLength } from './padding.ts';
import type { RecordKey } from './record-keys.ts';

const ALGORITHM = 'aes-256-gcm';
const TAG_BYTES = 16;
const IV_BYTES = 12;
const COSE_ENCRYPT0 = 16;
const KID = 4;
const IV = 5;

/** Protected header: algorithm A256GCM (RFC 9053, section 4.1), content type application/json (CoAP format 50). */
const PROTECTED = encode(
  new Map([
    [1, 3],
    [3, 50],
  ]),
);

/** What every Enc_structure (RFC 9052, section 5.3) begins with: an array of three, of which these are two. */
const ENC_STRUCTURE = Buffer.concat([Buffer.of(0x83), encode('Encrypt0'), encode(PROTECTED)]);

/** What every message begins with: the tag, an array of three, the protected header, a map of two. */
const MESSAGE = Buffer.concat([Buffer.of(0xd0, 0x83), encode(PROTECTED), Buffer.of(0xa2)]);

/** An entry in its frame, and the SHA-256 of its payload. */
export interface SealedEntry {
  readonly frame: Buffer;
  readonly digest: Uint8Array;
}

/**
 * Encrypts a record as COSE_Encrypt0 (RFC 9052, section 5.2), padded with spaces, in the frame of its entry.
 *
 * The record is JSON inside: it keeps every string a caller sent, lone surrogates too, which CBOR text cannot, and
 * costs less than half. The head, the tenant and the subject are associated data, so that a ciphertext is of no use
 * in another place.
 */
export function sealEntry(record: JournalRecord, head: EntryHead, key: RecordKey): SealedEntry {
  const plaintext = toPlaintext(record);
  const length = plaintext.length + TAG_BYTES;
  const messageLength = messageStartLength(key, length) + length;
  // Every length is known beforehand: the entry is written once, where it stays.
  const payloadLength = entryStartLength(head, messageLength) + messageLength;
  const frame = beginFrame('entry', payloadLength);
  const target = { bytes: frame, at: PRELUDE };
  const items = writeEntryStart(target, head, messageLength);
  const iv = toIv(head.counter);
  writeMessageStart(target, { key, iv, length });
  const cipher = createCipheriv(ALGORITHM, key.forWriter(head.writer), iv);
  cipher.setAAD(toAssociatedData(key, items));
  writeRaw(target, cipher.update(plaintext));
  cipher.final();
  writeRaw(target, cipher.getAuthTag());
  // A part longer or shorter than it was counted as would stand over another, or leave foreign bytes between them.
  if (target.at !== PRELUDE + payloadLength) throw new RangeError('an entry is not as long as it was counted');
  return { frame, digest: endFrame(frame) };
}

/** Decrypts the message `sealEntry` made; throws where it was not made for this head under this key. */
export function openRecord(sealed: Uint8Array, head: EntryHead, key: RecordKey): JournalRecord {
  const message: unknown = decode(sealed, {
    useMaps: true,
    strict: true,
    tags: { [COSE_ENCRYPT0]: Tagged.decoder(COSE_ENCRYPT0) },
  });
  const items: unknown = message instanceof Tagged ? message.value : undefined;
  if (!Array.isArray(items)) throw new Error('not a COSE_Encrypt0 message');
  const [, , ciphertext]: readonly unknown[] = items;
  if (!isBytes(ciphertext) || ciphertext.length < TAG_BYTES) throw new Error('not a COSE_Encrypt0 message');
  const iv = toIv(head.counter);
  const start = toMessageStart({ key, iv, length: ciphertext.length });
  // The unprotected header is the one part of a message that its tag does not cover.
  if (!start.equals(sealed.subarray(0, -ciphertext.length))) throw new Error('the headers are not ours');
  const decipher = createDecipheriv(ALGORITHM, key.forWriter(head.writer), iv);
  decipher.setAAD(toAssociatedData(key, toHeadItems(head)));
  decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
  const plaintext = Buffer.concat([decipher.update(ciphertext.subarray(0, -TAG_BYTES)), decipher.final()]);
  // What `sealRecord` wrote, authenticated: a schema here could only disagree with the one that wrote it.
  return JSON.parse(plaintext.toString('utf8'));
}

interface MessageStart {
  readonly key: RecordKey;
  readonly iv: Uint8Array;
  /** Of ciphertext and tag. */
  readonly length: number;
}

/** Bytes of a message before its ciphertext of `length` bytes, tag included. */
function messageStartLength({ keyId }: RecordKey, length: number): number {
  const unprotected = 1 + headLength(keyId.length) + keyId.length + 1 + headLength(IV_BYTES) + IV_BYTES;
  return MESSAGE.length + unprotected + headLength(length);
}

/** Writes what of a message comes before its ciphertext. */
function writeMessageStart(target: CborTarget, { key, iv, length }: MessageStart): void {
  writeRaw(target, MESSAGE);
  writeHead(target, 'unsigned', KID);
  writeBytes(target, key.keyId);
  writeHead(target, 'unsigned', IV);
  writeBytes(target, iv);
  writeHead(target, 'bytes', length);
}

function toMessageStart(start: MessageStart): Buffer {
  const bytes = Buffer.alloc(messageStartLength(start.key, start.length));
  writeMessageStart({ bytes, at: 0 }, start);
  return bytes;
}

function toHeadItems(head: EntryHead): Buffer {
  const bytes = Buffer.alloc(headItemsLength(head));
  writeHeadItems({ bytes, at: 0 }, head);
  return bytes;
}

/** Enc_structure of RFC 9052, section 5.3, around what names the place of the record. */
function toAssociatedData(key: RecordKey, headItems: Uint8Array): Uint8Array {
  const owner = ownerOf(key);
  const length = owner.length + headItems.length;
  const bytes = Buffer.allocUnsafe(ENC_STRUCTURE.length + headLength(length) + length);
  const target = { bytes, at: 0 };
  writeRaw(target, ENC_STRUCTURE);
  writeHead(target, 'bytes', length);
  writeRaw(target, owner);
  writeRaw(target, headItems);
  return bytes;
}

const owners = new WeakMap<RecordKey, Uint8Array>();

/** The beginning of external_aad, the same for all that is written under a key: an array of eleven, of which three. */
function ownerOf(key: RecordKey): Uint8Array {
  const known = owners.get(key);
  if (known !== undefined) return known;
  const items = ['sallyport journal', key.tenant, key.subject].map((text) => encode(text));
  const owner = Buffer.concat([Buffer.of(0x8b), ...items]);
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

/** The record as JSON. Space after the value is JSON too, so the padding needs no length of its own. */
function toPlaintext(record: JournalRecord): Buffer {
  const json = JSON.stringify(record);
  const plaintext = Buffer.allocUnsafe(paddedLength(Buffer.byteLength(json)));
  return plaintext.fill(' ', plaintext.write(json));
}
