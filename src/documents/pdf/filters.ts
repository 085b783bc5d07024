import { inflateSync } from 'node:zlib';
import type { Budget } from '../budget.ts';
import { DocumentRefused } from '../refusal.ts';
import { decodeLzw } from './lzw.ts';
import { entriesOf, isKind, nameOf, type PdfObject, type PdfStream, type Resolve } from './objects.ts';
import { latin1 } from './parser.ts';
import { undoPredictor } from './predictor.ts';

interface FilterInput {
  readonly bytes: Uint8Array;
  readonly parameters: ReadonlyMap<string, PdfObject>;
  readonly budget: Budget;
}

type Filter = (input: FilterInput) => Uint8Array;

/** More than two filters on one stream have no use but to multiply what it expands to. */
const MOST_FILTERS = 3;

const filters: Readonly<Record<string, Filter>> = {
  FlateDecode: inflate,
  LZWDecode: ({ bytes, parameters, budget }) => decodeLzw(bytes, parameters.get('EarlyChange') !== 0, budget.bytesLeft),
  ASCIIHexDecode: ({ bytes }) => decodeHexadecimal(bytes),
  ASCII85Decode: ({ bytes }) => decodeAscii85(bytes),
  RunLengthDecode: ({ bytes, budget }) => decodeRunLength(bytes, budget.bytesLeft),
};
const SHORT: Readonly<Record<string, string>> = {
  Fl: 'FlateDecode',
  LZW: 'LZWDecode',
  AHx: 'ASCIIHexDecode',
  A85: 'ASCII85Decode',
  RL: 'RunLengthDecode',
};

/** The data of a stream with its filters undone (ISO 32000-2, 7.4). Those of pictures are refused as damaged. */
export function decodeStream({ entries, bytes }: PdfStream, resolve: Resolve, budget: Budget): Uint8Array {
  // The data of such a stream would lie in another file (ISO 32000-2, table 5).
  if (entries.has('F')) throw new DocumentRefused('external');
  const names = listOf(resolve(entries.get('Filter')));
  const parameters = listOf(resolve(entries.get('DecodeParms')));
  if (names.length > MOST_FILTERS) throw new DocumentRefused('expands');
  let decoded = bytes;
  for (const [index, item] of names.entries()) {
    const name = nameOf(resolve(item)) ?? '';
    const filter = filters[SHORT[name] ?? name];
    if (name === 'Crypt') throw new DocumentRefused('encrypted');
    if (filter === undefined) throw new DocumentRefused('damaged');
    const own = resolveEntries(resolve(parameters[index]), resolve);
    const output = filter({ bytes: decoded, parameters: own, budget });
    budget.expand(output.length, decoded.length);
    decoded = /^(?:Fl|LZW)/.test(name) ? undoPredictor(output, own) : output;
  }
  return decoded;
}

function listOf(object: PdfObject): readonly PdfObject[] {
  return isKind(object, 'array') ? object.items : object === null ? [] : [object];
}

function resolveEntries(object: PdfObject, resolve: Resolve): ReadonlyMap<string, PdfObject> {
  return new Map([...entriesOf(object)].map(([key, value]) => [key, resolve(value)]));
}

function inflate({ bytes, budget }: FilterInput): Uint8Array {
  try {
    return inflateSync(bytes, { maxOutputLength: budget.bytesLeft });
  } catch (cause) {
    const isTooLarge = cause instanceof RangeError;
    throw new DocumentRefused(isTooLarge ? 'expands' : 'damaged', cause);
  }
}

function decodeHexadecimal(bytes: Uint8Array): Uint8Array {
  const [digits = ''] = latin1(bytes)
    .replace(/[\0\t\n\f\r ]/g, '')
    .split('>', 1);
  if (/[^0-9A-Fa-f]/.test(digits)) throw new DocumentRefused('damaged');
  return Buffer.from(digits.length % 2 === 0 ? digits : `${digits}0`, 'hex');
}

function decodeAscii85(bytes: Uint8Array): Uint8Array {
  const decoded: number[] = [];
  let group: number[] = [];
  const push = (count: number) => {
    const digits = [...group, 84, 84, 84, 84].slice(0, 5);
    const value = digits.reduce((sum, digit) => sum * 85 + digit, 0);
    if (value > 0xffffffff) throw new DocumentRefused('damaged');
    for (let at = 0; at < count; at += 1) decoded.push(Math.floor(value / 256 ** (3 - at)) & 0xff);
    group = [];
  };
  for (const byte of bytes) {
    if (byte === 0x7e) break;
    if (byte === 0x7a && group.length === 0) decoded.push(0, 0, 0, 0);
    else if (byte >= 0x21 && byte <= 0x75) group.push(byte - 0x21);
    else if (byte > 0x20) throw new DocumentRefused('damaged');
    if (group.length === 5) push(4);
  }
  if (group.length > 0) push(group.length - 1);
  return Uint8Array.from(decoded);
}

function decodeRunLength(bytes: Uint8Array, most: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] ?? 128;
    if (length === 128) break;
    const isRun = length > 128;
    const chunk = isRun
      ? new Uint8Array(257 - length).fill(bytes[at + 1] ?? 0)
      : bytes.subarray(at + 1, at + 2 + length);
    chunks.push(chunk);
    size += chunk.length;
    at += isRun ? 2 : length + 2;
    if (size > most) throw new DocumentRefused('expands');
  }
  return Buffer.concat(chunks);
}
