import { DocumentRefused } from '../refusal.ts';

const CLEAR = 256;
const END = 257;
const MOST_CODES = 4_096;

/**
 * Undoes LZW as PDF and TIFF have it (ISO 32000-2, 7.4.4). `isEarly`: codes grow one entry before the table is full.
 * Refuses output of more than `most` bytes.
 */
export function decodeLzw(bytes: Uint8Array, isEarly: boolean, most: number): Uint8Array {
  const table: Uint8Array[] = Array.from({ length: 258 }, (_, code) => Uint8Array.of(code & 0xff));
  const chunks: Uint8Array[] = [];
  let size = 0;
  let width = 9;
  let previous: Uint8Array | undefined;
  let bits = 0;
  let buffer = 0;
  for (const byte of bytes) {
    buffer = ((buffer << 8) | byte) & 0xffffff;
    bits += 8;
    if (bits < width) continue;
    bits -= width;
    const code = (buffer >> bits) & ((1 << width) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      table.length = 258;
      width = 9;
      previous = undefined;
      continue;
    }
    const entry = entryOf(table, code, previous);
    chunks.push(entry);
    size += entry.length;
    if (size > most) throw new DocumentRefused('expands');
    if (previous !== undefined && table.length < MOST_CODES) table.push(join(previous, entry[0] ?? 0));
    previous = entry;
    width = Math.min(12, Math.max(9, 32 - Math.clz32(table.length + (isEarly ? 1 : 0))));
  }
  return Buffer.concat(chunks);
}

function entryOf(table: readonly Uint8Array[], code: number, previous: Uint8Array | undefined): Uint8Array {
  const known = table[code];
  if (known !== undefined) return known;
  if (previous === undefined || code !== table.length) throw new DocumentRefused('damaged');
  return join(previous, previous[0] ?? 0);
}

function join(bytes: Uint8Array, last: number): Uint8Array {
  const joined = new Uint8Array(bytes.length + 1);
  joined.set(bytes);
  joined[bytes.length] = last;
  return joined;
}
