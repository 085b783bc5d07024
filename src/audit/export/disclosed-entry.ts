import type { ExportedBody } from './exchange.ts';
import { toJsonLine } from './json-line.ts';
import type { OpenedEntry } from './opened-entry.ts';

const HALF_OF_SALTS = 32;

/**
 * An entry as a line that anybody can hold against the log without a key: its leaf, and the texts that the leaf commits
 * to with their salts. A commitment is SHA-256 of salt and text in UTF-8. The body stands there with `full` alone: a
 * masked one is not what was committed to.
 */
export function toDisclosedLine({ index, leaf, content }: OpenedEntry, body: ExportedBody): string {
  const { header, body: text, salts } = content;
  return toJsonLine({
    index,
    leaf: toBase64(leaf),
    header: toText(header),
    headerSalt: toBase64(salts.subarray(0, HALF_OF_SALTS)),
    ...(body === 'full' ? { body: toText(text), bodySalt: toBase64(salts.subarray(HALF_OF_SALTS)) } : {}),
  });
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64');
}

function toText(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}
