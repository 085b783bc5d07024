import { createCipheriv, createDecipheriv } from 'node:crypto';
import { decode, encode, Tagged } from 'cborg';
import type { JournalRecord } from '../core/index.ts';
import { type EntryHead, isBytes, toHeadItems } from './entry.ts';
import { paddedLength } from './padding.ts';
import type { RecordKey } from './record-keys.ts';

const TAG_BYTES = 16;
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

/**
 * Encrypts a record as COSE_Encrypt0 (RFC 9052, section 5.2), padded with spaces.
 *
 * The record is JSON inside: it keeps every string a caller sent, lone surrogates too, which CBOR text cannot, and
 * costs less than half. The head, the tenant and the subject are associated data, so that a ciphertext is of no use
 * in another place.
 */
export function sealRecord(record: JournalRecord, head: EntryHead, key: RecordKey): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key.forWriter(head.writer), toIv(head.counter));
  cipher.setAAD(toAssociatedData(head, key));
  const plaintext = toPlaintext(record);
  const ciphertext = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
  return toMessage(head, key, ciphertext);
}

/** Decrypts what `sealRecord` made; throws where it was not made for this head under this key. */
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
  // The unprotected header is the one part of a message that its tag does not cover.
  if (Buffer.compare(toMessage(head, key, ciphertext), sealed) !== 0) throw new Error('the headers are not ours');
  const decipher = createDecipheriv('aes-256-gcm', key.forWriter(head.writer), toIv(head.counter));
  decipher.setAAD(toAssociatedData(head, key));
  decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
  const plaintext = Buffer.concat([decipher.update(ciphertext.subarray(0, -TAG_BYTES)), decipher.final()]);
  // What `sealRecord` wrote, authenticated: a schema here could only disagree with the one that wrote it.
  return JSON.parse(plaintext.toString('utf8'));
}

function toMessage(head: EntryHead, key: RecordKey, ciphertext: Uint8Array): Uint8Array {
  const unprotected = new Map([
    [KID, key.keyId],
    [IV, toIv(head.counter)],
  ]);
  return encode(new Tagged(COSE_ENCRYPT0, [PROTECTED, unprotected, ciphertext]));
}

/** Enc_structure of RFC 9052, section 5.3, around what names the place of the record. */
function toAssociatedData(head: EntryHead, { tenant, subject }: RecordKey): Uint8Array {
  const external = encode(['sallyport journal', tenant, subject, ...toHeadItems(head)]);
  return encode(['Encrypt0', PROTECTED, external]);
}

/**
 * The nonce is the entry's counter: the cipher's key belongs to one writer, and a writer never uses a counter twice,
 * so that no number of records can bring two under one nonce.
 */
function toIv(counter: number): Uint8Array {
  const iv = Buffer.alloc(12);
  iv.writeBigUInt64BE(BigInt(counter), 4);
  return iv;
}

/** The record as JSON. Space after the value is JSON too, so the padding needs no length of its own. */
function toPlaintext(record: JournalRecord): Buffer {
  const json = JSON.stringify(record);
  const plaintext = Buffer.allocUnsafe(paddedLength(Buffer.byteLength(json)));
  return plaintext.fill(' ', plaintext.write(json));
}
