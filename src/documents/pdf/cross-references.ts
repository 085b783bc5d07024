import { type Budget, MOST_ENTRIES } from '../budget.ts';
import { DocumentRefused } from '../refusal.ts';
import { decodeStream } from './filters.ts';
import { entriesOf, isKind, nameOf, type PdfObject, type PdfStream } from './objects.ts';
import { latin1, PdfParser } from './parser.ts';

/** Where an object is to be found. */
export type CrossReference =
  | { readonly kind: 'free' }
  | { readonly kind: 'offset'; readonly offset: number }
  | { readonly kind: 'packed'; readonly stream: number; readonly index: number };

export interface CrossReferences {
  /** By object number, as the last revision has it. */
  readonly entries: ReadonlyMap<number, CrossReference>;
  /** Of all objects in all revisions. */
  readonly offsets: ReadonlySet<number>;
  /** From the last revision to the first. */
  readonly trailers: readonly ReadonlyMap<string, PdfObject>[];
  /** What of the file the tables and trailers take up. */
  readonly ranges: readonly (readonly [start: number, end: number])[];
}

interface Section {
  readonly entries: readonly (readonly [number: number, reference: CrossReference])[];
  readonly trailer: ReadonlyMap<string, PdfObject>;
  readonly range: readonly [start: number, end: number];
}

const MOST_SECTIONS = 500;
const FREE: CrossReference = { kind: 'free' };

/** Follows the cross-reference sections (ISO 32000-2, 7.5.4 and 7.5.8) from the last revision to the first. */
export function readCrossReferences(bytes: Uint8Array, budget: Budget): CrossReferences {
  const entries = new Map<number, CrossReference>();
  const offsets = new Set<number>();
  const ranges: (readonly [number, number])[] = [];
  const seen = new Set<number>();
  const trailers: ReadonlyMap<string, PdfObject>[] = [];
  const take = (section: Section, isFree: boolean) => {
    for (const [number, reference] of section.entries) {
      if (reference.kind === 'offset') offsets.add(reference.offset);
      if ((reference.kind === 'free') === isFree && !entries.has(number)) entries.set(number, reference);
    }
  };
  const read = (offset: number) => {
    if (seen.has(offset) || seen.size > MOST_SECTIONS) throw new DocumentRefused('damaged');
    seen.add(offset);
    const section = readSection(bytes, offset, budget);
    ranges.push(section.range);
    trailers.push(section.trailer);
    take(section, false);
    return section;
  };
  for (let next: PdfObject | undefined = readStart(bytes); next !== undefined; ) {
    if (typeof next !== 'number') throw new DocumentRefused('damaged');
    const section = read(next);
    // Objects for newer readers are free in the table, and in the stream beside it (ISO 32000-2, 7.5.8.4).
    const beside = section.trailer.get('XRefStm');
    if (typeof beside === 'number') take(read(beside), true);
    take(section, true);
    next = section.trailer.get('Prev');
  }
  return { entries, offsets, ranges, trailers };
}

function readStart(bytes: Uint8Array): number {
  const end = latin1(bytes.subarray(-1_024));
  const [, offset] = /startxref[\0\t\n\f\r ]+([0-9]{1,10})[\0\t\n\f\r ]+%%EOF[\0\t\n\f\r ]*$/.exec(end) ?? [];
  if (offset === undefined) throw new DocumentRefused('damaged');
  return Number(offset);
}

function readSection(bytes: Uint8Array, offset: number, budget: Budget): Section {
  const parser = new PdfParser(bytes, offset);
  return parser.readKeyword() === 'xref' ? readTable(parser, offset) : readStreamSection(bytes, offset, budget);
}

function readTable(parser: PdfParser, offset: number): Section {
  const entries: (readonly [number, CrossReference])[] = [];
  for (;;) {
    const word = parser.readKeyword();
    if (word === 'trailer') break;
    const first = Number(word);
    const count = parser.readInteger();
    if (!/^[0-9]{1,10}$/.test(word) || entries.length + count > MOST_ENTRIES) throw new DocumentRefused('damaged');
    for (let index = 0; index < count; index += 1) {
      const position = parser.readInteger();
      parser.readInteger();
      const mark = parser.readKeyword();
      if (mark !== 'n' && mark !== 'f') throw new DocumentRefused('damaged');
      const isInUse = mark === 'n' && position > 0;
      entries.push([first + index, isInUse ? { kind: 'offset', offset: position } : FREE]);
    }
  }
  const trailer = entriesOf(parser.readObject());
  return { entries, trailer, range: [offset, parser.at] };
}

/** A section in a stream. It is an object of the file too, and listed as one or not. */
function readStreamSection(bytes: Uint8Array, offset: number, budget: Budget): Section {
  const parser = new PdfParser(bytes, offset);
  parser.readInteger();
  parser.readInteger();
  parser.expect('obj');
  const trailer = entriesOf(parser.readObject());
  const length = trailer.get('Length');
  parser.expect('stream');
  if (nameOf(trailer.get('Type')) !== 'XRef' || typeof length !== 'number') throw new DocumentRefused('damaged');
  if (bytes[parser.at] === 0x0d) parser.at += 1;
  if (bytes[parser.at] === 0x0a) parser.at += 1;
  const stream: PdfStream = {
    kind: 'stream',
    entries: trailer,
    bytes: bytes.subarray(parser.at, parser.at + length),
  };
  parser.at += length;
  parser.expect('endstream');
  parser.expect('endobj');
  const data = decodeStream(stream, (object) => (isKind(object, 'reference') ? null : (object ?? null)), budget);
  return { entries: readPackedEntries(data, trailer), trailer, range: [offset, parser.at] };
}

function readPackedEntries(
  data: Uint8Array,
  trailer: ReadonlyMap<string, PdfObject>,
): readonly (readonly [number, CrossReference])[] {
  const widths = integersOf(trailer.get('W'));
  const index = trailer.has('Index') ? integersOf(trailer.get('Index')) : [0, ...integersOf(trailer.get('Size'))];
  const [typeWidth = 0, secondWidth = 0, thirdWidth = 0] = widths;
  const width = typeWidth + secondWidth + thirdWidth;
  if (widths.length !== 3 || widths.some((each) => each > 8) || width === 0) throw new DocumentRefused('damaged');
  const entries: (readonly [number, CrossReference])[] = [];
  let at = 0;
  for (let pair = 0; pair < index.length; pair += 2) {
    const [first = 0, count = 0] = index.slice(pair, pair + 2);
    if (at + count * width > data.length) throw new DocumentRefused('damaged');
    for (let number = first; number < first + count; number += 1, at += width) {
      const type = typeWidth === 0 ? 1 : bigEndian(data, at, typeWidth);
      const second = bigEndian(data, at + typeWidth, secondWidth);
      const third = bigEndian(data, at + typeWidth + secondWidth, thirdWidth);
      if (type === 1 && second > 0) entries.push([number, { kind: 'offset', offset: second }]);
      else if (type === 2) entries.push([number, { kind: 'packed', stream: second, index: third }]);
      else entries.push([number, FREE]);
    }
  }
  return entries;
}

function bigEndian(data: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let index = at; index < at + width; index += 1) value = value * 256 + (data[index] ?? 0);
  return value;
}

function integersOf(object: PdfObject | undefined): readonly number[] {
  const items = isKind(object, 'array') ? object.items : [object ?? null];
  return items.map((item) => {
    if (typeof item !== 'number' || !Number.isInteger(item) || item < 0 || item > 2 ** 31) {
      throw new DocumentRefused('damaged');
    }
    return item;
  });
}
