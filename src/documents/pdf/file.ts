import { type Budget, MOST_ENTRIES } from '../budget.ts';
import { DocumentRefused } from '../refusal.ts';
import { readCrossReferences } from './cross-references.ts';
import { decodeStream } from './filters.ts';
import { entriesOf, isKind, nameOf, type PdfObject, type PdfStream, type Resolve } from './objects.ts';
import { latin1, PdfParser } from './parser.ts';

/** An object as the file has it; a file holds several of one number where it was revised. */
export interface StoredObject {
  readonly number: number;
  readonly object: PdfObject;
  /** Where it lies in the file; that of its object stream for what lies in one. */
  readonly offset: number;
}

/** A PDF file, taken apart whole. */
export interface PdfFile {
  /** From the last revision to the first. */
  readonly trailers: readonly ReadonlyMap<string, PdfObject>[];
  /** Every object, those of former revisions too. */
  readonly stored: readonly StoredObject[];
  /** The object of a number, as the file now stands. */
  readonly resolve: Resolve;
  /** What stands in comments, those between the parts of a drawing aside. */
  readonly comments: readonly string[];
  /** Whether there is more in the file than the objects in use: former revisions, bytes that belong to no object. */
  readonly hasRemains: boolean;
}

type Range = readonly [start: number, end: number];

interface Loaded extends StoredObject {
  /** Behind `endobj`. */
  readonly end: number;
}

const HEADER = /^%PDF-[12]\.[0-9]/;
const END = /%%EOF[\0\t\n\f\r ]*$/;
const FRAME = /^ *(?:startxref +[0-9]{1,10} *)?$/;
/** A comment that is not part of the file's frame: its version, its end, and the four bytes that mark it as binary. */
const COMMENT = /^%(?!PDF-[0-9.]{3}$|%EOF$|[\x80-\xff]{4,8}$)(.*)$/;
const DEEPEST_REFERENCE = 32;

/**
 * Reads a PDF file by its cross-references alone, and strictly: every object must be where they say, every stream as long
 * as it says. Readers differ in how they mend a damaged file, so a damaged one is refused: text that another reader would
 * come upon after mending it cannot be looked at here.
 */
export function readPdfFile(bytes: Uint8Array, budget: Budget): PdfFile {
  if (!HEADER.test(latin1(bytes.subarray(0, 16))) || !END.test(latin1(bytes.subarray(-1_024)))) {
    throw new DocumentRefused('damaged');
  }
  const references = readCrossReferences(bytes, budget);
  const { entries, offsets, trailers } = references;
  if (trailers.some((trailer) => trailer.has('Encrypt'))) throw new DocumentRefused('encrypted');
  if (offsets.size > MOST_ENTRIES) throw new DocumentRefused('expands');

  const comments: string[] = [];
  const loaded = new Map<number, Loaded | 'loading'>();
  const unpacked = new Map<number, readonly StoredObject[]>();

  const load = (offset: number): Loaded => {
    const known = loaded.get(offset);
    // A stream whose length is in the object that begins at the stream itself.
    if (known === 'loading') throw new DocumentRefused('damaged');
    if (known !== undefined) return known;
    loaded.set(offset, 'loading');
    const object = readIndirect(bytes, offset, { resolve, comments });
    loaded.set(offset, object);
    return object;
  };

  const unpack = (offset: number): readonly StoredObject[] => {
    const known = unpacked.get(offset);
    if (known !== undefined) return known;
    const { object } = load(offset);
    const objects = isObjectStream(object) ? readObjectStream(object, offset, { resolve, comments, budget }) : [];
    unpacked.set(offset, objects);
    return objects;
  };

  const find = (number: number): PdfObject => {
    const entry = entries.get(number);
    if (entry === undefined || entry.kind === 'free') return null;
    if (entry.kind === 'offset') {
      const found = load(entry.offset);
      if (found.number !== number) throw new DocumentRefused('damaged');
      return found.object;
    }
    const stream = entries.get(entry.stream);
    if (stream?.kind !== 'offset') throw new DocumentRefused('damaged');
    const found = unpack(stream.offset)[entry.index];
    if (found?.number !== number) throw new DocumentRefused('damaged');
    return found.object;
  };

  function resolve(object: PdfObject | undefined): PdfObject {
    let found = object ?? null;
    for (let depth = 0; isKind(found, 'reference'); depth += 1) {
      if (depth > DEEPEST_REFERENCE) throw new DocumentRefused('damaged');
      found = find(found.number);
    }
    return found;
  }

  const stored: StoredObject[] = [];
  const ranges: Range[] = [...references.ranges];
  for (const offset of offsets) {
    const object = load(offset);
    stored.push(object);
    ranges.push([offset, object.end]);
    if (isObjectStream(object.object)) stored.push(...unpack(offset));
  }
  for (const number of entries.keys()) find(number);
  const inUse = [...entries.values()].filter(({ kind }) => kind !== 'free').length;
  const hasGaps = readGaps(bytes, ranges, comments);
  return { trailers, stored, resolve, comments, hasRemains: hasGaps || stored.length !== inUse };
}

function isObjectStream(object: PdfObject): object is PdfStream {
  return isKind(object, 'stream') && nameOf(object.entries.get('Type')) === 'ObjStm';
}

/** An object with its number, generation and `endobj`. */
function readIndirect(bytes: Uint8Array, offset: number, { resolve, comments }: Reading): Loaded {
  const parser = new PdfParser(bytes, offset, comments);
  const number = parser.readInteger();
  parser.readInteger();
  parser.expect('obj');
  const object = parser.readObject();
  const keyword = parser.readKeyword();
  if (keyword === 'endobj') return { number, object, offset, end: parser.at };
  if (keyword !== 'stream' || !isKind(object, 'dictionary')) throw new DocumentRefused('damaged');
  if (bytes[parser.at] === 0x0d) parser.at += 1;
  if (bytes[parser.at] === 0x0a) parser.at += 1;
  const length = resolve(object.entries.get('Length'));
  if (typeof length !== 'number' || !Number.isInteger(length) || length < 0) throw new DocumentRefused('damaged');
  const data = bytes.subarray(parser.at, parser.at + length);
  parser.at += length;
  parser.expect('endstream');
  parser.expect('endobj');
  return { number, object: { kind: 'stream', entries: object.entries, bytes: data }, offset, end: parser.at };
}

interface Reading {
  readonly resolve: Resolve;
  /** Comments found are added here. */
  readonly comments: string[];
}

/** The objects that an object stream holds (ISO 32000-2, 7.5.7), in its order. */
function readObjectStream(
  stream: PdfStream,
  offset: number,
  { resolve, comments, budget }: Reading & { readonly budget: Budget },
): readonly StoredObject[] {
  const count = resolve(stream.entries.get('N'));
  const first = resolve(stream.entries.get('First'));
  if (typeof count !== 'number' || typeof first !== 'number') throw new DocumentRefused('damaged');
  if (count > MOST_ENTRIES) throw new DocumentRefused('expands');
  const data = decodeStream(stream, resolve, budget);
  const header = new PdfParser(data.subarray(0, first));
  return Array.from({ length: count }, () => {
    const number = header.readInteger();
    const object = new PdfParser(data, first + header.readInteger(), comments).readObject();
    return { number, object, offset };
  });
}

/** Whether more lies between the objects than comments, which are added to those found, and the frame of the file. */
function readGaps(bytes: Uint8Array, ranges: readonly Range[], comments: string[]): boolean {
  let hasRemains = false;
  let at = 0;
  const end: Range = [bytes.length, bytes.length];
  for (const [start, stop] of [...[...ranges].sort(([a], [b]) => a - b), end]) {
    const lines = start > at ? latin1(bytes.subarray(at, start)).split(/[\r\n]+/) : [];
    let rest = '';
    for (const line of lines) {
      const [before = ''] = line.split('%', 1);
      const [, comment] = COMMENT.exec(line.slice(before.length)) ?? [];
      if (comment !== undefined) comments.push(comment);
      rest += `${before.replace(/[\0\t\f]/g, ' ')} `;
    }
    if (!FRAME.test(rest)) hasRemains = true;
    at = Math.max(at, stop);
  }
  return hasRemains;
}

/** The document catalogue. */
export function catalogueOf({ trailers, resolve }: PdfFile): ReadonlyMap<string, PdfObject> {
  return entriesOf(resolve(trailers[0]?.get('Root')));
}
