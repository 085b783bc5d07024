import { createPublicKey, verify } from 'node:crypto';
import { sha256 } from '../record/leaf.ts';
import type { LogSigner } from './contracts.ts';

const ED25519 = 0x01;
const COSIGNATURE = 0x04;
const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
const TIME_BYTES = 8;
const SIGNATURE_BYTES = 64;
const LONGEST_NOTE = 1_000_000;
const MOST_SIGNATURES = 100;
/** `\s` is all Unicode spaces but U+0085. */
const NAME = /^[^\s\u0085+]{1,255}$/u;
const SIGNATURE_LINE = /^— ([^\s\u0085+]{1,255}) ([A-Za-z0-9+/]+={0,2})$/u;
const SPKI = Buffer.from('302a300506032b6570032100', 'hex');

/** A key that notes are checked with (C2SP signed-note). */
export interface VerifierKey {
  readonly name: string;
  /** 4 bytes. */
  readonly id: Uint8Array;
  /** Ed25519 over the note's text, or a cosignature with its time (C2SP tlog-cosignature). */
  readonly kind: 'ed25519' | 'cosignature';
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
}

interface NoteSignature {
  readonly name: string;
  readonly id: Uint8Array;
  /** What stands behind the key's id. */
  readonly bytes: Uint8Array;
}

/** A note taken apart. Nothing of it is verified. */
export interface SignedNote {
  /** Ends with a line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A signature that was verified. */
export interface VerifiedSignature {
  readonly key: VerifierKey;
  /** Of a cosignature: POSIX seconds at which the witness says it saw the checkpoint. */
  readonly time?: number;
}

/** The verifier key of an Ed25519 public key. Throws `RangeError` for a name that notes cannot have. */
export function toVerifierKey(name: string, publicKey: Uint8Array, kind: VerifierKey['kind'] = 'ed25519'): VerifierKey {
  const isName = NAME.test(name) && isPlain(name);
  if (!isName || publicKey.length !== KEY_BYTES) throw new RangeError('not a name or key that notes can have');
  const type = kind === 'ed25519' ? ED25519 : COSIGNATURE;
  const id = sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), publicKey])).subarray(0, KEY_ID_BYTES);
  return { name, id, kind, publicKey };
}

/** `<name>+<id in hexadecimal>+<type and key in base64>`. */
export function printVerifierKey({ name, id, kind, publicKey }: VerifierKey): string {
  const type = kind === 'ed25519' ? ED25519 : COSIGNATURE;
  const key = Buffer.concat([Buffer.of(type), publicKey]).toString('base64');
  return `${name}+${Buffer.from(id).toString('hex')}+${key}`;
}

/** Reads what `printVerifierKey` prints; throws where it is not that, or its id is not that of its key. */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name = '', id = '', encoded = ''] = /^([^+]*)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? [];
  const key = Buffer.from(encoded, 'base64');
  const kind = key[0] === ED25519 ? 'ed25519' : 'cosignature';
  const isKey = key.length === 1 + KEY_BYTES && (key[0] === ED25519 || key[0] === COSIGNATURE);
  if (!isKey || key.toString('base64') !== encoded) throw new Error('not a verifier key');
  const parsed = toVerifierKey(name, new Uint8Array(key.subarray(1)), kind);
  if (Buffer.from(parsed.id).toString('hex') !== id) throw new Error('the id is not that of this verifier key');
  return parsed;
}

/** Signs a text, which ends with a line feed, with every signer. */
export async function signNote(text: string, signers: readonly LogSigner[]): Promise<string> {
  const lines = signers.map(async (signer) => {
    const { name, id } = toVerifierKey(signer.name, signer.publicKey);
    return toSignatureLine({ name, id, bytes: await signer.sign(Buffer.from(text)) });
  });
  return `${text}\n${(await Promise.all(lines)).join('')}`;
}

export function toSignatureLine({ name, id, bytes }: NoteSignature): string {
  return `— ${name} ${Buffer.concat([id, bytes]).toString('base64')}\n`;
}

/** Takes a note apart; throws where it is not one. */
export function parseNote(note: string): SignedNote {
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2).split('\n');
  const isNote = end > 0 && note.length <= LONGEST_NOTE && lines.pop() === '' && isPlain(note);
  if (!isNote || lines.length === 0 || lines.length > MOST_SIGNATURES) throw new Error('not a signed note');
  return { text, signatures: lines.map(parseSignatureLine) };
}

/** The text of a note, its signatures apart and not looked at. */
export function noteText(note: string): string {
  return parseNote(note).text;
}

function parseSignatureLine(line: string): NoteSignature {
  const [, name = '', encoded = ''] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length <= KEY_ID_BYTES || bytes.toString('base64') !== encoded) throw new Error('not a signed note');
  return { name, id: bytes.subarray(0, KEY_ID_BYTES), bytes: bytes.subarray(KEY_ID_BYTES) };
}

/** Text of lines: no control characters but line feeds, and nothing that UTF-8 cannot have. */
function isPlain(text: string): boolean {
  return text.isWellFormed() && !/[\u0000-\u0009\u000b-\u001f\u007f]/.test(text);
}

/**
 * The text of a note, and which of `keys` signed it. Signatures by keys that are not among them are passed over; throws
 * where one of theirs is wrong, or none is there.
 */
export function verifyNote(
  note: string,
  keys: readonly VerifierKey[],
): { readonly text: string; readonly signatures: readonly VerifiedSignature[] } {
  const { text, signatures } = parseNote(note);
  const verified: VerifiedSignature[] = [];
  for (const signature of signatures) {
    const key = keys.find(({ name, id }) => name === signature.name && Buffer.compare(id, signature.id) === 0);
    if (key === undefined || verified.some((known) => known.key === key)) continue;
    verified.push({ key, ...verifySignature(text, signature.bytes, key) });
  }
  if (verified.length === 0) throw new Error('no known key has signed the note');
  return { text, signatures: verified };
}

function verifySignature(
  text: string,
  bytes: Uint8Array,
  { kind, publicKey }: VerifierKey,
): { readonly time?: number } {
  const isTimed = kind === 'cosignature';
  const time = isTimed && bytes.length >= TIME_BYTES ? Buffer.from(bytes).readBigUInt64BE(0) : 0n;
  const message = Buffer.from(isTimed ? `cosignature/v1\ntime ${time}\n${text}` : text);
  if (!verifyEd25519(publicKey, message, bytes.subarray(isTimed ? TIME_BYTES : 0))) {
    throw new Error('a signature on the note is wrong');
  }
  return isTimed ? { time: Number(time) } : {};
}

/** Whether this Ed25519 key (RFC 8032) signed this message. */
export function verifyEd25519(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' });
  return verify(null, message, key, signature);
}
