import { crc32, deflateRawSync, deflateSync } from 'node:zlib';
import type { DocumentFile, DocumentReading } from '../core/index.ts';
import { createBudget, type ReadingLimits } from './budget.ts';
import { readDocument } from './read-document.ts';
import { DocumentRefused, type Refusal } from './refusal.ts';

export const testLimits = { expandedBytes: 16 * 2 ** 20, textUnits: 1_000_000 } as const;

/** A budget that nothing of ordinary size comes near. */
export const testBudget = () => createBudget(testLimits);

/** The reading of a file in this thread. */
export function read(
  format: DocumentFile['format'],
  bytes: Uint8Array,
  limits: ReadingLimits = testLimits,
): Promise<DocumentReading> {
  return readDocument({ format, bytes }, limits);
}

/** All that was read out of a file. */
export async function textIn(format: DocumentFile['format'], bytes: Uint8Array): Promise<string> {
  return (await read(format, bytes)).pieces.join('\n');
}

/** Why a file is refused, or `read` where it is not. */
export async function refusalOf(
  format: DocumentFile['format'],
  bytes: Uint8Array,
  limits?: ReadingLimits,
): Promise<Refusal | 'read'> {
  try {
    await read(format, bytes, limits);
    return 'read';
  } catch (error) {
    if (error instanceof DocumentRefused) return error.refusal;
    throw error;
  }
}

export interface ZipFile {
  readonly name: string;
  readonly data: string | Uint8Array;
  /** As the directory has it, where it is to differ. */
  readonly declared?: number;
  readonly method?: 0 | 8;
  readonly flags?: number;
  /** In the file's own header, where it is to differ from the directory. */
  readonly localName?: string;
  /** In both headers, where it is to be wrong. */
  readonly crc?: number;
  /** Bytes behind the file. */
  readonly behind?: Uint8Array;
  readonly compressed?: Uint8Array;
}

/** A ZIP archive; whatever is asked for, right or wrong. */
export function zipOf(
  files: readonly ZipFile[],
  end: { readonly comment?: string; readonly count?: number } = {},
): Buffer {
  const chunks: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data, declared, method = 8, flags = 0, localName = name, behind, compressed, crc } of files) {
    const bytes = Buffer.from(data);
    const packed = Buffer.from(compressed ?? (method === 8 ? deflateRawSync(bytes) : bytes));
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(crc ?? crc32(bytes), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(declared ?? bytes.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const central = Buffer.alloc(14);
    central.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\0', 'latin1'), fields, central, Buffer.from(name));
    const local = Buffer.from(fields);
    local.writeUInt16LE(Buffer.byteLength(localName), 22);
    const file = [Buffer.from('PK\x03\x04'), local, Buffer.from(localName), packed, Buffer.from(behind ?? [])];
    chunks.push(...file);
    offset += file.reduce((sum, { length }) => sum + length, 0);
  }
  const entries = Buffer.concat(directory);
  const last = Buffer.alloc(18);
  last.writeUInt16LE(end.count ?? files.length, 4);
  last.writeUInt16LE(end.count ?? files.length, 6);
  last.writeUInt32LE(entries.length, 8);
  last.writeUInt32LE(offset, 12);
  last.writeUInt16LE(end.comment?.length ?? 0, 16);
  return Buffer.concat([...chunks, entries, Buffer.from('PK\x05\x06'), last, Buffer.from(end.comment ?? '')]);
}

const WORD = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const OFFICE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';

export interface OfficePart {
  /** Without a leading slash. */
  readonly name: string;
  readonly type?: string;
  readonly data: string | Uint8Array;
}

/** A package of parts, those of no type covered by the extensions `xml`, `rels` and `png`. */
export function packageOf(parts: readonly OfficePart[]): Buffer {
  const overrides = parts.flatMap(({ name, type }) =>
    type === undefined ? [] : [`<Override PartName="/${name}" ContentType="${type}"/>`],
  );
  const types =
    `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
    '<Default Extension="xml" ContentType="application/xml"/><Default Extension="png" ContentType="image/png"/>' +
    `${overrides.join('')}</Types>`;
  return zipOf([{ name: '[Content_Types].xml', data: types }, ...parts]);
}

/** Relationships in XML; those with a mode lead out of the file. */
export function relationshipsOf(
  entries: readonly { readonly type: string; readonly target: string; readonly mode?: string }[],
): string {
  const list = entries.map(
    ({ type, target, mode }, index) =>
      `<Relationship Id="rId${index + 1}" Type="${OFFICE}/${type}" Target="${target}"${mode === undefined ? '' : ` TargetMode="${mode}"`}/>`,
  );
  return `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.join('')}</Relationships>`;
}

/** A Word document of a body in WordprocessingML, and of what else it is to have. */
export function docxOf(body: string, parts: readonly OfficePart[] = []): Buffer {
  const namespaces =
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"';
  const document = `${declaration}<w:document ${namespaces}><w:body>${body}</w:body></w:document>`;
  return packageOf([{ name: 'word/document.xml', type: `${WORD}.document.main+xml`, data: document }, ...parts]);
}

/** A part of a Word document: `header`, `footnotes` and so on. */
export function wordPart(kind: string, content: string): OfficePart {
  const data = `<w:${kind} xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${content}</w:${kind}>`;
  return { name: `word/${kind}1.xml`, type: `${WORD}.${kind}+xml`, data };
}

export const paragraph = (...runs: readonly string[]) =>
  `<w:p>${runs.map((run) => (run.startsWith('<') ? run : `<w:r><w:t>${run}</w:t></w:r>`)).join('')}</w:p>`;

/** An Excel workbook of one sheet with the rows given, and of what else it is to have. */
export function xlsxOf(rows: string, parts: readonly OfficePart[] = []): Buffer {
  const workbook = `<workbook xmlns:r="${OFFICE}"><sheets><sheet name="tab" sheetId="1" r:id="rId1"/></sheets></workbook>`;
  const own: OfficePart[] = [
    { name: 'xl/workbook.xml', type: `${SHEET}.sheet.main+xml`, data: workbook },
    {
      name: 'xl/_rels/workbook.xml.rels',
      data: relationshipsOf([{ type: 'worksheet', target: 'worksheets/sheet1.xml' }]),
    },
    {
      name: 'xl/worksheets/sheet1.xml',
      type: `${SHEET}.worksheet+xml`,
      data: `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
    },
  ];
  return packageOf([...own.filter(({ name }) => !parts.some((part) => part.name === name)), ...parts]);
}

/** A part of a workbook: `sharedStrings`, `styles`, `comments` and so on. */
export function sheetPart(kind: string, data: string): OfficePart {
  return { name: `xl/${kind}.xml`, type: `${SHEET}.${kind}+xml`, data };
}

export type PdfSource = string | { readonly dictionary: string; readonly data: string | Uint8Array };

/** A stream of a PDF, deflated. */
export const deflated = (data: string | Uint8Array, dictionary = ''): PdfSource => ({
  dictionary: `/Filter /FlateDecode ${dictionary}`,
  data: deflateSync(Buffer.from(data)),
});

/** A PDF file of objects numbered from 1, the first of them the catalogue. */
export function pdfOf(objects: readonly PdfSource[], trailer = ''): Buffer {
  const chunks: Buffer[] = [Buffer.from('%PDF-1.7\n')];
  const offsets: number[] = [];
  const size = () => chunks.reduce((sum, { length }) => sum + length, 0);
  for (const [index, object] of objects.entries()) {
    offsets.push(size());
    chunks.push(printSource(index + 1, object));
  }
  const start = size();
  const table = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n\r\n`).join('');
  chunks.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f\r\n${table}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${start}\n%%EOF\n`,
    ),
  );
  return Buffer.concat(chunks);
}

function printSource(number: number, object: PdfSource): Buffer {
  if (typeof object === 'string') return Buffer.from(`${number} 0 obj\n${object}\nendobj\n`, 'latin1');
  const data = Buffer.from(object.data);
  return Buffer.concat([
    Buffer.from(`${number} 0 obj\n<< ${object.dictionary} /Length ${data.length} >>\nstream\n`, 'latin1'),
    data,
    Buffer.from('\nendstream\nendobj\n'),
  ]);
}

export const FONT = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';

/** A PDF of one page that draws the content given; more objects are numbered from 6, entries go into the page. */
export function pageOf(
  content: string | PdfSource,
  objects: readonly PdfSource[] = [],
  more: PageEntries = {},
): Buffer {
  const stream = typeof content === 'string' ? { dictionary: '', data: content } : content;
  const resources = `/Resources << /Font << /F1 5 0 R ${more.fonts ?? ''} >> ${more.resources ?? ''} >>`;
  return pdfOf(
    [
      `<< /Type /Catalog /Pages 2 0 R ${more.catalogue ?? ''} >>`,
      '<< /Type /Pages /Count 1 /Kids [3 0 R] >>',
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R ${resources} ${more.page ?? ''} >>`,
      stream,
      FONT,
      ...objects,
    ],
    more.trailer,
  );
}

export interface PageEntries {
  readonly catalogue?: string;
  readonly page?: string;
  readonly resources?: string;
  /** Entries among its fonts. */
  readonly fonts?: string;
  readonly trailer?: string;
}

/** Operators that show a text at 72, 700. */
export const shows = (text: string) => `BT /F1 12 Tf 72 700 Td (${text}) Tj ET\n`;
