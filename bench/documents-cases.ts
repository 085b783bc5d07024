import { deflateSync } from 'node:zlib';
import type { DocumentFile } from '../src/core/index.ts';
import {
  deflated,
  docxOf,
  FONT,
  type PdfSource,
  pageOf,
  paragraph,
  pdfOf,
  sheetPart,
  shows,
  xlsxOf,
} from '../src/documents/files.suite.ts';
import { toProse } from './prose.ts';

export interface DocumentCase {
  readonly name: string;
  readonly about: string;
  readonly pages: number;
  make(): DocumentFile;
}

const PAGE_UNITS = 3_000;
const LINE_UNITS = 75;

/** The lines of a page. */
function linesOf(page: number): readonly string[] {
  const text = toProse(page, PAGE_UNITS).replace(/[()\\<&]/g, ' ');
  return Array.from({ length: PAGE_UNITS / LINE_UNITS }, (_, line) =>
    `${page}.${line} ${text.slice(line * LINE_UNITS, (line + 1) * LINE_UNITS)}`.slice(0, LINE_UNITS),
  );
}

function pdf(pages: number): DocumentFile {
  const objects: PdfSource[] = [];
  const kids: string[] = [];
  for (let page = 0; page < pages; page += 1) {
    const number = objects.length + 4;
    kids.push(`${number} 0 R`);
    const lines = linesOf(page).map((line) => `(${line}) Tj 0 -14 Td`);
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ${number + 1} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      deflated(`BT /F1 11 Tf 72 750 Td ${lines.join('\n')} ET`),
    );
  }
  const tree = `<< /Type /Pages /Count ${pages} /Kids [${kids.join(' ')}] >>`;
  return { format: 'pdf', bytes: pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', tree, FONT, ...objects]) };
}

function docx(pages: number): DocumentFile {
  const lines = Array.from({ length: pages }, (_, page) => linesOf(page)).flat();
  return { format: 'docx', bytes: docxOf(lines.map((line) => paragraph(line)).join('')) };
}

function xlsx(pages: number): DocumentFile {
  const lines = Array.from({ length: pages }, (_, page) => linesOf(page)).flat();
  const rows = lines.map(
    (_, index) =>
      `<row r="${index + 1}"><c r="A${index + 1}" t="s"><v>${index}</v></c><c r="B${index + 1}"><v>${index * 1_000.5}</v></c></row>`,
  );
  const strings = `<sst>${lines.map((line) => `<si><t>${line}</t></si>`).join('')}</sst>`;
  return { format: 'xlsx', bytes: xlsxOf(rows.join(''), [sheetPart('sharedStrings', strings)]) };
}

/** What ordinary documents take. */
export const documentCases: readonly DocumentCase[] = [
  { name: 'pdf-1', about: 'a page', pages: 1, make: () => pdf(1) },
  { name: 'pdf-100', about: 'a hundred pages', pages: 100, make: () => pdf(100) },
  { name: 'docx-1', about: 'a page', pages: 1, make: () => docx(1) },
  { name: 'docx-100', about: 'a hundred pages', pages: 100, make: () => docx(100) },
  { name: 'xlsx-1', about: 'forty rows', pages: 1, make: () => xlsx(1) },
  { name: 'xlsx-100', about: 'four thousand rows', pages: 100, make: () => xlsx(100) },
];

const form = (content: string, next: number) => ({
  dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /Font << /F1 5 0 R >> /XObject << /X ${next} 0 R >> >>`,
  data: content,
});

/** What documents made to do harm come to. */
export const hostileCases: readonly DocumentCase[] = [
  {
    name: 'zip-bomb',
    about: 'a part of 1 GiB in 1 MiB',
    pages: 1,
    make: () => ({ format: 'docx', bytes: docxOf('', [{ name: 'a.xml', data: Buffer.alloc(2 ** 30) }]) }),
  },
  {
    name: 'zip-many',
    about: 'twenty parts of 16 MiB, each within bounds',
    pages: 1,
    make: () => {
      const data = Buffer.from(Array.from({ length: 2 ** 21 }, (_, index) => `${index % 977} `.padEnd(8)).join(''));
      const parts = Array.from({ length: 20 }, (_, index) => ({ name: `a${index}.xml`, data: `<a>${data}</a>` }));
      return { format: 'docx', bytes: docxOf('', parts) };
    },
  },
  {
    name: 'flate-bomb',
    about: 'a stream deflated twice',
    pages: 1,
    make: () => {
      const data = deflateSync(deflateSync(Buffer.alloc(2 ** 29)));
      return { format: 'pdf', bytes: pageOf({ dictionary: '/Filter [/FlateDecode /FlateDecode]', data }) };
    },
  },
  {
    name: 'form-bomb',
    about: 'forms that draw forms, a hundred times each, six deep',
    pages: 1,
    make: () => {
      const forms = Array.from({ length: 6 }, (_, index) => form('/X Do '.repeat(100), index + 7));
      const bytes = pageOf('/X Do', [...forms, form(shows('x'), 12)], { resources: '/XObject << /X 6 0 R >>' });
      return { format: 'pdf', bytes };
    },
  },
  {
    name: 'page-bomb',
    about: 'twenty thousand pages that show one stream',
    pages: 1,
    make: () => {
      const kids = Array.from({ length: 20_000 }, (_, index) => `${index + 5} 0 R`);
      const bytes = pdfOf([
        '<< /Type /Catalog /Pages 2 0 R >>',
        `<< /Kids [${kids.join(' ')}] /Resources << /Font << /F1 4 0 R >> >> >>`,
        { dictionary: '', data: shows('a').repeat(50) },
        FONT,
        ...kids.map(() => '<< /Type /Page /Contents 3 0 R >>'),
      ]);
      return { format: 'pdf', bytes };
    },
  },
  {
    name: 'string-bomb',
    about: 'a long string in thirty thousand cells',
    pages: 1,
    make: () => {
      const strings = sheetPart(
        'sharedStrings',
        `<sst><si><t>${toProse(1, 30_000).replace(/[<&]/g, ' ')}</t></si></sst>`,
      );
      return { format: 'xlsx', bytes: xlsxOf('<row><c t="s"><v>0</v></c></row>'.repeat(30_000), [strings]) };
    },
  },
  {
    name: 'nested-xml',
    about: 'a hundred thousand elements, one in the other',
    pages: 1,
    make: () => ({ format: 'docx', bytes: docxOf('<w:a>'.repeat(100_000)) }),
  },
];
