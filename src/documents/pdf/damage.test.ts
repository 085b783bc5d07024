import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { deflated, FONT, pageOf, pdfOf, read, refusalOf, shows, testLimits, textIn } from '../files.suite.ts';

const good = pageOf(shows('page'));
const text = good.toString('latin1');
const edited = (from: string | RegExp, to: string) => Buffer.from(text.replace(from, to), 'latin1');

/** A file whose cross-references are in a stream; entries of three bytes, `type offset index`. */
function withReferenceStream(
  entries: Buffer,
  more: { readonly objects: string; readonly dictionary?: string },
): Buffer {
  const start = Buffer.byteLength(more.objects, 'latin1');
  const width = '/W [1 4 1]';
  const { dictionary = '' } = more;
  const head = `9 0 obj\n<< /Type /XRef /Root 1 0 R /Size ${entries.length / 6} ${width} ${dictionary} /Length ${entries.length} >>\nstream\n`;
  return Buffer.concat([
    Buffer.from(more.objects + head, 'latin1'),
    entries,
    Buffer.from(`\nendstream\nendobj\nstartxref\n${start}\n%%EOF`),
  ]);
}

function entry(type: number, second: number, third = 0): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUInt8(type, 0);
  bytes.writeUInt32BE(second, 1);
  bytes.writeUInt8(third, 5);
  return bytes;
}

describe('a PDF that is not as it should be', () => {
  it.each([
    ['a start that is no header', Buffer.from(`\n${text}`)],
    ['an archive behind it', Buffer.from(`${text}PK`)],
    ['no end', edited('%%EOF', '')],
    ['no start of its references', edited(/startxref\n\d+/, '')],
    ['references that begin elsewhere', edited(/startxref\n\d+/, 'startxref\n5')],
    ['references beyond its end', edited(/startxref\n\d+/, 'startxref\n999999')],
    ['an entry of no kind', edited('00000 n', '00000 x')],
    ['a table without a count', edited('xref\n0 6', 'xref\n0 x')],
    ['a table of no number', edited('xref\n0 6', 'xref\nx 6')],
    ['another object where one should be', edited('2 0 obj', '7 0 obj')],
    ['no object where one should be', edited('2 0 obj', '2 0 abc')],
    ['an object without end', edited('endobj', 'endabc')],
    ['a stream that is longer than it says', edited(/\/Length \d+/, '/Length 1')],
    ['a stream without length', edited(/\/Length/, '/Longth')],
    ['a stream whose length is itself', edited(/\/Length \d+/, '/Length 4 0 R')],
    [
      'a revision before that is itself',
      edited('/Root 1 0 R', `/Root 1 0 R /Prev ${/startxref\n(\d+)/.exec(text)?.[1]}`),
    ],
    ['a revision before that is no number', edited('/Root 1 0 R', '/Root 1 0 R /Prev (x)')],
    ['two entries of one name', edited('/Root 1 0 R', '/Root 1 0 R /Any 1 /Any 1')],
    ['no catalogue', edited('/Root 1 0 R', '')],
    ['no pages', edited('/Pages 2 0 R', '')],
    ['pages that hold themselves', edited('[3 0 R]', '[2 0 R]')],
    ['contents that are no stream', edited('/Contents 4 0 R', '/Contents 5 0 R')],
    ['a font that is not there', edited('/F1 5 0 R', '/F2 5 0 R')],
  ])('%s', async (_, file) => {
    expect(await refusalOf('pdf', file)).toBe('damaged');
  });

  it.each([
    ['a key that is no name', '/Any << (a) 1 >>'],
    ['a word of no meaning', '/Any abc'],
    ['a string in hexadecimal with other digits', '/Any <4x>'],
    ['brackets in brackets', `/Any ${'['.repeat(200)}${']'.repeat(200)}`],
  ])('%s', async (_, catalogue) => {
    expect(await refusalOf('pdf', pageOf(shows('page'), [], { catalogue }))).toBe('damaged');
  });

  it('references that go round', async () => {
    expect(await refusalOf('pdf', pageOf(shows('page'), ['7 0 R', '6 0 R', '<< /S 6 0 R >>']))).toBe('damaged');
  });

  it('strings and hexadecimal without end', async () => {
    expect(await refusalOf('pdf', edited('<< /Type /Catalog', '<< /A (x /Type /Catalog'))).toBe('damaged');
    expect(await refusalOf('pdf', pdfOf(['<41'.padEnd(40)]))).toBe('damaged');
  });

  it('streams in filters of no text, wrong data, or too many filters', async () => {
    const filtered = (filter: string, data: string | Buffer = 'x', parms = '') =>
      refusalOf('pdf', pageOf({ dictionary: `/Filter ${filter} ${parms}`, data }));
    expect(await filtered('/DCTDecode')).toBe('damaged');
    expect(await filtered('/FlateDecode')).toBe('damaged');
    expect(await filtered('/ASCIIHexDecode', 'xyz>')).toBe('damaged');
    expect(await filtered('/ASCII85Decode', 'v~>')).toBe('damaged');
    expect(await filtered('/ASCII85Decode', 'uuuuu~>')).toBe('damaged');
    expect(await filtered('/LZWDecode', Buffer.from([0x80, 0x7f, 0xff]))).toBe('damaged');
    expect(await filtered('[/AHx /AHx /AHx /AHx]')).toBe('expands');
    const predictor = (parms: string) => filtered('/FlateDecode', deflateSync('xxxx'), `/DecodeParms << ${parms} >>`);
    expect(await predictor('/Predictor 5')).toBe('damaged');
    expect(await predictor('/Predictor 12 /Columns 0')).toBe('damaged');
    expect(await predictor('/Predictor 12 /BitsPerComponent 4')).toBe('damaged');
    expect(await predictor('/Predictor (x)')).toBe('damaged');
    expect(await predictor('/Predictor 15 /Columns 3')).toBe('damaged');
  });
});

describe('a PDF that is harmless in an unusual way', () => {
  it('has escapes, nested brackets, line ends and odd digits in its strings', async () => {
    const content = 'BT /F1 12 Tf (a\\(b\\)\\101\\7x\\\\ \\\r\n(c)\\\nd\\e\r\nf) Tj ET';
    expect(await textIn('pdf', pageOf(content))).toContain('a(b)A');
    const title = '<< /Title (a\\(b\\)\\101\\\\\\\r\n(c)\\\nd\\e\rf\\t\\60) /Odd <4 1 4> >>';
    const { pieces } = await read('pdf', pageOf(shows('page'), [title]));
    expect(pieces[1]).toBe('a(b)A\\(c)de\nf\t0\nA@');
  });

  it('has strings in all encodings', async () => {
    const objects = ['<< /A <EFBBBFC3A9> /B <FFFE41004200> /C (\\222\\240\\030) /D <FEFFD800> /E <80> /F <9F> >>'];
    const { pieces, hasUninspected } = await read('pdf', pageOf(shows('page'), objects));
    expect(pieces[1]?.split('\n')).toEqual(['é', 'AB', '™€˘', '•']);
    expect(hasUninspected).toBe(true);
  });

  it('has numbers, switches and lengths of any form', async () => {
    const objects = [
      '[true false null -1 +1 .5 1. --3 00012 << /A /B#20C >>]',
      { dictionary: '/Filter [] /DecodeParms null /Type /CMap', data: '' },
      '3',
    ];
    const file = pageOf({ dictionary: '', data: shows('page') }, objects).toString('latin1');
    expect((await read('pdf', Buffer.from(file, 'latin1'))).pieces).toEqual(['page', 'B C']);
    const content = shows('page');
    const indirect = pageOf(content, [String(content.length)])
      .toString('latin1')
      .replace(`/Length ${content.length}`, '/Length 6 0 R'.padEnd(`/Length ${content.length}`.length));
    expect(await refusalOf('pdf', Buffer.from(indirect, 'latin1'))).toBe('damaged');
  });

  it('has predicted data', async () => {
    const plain = Buffer.from(shows('page').padEnd(44));
    const rows = [0, 1, 2, 3, 4].map((kind, index) => {
      const row = plain.subarray(index * 10, index * 10 + 10);
      const up = index === 0 ? Buffer.alloc(10) : plain.subarray(index * 10 - 10, index * 10);
      const predicted = [...row].map((byte, at) => byte - predicted4(kind, { row, up, at }));
      return Buffer.from([kind, ...predicted.map((byte) => byte & 0xff)]);
    });
    const png = deflateSync(Buffer.concat(rows));
    const stream = { dictionary: '/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 10 >>', data: png };
    expect(await textIn('pdf', pageOf(stream))).toBe('page');
    const tiff = Buffer.from(plain.map((byte, at) => (at % 11 === 0 ? byte : byte - (plain[at - 1] ?? 0))));
    const other = { dictionary: '/Filter /Fl /DecodeParms << /Predictor 2 /Columns 11 >>', data: deflateSync(tiff) };
    expect(await textIn('pdf', pageOf(other))).toBe('page');
  });

  it('has its references and objects in streams', async () => {
    const { body, entries } = packedFile();
    const file = (list: readonly Buffer[], dictionary?: string) =>
      withReferenceStream(Buffer.concat(list), { objects: body, ...(dictionary === undefined ? {} : { dictionary }) });
    expect(await read('pdf', file(entries))).toEqual({ pieces: ['page'], hasUninspected: false });
    expect(await read('pdf', file(entries, '/Index [0 3 3 5]'))).toEqual({ pieces: ['page'], hasUninspected: false });
    expect(await refusalOf('pdf', file(entries.with(3, entry(2, 7, 2))))).toBe('damaged');
    expect(await refusalOf('pdf', file(entries.with(3, entry(2, 3, 0))))).toBe('damaged');
    expect(await refusalOf('pdf', file(entries, '/Index [0 99]'))).toBe('damaged');
    expect(await refusalOf('pdf', file(entries, '/Index [0 (x)]'))).toBe('damaged');
    const printed = file(entries).toString('latin1');
    for (const bad of [printed.replace('/W [1 4 1]', '/W [1 4]  '), printed.replace('/Type /XRef', '/Type /Xref')]) {
      expect(await refusalOf('pdf', Buffer.from(bad, 'latin1'))).toBe('damaged');
    }
    expect(await refusalOf('pdf', Buffer.from(printed.replace('/First', '/Furst'), 'latin1'))).toBe('damaged');
  });

  it('lists the objects of newer readers beside a table for older ones', async () => {
    const { body, entries } = packedFile();
    const stream = withReferenceStream(Buffer.concat(entries), { objects: body }).toString('latin1');
    const streamAt = body.length;
    const objects = stream.slice(0, stream.indexOf('startxref'));
    const table = entries.map((_, number) => {
      const offset = new RegExp(`^${number} 0 obj`, 'm').exec(body)?.index;
      return offset === undefined ? '0000000000 65535 f\r\n' : `${String(offset).padStart(10, '0')} 00000 n\r\n`;
    });
    const trailer = `trailer\n<< /Root 1 0 R /XRefStm ${streamAt} >>\nstartxref\n${objects.length}\n%%EOF`;
    const file = Buffer.from(`${objects}xref\n0 ${table.length}\n${table.join('')}${trailer}`, 'latin1');
    expect(await read('pdf', file)).toEqual({ pieces: ['page'], hasUninspected: false });
  });
});

/** The objects of a file of one page, 3 to 5 of them in the object stream 7, and their cross-references. */
function packedFile(): { readonly body: string; readonly entries: readonly Buffer[] } {
  const content = shows('page');
  const packed = ['<< /Type /Page /Contents 6 0 R /Resources 4 0 R >>', '<< /Font << /F1 5 0 R >> >>', FONT];
  const starts = packed.map((_, index) => packed.slice(0, index).join(' ').length + Math.min(index, 1));
  const header = starts.map((start, index) => `${index + 3} ${start}`).join(' ');
  const data = `${header}\n${packed.join(' ')}`;
  const objects = [
    '1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n',
    '2 0 obj\n<< /Type /Pages /Kids [3 0 R] >>\nendobj\n',
    `6 0 obj\n<< /Length ${content.length} >>\nstream\n${content}\nendstream\nendobj\n`,
    `7 0 obj\n<< /Type /ObjStm /N 3 /First ${header.length + 1} /Length ${data.length} >>\nstream\n${data}\nendstream\nendobj\n`,
  ];
  const offset = (index: number) => '%PDF-1.5\n'.length + objects.slice(0, index).join('').length;
  const inStream = [0, 1, 2].map((index) => entry(2, 7, index));
  const entries = [
    entry(0, 0),
    entry(1, offset(0)),
    entry(1, offset(1)),
    ...inStream,
    entry(1, offset(2)),
    entry(1, offset(3)),
  ];
  return { body: `%PDF-1.5\n${objects.join('')}`, entries };
}

interface At {
  readonly row: Buffer;
  readonly up: Buffer;
  readonly at: number;
}

/** What the PNG filters of these kinds predict, written out a second time. */
function predicted4(kind: number, { row, up, at }: At): number {
  const [left, above, corner] = [row[at - 1] ?? 0, up[at] ?? 0, up[at - 1] ?? 0];
  const guess = left + above - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)];
  const paeth = a <= b && a <= c ? left : b <= c ? above : corner;
  return [0, left, above, (left + above) >> 1, paeth][kind] ?? 0;
}

describe('a PDF that is to do harm', () => {
  it('expands: deflate upon deflate, runs, LZW', async () => {
    const zeros = Buffer.alloc(30 * 2 ** 20);
    expect(await refusalOf('pdf', pageOf(deflated(zeros)))).toBe('expands');
    const twice = { dictionary: '/Filter [/Fl /Fl]', data: deflateSync(deflateSync(Buffer.alloc(12 * 2 ** 20))) };
    expect(await refusalOf('pdf', pageOf(twice))).toBe('expands');
    const runs = Buffer.alloc(600_000, Buffer.from([129, 32]));
    expect(await refusalOf('pdf', pageOf({ dictionary: '/Filter /RL', data: runs }))).toBe('expands');
  });

  it('lists more objects or revisions than any file has', async () => {
    const many = edited('xref\n0 6', 'xref\n0 999999999');
    expect(await refusalOf('pdf', many)).toBe('damaged');
  });

  it('draws forms that draw forms: as often as any page has them, and more', async () => {
    const font = '/Font << /F1 5 0 R >>';
    const form = (content: string, next: number) => ({
      dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << ${font} /XObject << /X ${next} 0 R >> >>`,
      data: content,
    });
    const file = (times: number, content = shows('x'.repeat(100))) => {
      const forms = [6, 7, 8].map((number) => form('/X Do '.repeat(times), number + 1));
      return pageOf('/X Do', [...forms, form(content, 99)], { resources: '/XObject << /X 6 0 R >>' });
    };
    expect(await refusalOf('pdf', file(2))).toBe('read');
    expect(await refusalOf('pdf', file(30))).toBe('expands');
    expect(await refusalOf('pdf', file(10), { ...testLimits, textUnits: 50_000 })).toBe('tooMuchText');
  });

  it.each([
    ['a font that is null', '/F2 12 Tf', '/F2 99 0 R'],
    ['a font of no kind', '/F2 12 Tf', '/F2 << /Type /Font /Subtype /None >>'],
    ['no font at all', '', ''],
    ['operands of another operator', '/F1 12 Tf (x) Tf', ''],
  ])('shows its text in %s', async (_, operators, fonts) => {
    const file = pageOf(`BT ${operators} 72 700 Td (page) Tj ET`, [], { fonts });
    expect(await refusalOf('pdf', file)).toBe('damaged');
  });

  it('draws itself', async () => {
    const self = {
      dictionary: '/Type /XObject /Subtype /Form /BBox [0 0 1 1] /Resources << /XObject << /X 6 0 R >> >>',
      data: '/X Do',
    };
    expect(await refusalOf('pdf', pageOf('/X Do', [self], { resources: '/XObject << /X 6 0 R >>' }))).toMatch(
      /damaged|read/,
    );
  });
});
