import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';
import { sha256 } from './leaf.ts';
import { paddedLength } from './padding.ts';

/** 32 bytes for the header's commitment, then 32 for the body's. */
export const SALT_BYTES = 64;
const HALF = SALT_BYTES / 2;
const WORD = 4;
/** Form, length of what is stored, salts. */
const START = 1 + WORD + SALT_BYTES;
/** What is shorter fits the smallest padding as it is. */
const WORTH_COMPRESSING = 1024;
/** No record is longer: the gateway takes no body of that size. */
const LONGEST = 2 ** 30;

const forms = { plain: 0, brotli: 1 } as const;

/** The fastest of it: half the bytes of JSON for 16 µs per 4 KB, which encryption, hashes and disk then do not see. */
const QUICKLY = { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } };

/** Header and body of a record, and the salts of their commitments. */
export interface RecordContent {
  readonly header: Uint8Array;
  readonly body: Uint8Array;
  readonly salts: Uint8Array;
}

/** SHA-256 of salt and bytes. The salts are 32 random bytes: none is the beginning of another's text. */
export function commitmentsOf({ header, body, salts }: RecordContent): {
  readonly headerCommitment: Uint8Array;
  readonly bodyCommitment: Uint8Array;
} {
  return {
    headerCommitment: sha256(Buffer.concat([salts.subarray(0, HALF), header])),
    bodyCommitment: sha256(Buffer.concat([salts.subarray(HALF), body])),
  };
}

/**
 * What is encrypted: form (1 byte), length of what is stored (4), salts (64), what is stored, zeros to the padded
 * length. Stored is the header's length (4), the header and the body, compressed by itself where that makes it shorter.
 * Integers are big-endian.
 *
 * Only one record is ever compressed at once, so that its length tells nothing of another's.
 */
export function toPlaintext({ header, body, salts }: RecordContent): Buffer {
  const whole = Buffer.allocUnsafe(WORD + header.length + body.length);
  whole.writeUInt32BE(header.length, 0);
  whole.set(header, WORD);
  whole.set(body, WORD + header.length);
  const compressed = whole.length > WORTH_COMPRESSING ? brotliCompressSync(whole, QUICKLY) : whole;
  const isShorter = compressed.length < whole.length;
  const stored = isShorter ? compressed : whole;
  const used = START + stored.length;
  const plaintext = Buffer.allocUnsafe(paddedLength(used));
  plaintext[0] = isShorter ? forms.brotli : forms.plain;
  plaintext.writeUInt32BE(stored.length, 1);
  plaintext.set(salts, 1 + WORD);
  plaintext.set(stored, START);
  return plaintext.fill(0, used);
}

/** Reads what `toPlaintext` made; throws where it is not that. */
export function fromPlaintext(plaintext: Buffer): RecordContent {
  const end = plaintext.length < START ? Number.POSITIVE_INFINITY : START + plaintext.readUInt32BE(1);
  const form = plaintext[0];
  if (end > plaintext.length || (form !== forms.plain && form !== forms.brotli)) throw new Error('not a record');
  const stored = plaintext.subarray(START, end);
  const whole = form === forms.plain ? stored : brotliDecompressSync(stored, { maxOutputLength: LONGEST });
  const bodyStart = whole.length < WORD ? Number.POSITIVE_INFINITY : WORD + whole.readUInt32BE(0);
  if (bodyStart > whole.length) throw new Error('not a record');
  return {
    header: whole.subarray(WORD, bodyStart),
    body: whole.subarray(bodyStart),
    salts: plaintext.subarray(1 + WORD, START),
  };
}
