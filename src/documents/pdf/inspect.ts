import type { Budget } from '../budget.ts';
import type { HiddenText } from '../found-text.ts';
import { createTexts } from '../ooxml/texts.ts';
import { DocumentRefused, type Refusal } from '../refusal.ts';
import { visitXml } from '../xml.ts';
import type { PdfFile } from './file.ts';
import { decodeStream } from './filters.ts';
import { entriesOf, isKind, nameOf, type PdfObject, type PdfStream } from './objects.ts';
import { latin1, PdfParser } from './parser.ts';
import { toText } from './text-string.ts';

export interface Inspection {
  readonly budget: Budget;
  readonly hidden: HiddenText;
}

/** Keys that only active, attached or otherwise unreadable content has. */
const REFUSED_KEYS: ReadonlyMap<string, Refusal> = new Map([
  ['JS', 'script'],
  ['JavaScript', 'script'],
  ['EF', 'embedded'],
  ['Collection', 'embedded'],
  ['RichMediaContent', 'embedded'],
  ['XFA', 'form'],
]);
/** What a `Subtype` or `Type` refuses. */
const REFUSED_TYPES: ReadonlyMap<string, Refusal> = new Map([
  ['EmbeddedFile', 'embedded'],
  ['FileAttachment', 'embedded'],
  ['Movie', 'embedded'],
  ['RichMedia', 'embedded'],
  ['Screen', 'embedded'],
  ['Sound', 'embedded'],
  ['3D', 'embedded'],
]);
/** Actions that run a program, send or fetch something (ISO 32000-2, table 201). */
const REFUSED_ACTIONS = new Set(
  'JavaScript Launch SubmitForm ImportData Rendition Sound Movie GoToE GoTo3DView RichMediaExecute'.split(' '),
);
/** Keys whose strings are bytes, or names of characters. */
const NOT_TEXT = new Set(['ID', 'CharSet', 'Panose', 'Lookup', 'CheckSum', 'DocChecksum', 'Cert']);
/** Keys whose streams belong to fonts: maps of characters and shapes of glyphs. */
const FONT_STREAMS = ['ToUnicode', 'Encoding', 'CIDToGIDMap', 'CIDSet', 'FontFile', 'FontFile2', 'FontFile3'];
/** Keys of streams that are functions, shadings, halftones and fonts. */
const KNOWN_KEYS = ['FunctionType', 'ShadingType', 'HalftoneType', 'Length1'];
const FONT_SUBTYPES = new Set(['Type1C', 'CIDFontType0C', 'OpenType']);
const DATE = /^D:[0-9]{4,14}(?:Z|[-+][0-9']{2,7}|Z00'00'?)?$/;
const ODD_NAME = /[0-9]{5}|[@ ]/;
const GLYPH_NAME = /^(?:[A-Za-z]{1,5}[0-9]{5}|u(?:ni)?[0-9A-F]{4,6}|[A-Z]{6}\+[A-Za-z0-9,-]+)$/;
const LARGE_NUMBER = 1e8;

/**
 * Looks at every object of a file: refuses what acts, what is attached, and forms that are not part of PDF itself; adds
 * each string to the hidden text, wherever it stands (annotations, form values, outlines, properties, alternate texts,
 * keys of any maker's own). Tells whether there are streams, apart from those in `read`, that nobody can read as text.
 */
export function inspectObjects(file: PdfFile, read: ReadonlySet<PdfObject>, inspection: Inspection): boolean {
  const streams = new Set<PdfStream>();
  const known = new Set<PdfObject>(read);
  let hasBytes = false;

  const visitEntries = (entries: ReadonlyMap<string, PdfObject>) => {
    refuse(entries, file);
    for (const key of FONT_STREAMS) if (entries.has(key)) known.add(file.resolve(entries.get(key)));
    const isSignature = entries.has('ByteRange');
    for (const [key, value] of entries) {
      visitName(key, inspection.hidden);
      if (!NOT_TEXT.has(key) && !(isSignature && key === 'Contents')) visit(value);
    }
  };
  const visit = (object: PdfObject) => {
    if (typeof object === 'number' && Math.abs(object) >= LARGE_NUMBER) inspection.hidden.add(String(object));
    if (typeof object !== 'object' || object === null) return;
    if (object.kind === 'array') {
      // The palette of an indexed colour space is a string of bytes.
      const isPalette = /^I(?:ndexed)?$/.test(nameOf(object.items[0]) ?? '');
      for (const item of isPalette ? [] : object.items) visit(item);
    } else if (object.kind === 'name') visitName(object.name, inspection.hidden);
    else if (object.kind === 'string') {
      const text = toText(object.bytes);
      if (text === undefined) hasBytes = true;
      else if (!DATE.test(text)) inspection.hidden.add(text);
    } else if (object.kind === 'dictionary') visitEntries(object.entries);
    else if (object.kind === 'stream') {
      streams.add(object);
      visitEntries(object.entries);
    }
  };
  for (const trailer of file.trailers) visitEntries(trailer);
  for (const { object } of file.stored) visit(object);
  const hints = hintOffset(file);
  const isUnread = (stream: PdfStream) => !known.has(stream) && !isReadable(stream, file, inspection);
  const unread = [...streams].filter(isUnread);
  return hasBytes || unread.some((stream) => !file.stored.some((one) => one.object === stream && one.offset === hints));
}

function refuse(entries: ReadonlyMap<string, PdfObject>, file: PdfFile): void {
  const type = nameOf(entries.get('Type'));
  const isAction = type === undefined || type === 'Action';
  if (isAction && REFUSED_ACTIONS.has(nameOf(file.resolve(entries.get('S'))) ?? ''))
    throw new DocumentRefused('script');
  for (const [key, refusal] of REFUSED_KEYS) if (entries.has(key)) throw new DocumentRefused(refusal);
  for (const key of ['Type', 'Subtype']) {
    const refusal = REFUSED_TYPES.get(nameOf(file.resolve(entries.get(key))) ?? '');
    if (refusal !== undefined) throw new DocumentRefused(refusal);
  }
  const attached = entriesOf(file.resolve(entries.get('EmbeddedFiles')));
  if (attached.has('Kids') || listLength(file.resolve(attached.get('Names'))) > 0)
    throw new DocumentRefused('embedded');
  // A form that is a page of another file (ISO 32000-2, 8.10.4).
  if (nameOf(entries.get('Subtype')) === 'Form' && entries.has('Ref')) throw new DocumentRefused('external');
}

function listLength(object: PdfObject): number {
  return isKind(object, 'array') ? object.items.length : 0;
}

function visitName(name: string, hidden: HiddenText): void {
  if (ODD_NAME.test(name) && !GLYPH_NAME.test(name)) hidden.add(name);
}

/** Whether a stream has no text, or text that is taken out here. */
function isReadable(stream: PdfStream, file: PdfFile, { budget, hidden }: Inspection): boolean {
  const { entries } = stream;
  if (entries.has('F')) throw new DocumentRefused('external');
  const type = nameOf(file.resolve(entries.get('Type')));
  const subtype = nameOf(file.resolve(entries.get('Subtype')));
  if (type === 'Metadata' || subtype === 'XML') {
    return readMetadata(decodeStream(stream, file.resolve, budget), { budget, hidden });
  }
  if (type === 'XRef' || type === 'ObjStm' || type === 'CMap') return true;
  if (subtype === 'Image') return false;
  const isProfile = typeof file.resolve(entries.get('N')) === 'number';
  return isProfile || KNOWN_KEYS.some((key) => entries.has(key)) || FONT_SUBTYPES.has(subtype ?? '');
}

/**
 * Takes the text out of XMP (ISO 16684-1): properties as elements or as attributes, white space around. False where it
 * holds a picture, as the small view of a file is kept.
 */
function readMetadata(bytes: Uint8Array, inspection: Inspection): boolean {
  const { visitor } = createTexts(inspection);
  let isText = true;
  visitXml(bytes, {
    ...visitor,
    text(text) {
      if (text.length > SHORTEST_PICTURE && /^[A-Za-z0-9+/=\s]+$/.test(text)) isText = false;
      else visitor.text(text);
    },
    aside: (text) => inspection.hidden.addValue(text.replace(PACKET, '')),
  });
  return isText;
}

const SHORTEST_PICTURE = 500;
const PACKET = /^xpacket (?:begin="\ufeff?" id="W5M0MpCehiHzreSzNTczkc9d"(?: bytes="[0-9]{1,8}")?|end="[rw]")$/;

/** Where the table of a linearised file lies that says where its pages lie (ISO 32000-2, annex F). */
function hintOffset({ stored, resolve }: PdfFile): number | undefined {
  const linearised = stored.find(({ object }) => isKind(object, 'dictionary') && object.entries.has('Linearized'));
  const hints = resolve(entriesOf(linearised?.object).get('H'));
  const [offset] = isKind(hints, 'array') ? hints.items : [];
  return typeof offset === 'number' ? offset : undefined;
}

/** The strings in a content stream that are drawn nowhere, such as the text that a reader is to read out (`ActualText`). */
export function readContentProperties(content: Uint8Array, hidden: HiddenText): void {
  const text = latin1(content);
  for (let at = text.indexOf('<<'); at >= 0; at = text.indexOf('<<', at)) {
    const parser = new PdfParser(content, at);
    try {
      for (const string of stringsOf(parser.readObject())) hidden.add(toText(string) ?? '');
      at = parser.at;
    } catch (error) {
      // Within a string or a picture these bytes are no dictionary.
      if (!(error instanceof DocumentRefused) || error.refusal !== 'damaged') throw error;
      at += 1;
    }
  }
}

function stringsOf(object: PdfObject): readonly Uint8Array[] {
  if (isKind(object, 'string')) return [object.bytes];
  if (isKind(object, 'array')) return object.items.flatMap(stringsOf);
  return [...entriesOf(object).values()].flatMap(stringsOf);
}
