import { crc32, inflateRawSync } from 'node:zlib';
import type { Budget } from './budget.ts';
import { DocumentRefused } from './refusal.ts';

/** A file in a ZIP archive. */
export interface ZipEntry {
  readonly name: string;
  /** Its bytes, whole and with the right checksum. */
  read(): Uint8Array;
}

interface Header {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly compressed: number;
  readonly expanded: number;
  readonly offset: number;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const DESCRIPTOR = 0x08074b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const ENCRYPTED = 0x1;
const DESCRIBED_LATER = 0x8;
/** Deflate's two level bits, the descriptor, and names in UTF-8. */
const KNOWN_FLAGS = 0x2 | 0x4 | DESCRIBED_LATER | 0x800;
const MOST_FILES = 10_000;

/**
 * The files of a ZIP archive (APPNOTE.TXT 6.3), read strictly: both headers of a file agree, names are unique, and the
 * files lie one behind the other from the first byte to the directory. Two parsers cannot then see two archives in one
 * file, as they do with doubled names, overlapping files, or another archive in front or behind.
 */
export function readZip(bytes: Uint8Array, budget: Budget): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { headers, start } = readDirectory(bytes, view);
  const data = locateData({ bytes, view, headers, end: start });
  const seen = new Set<string>();
  return headers.map((header, index) => {
    // Part names are equivalent without regard to case (ECMA-376 part 2, 6.2.2.3).
    const key = header.name.toLowerCase();
    demand(!seen.has(key) && !/^\/|\\|\0|(?:^|\/)\.\.?(?:\/|$)/.test(key));
    seen.add(key);
    const compressed = data[index] ?? new Uint8Array();
    return { name: header.name, read: () => expand(header, compressed, budget) };
  });
}

function readDirectory(
  bytes: Uint8Array,
  view: DataView,
): { readonly headers: readonly Header[]; readonly start: number } {
  const end = bytes.length - END_BYTES;
  demand(end >= 0 && view.getUint32(end, true) === END && view.getUint16(end + 20, true) === 0);
  const count = view.getUint16(end + 10, true);
  const start = view.getUint32(end + 16, true);
  demand(view.getUint32(end + 4, true) === 0 && view.getUint16(end + 8, true) === count);
  demand(start + view.getUint32(end + 12, true) === end);
  if (count > MOST_FILES) throw new DocumentRefused('expands');
  const headers: Header[] = [];
  let at = start;
  for (let index = 0; index < count; index += 1) {
    demand(at + CENTRAL_BYTES <= end && view.getUint32(at, true) === CENTRAL);
    const nameBytes = view.getUint16(at + 28, true);
    // A file's own comment is text that no reader of an office document shows.
    demand(view.getUint16(at + 32, true) === 0 && view.getUint16(at + 34, true) === 0);
    headers.push({
      name: nameOf(bytes.subarray(at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes)),
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      compressed: view.getUint32(at + 20, true),
      expanded: view.getUint32(at + 24, true),
      offset: view.getUint32(at + 42, true),
    });
    at += CENTRAL_BYTES + nameBytes + view.getUint16(at + 30, true);
  }
  demand(at === end);
  return { headers, start };
}

interface Archive {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly headers: readonly Header[];
  /** Where the directory begins. */
  readonly end: number;
}

/** The compressed bytes of each file. Throws unless the files cover everything before the directory. */
function locateData({ bytes, view, headers, end }: Archive): readonly Uint8Array[] {
  const order = headers.map((_, index) => index).sort((a, b) => offsetOf(headers, a) - offsetOf(headers, b));
  const data: Uint8Array[] = [];
  let at = 0;
  for (const [position, index] of order.entries()) {
    const header = headers[index];
    demand(header !== undefined && header.offset === at && at + LOCAL_BYTES <= end);
    demand(isLocalHeader(bytes, view, header));
    const from = at + LOCAL_BYTES + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
    const next = order[position + 1];
    at = next === undefined ? end : offsetOf(headers, next);
    const to = from + header.compressed;
    demand(to <= at && isDescriptor(bytes.subarray(to, at), header));
    data[index] = bytes.subarray(from, to);
  }
  demand(at === end);
  return data;
}

function offsetOf(headers: readonly Header[], index: number): number {
  return headers[index]?.offset ?? 0;
}

function isLocalHeader(bytes: Uint8Array, view: DataView, header: Header): boolean {
  if ((header.flags & ENCRYPTED) !== 0) throw new DocumentRefused('encrypted');
  const at = header.offset;
  const nameStart = at + LOCAL_BYTES;
  const isAlike =
    (header.flags & ~KNOWN_FLAGS) === 0 &&
    view.getUint32(at, true) === LOCAL &&
    view.getUint16(at + 6, true) === header.flags &&
    view.getUint16(at + 8, true) === header.method &&
    nameOf(bytes.subarray(nameStart, nameStart + view.getUint16(at + 26, true))) === header.name;
  const areSizesHere =
    view.getUint32(at + 14, true) === header.crc &&
    view.getUint32(at + 18, true) === header.compressed &&
    view.getUint32(at + 22, true) === header.expanded;
  return isAlike && (areSizesHere || (header.flags & DESCRIBED_LATER) !== 0);
}

/** Whether what follows a file's data is nothing, or the descriptor that its flags announce. */
function isDescriptor(bytes: Uint8Array, header: Header): boolean {
  if ((header.flags & DESCRIBED_LATER) === 0) return bytes.length === 0;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length !== 12 && (bytes.length !== 16 || view.getUint32(0, true) !== DESCRIPTOR)) return false;
  const at = bytes.length - 12;
  return (
    view.getUint32(at, true) === header.crc &&
    view.getUint32(at + 4, true) === header.compressed &&
    view.getUint32(at + 8, true) === header.expanded
  );
}

function nameOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DocumentRefused('damaged', cause);
  }
}

function expand(header: Header, compressed: Uint8Array, budget: Budget): Uint8Array {
  budget.expand(header.expanded, compressed.length);
  const bytes = header.method === 0 ? compressed : inflate(header, compressed);
  demand(bytes.length === header.expanded && crc32(bytes) === header.crc);
  return bytes;
}

function inflate({ method, expanded }: Header, compressed: Uint8Array): Uint8Array {
  demand(method === 8);
  try {
    const result: unknown = inflateRawSync(compressed, { maxOutputLength: Math.max(1, expanded), info: true });
    demand(isInflated(result));
    // Bytes behind the end of the deflated data would be in the file, and in no part of it.
    demand(result.engine.bytesWritten === compressed.length);
    return result.buffer;
  } catch (cause) {
    throw new DocumentRefused('damaged', cause);
  }
}

interface Inflated {
  readonly buffer: Uint8Array;
  readonly engine: { readonly bytesWritten: number };
}

/** What `info` gives, for which `@types/node` has no type. */
function isInflated(result: unknown): result is Inflated {
  return typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result;
}

function demand(condition: boolean): asserts condition {
  if (!condition) throw new DocumentRefused('damaged');
}
