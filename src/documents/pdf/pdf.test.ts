import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { deflated, FONT, pageOf, pdfOf, read, refusalOf, shows, textIn } from '../files.suite.ts';

const secret = '4111111111111111';
const form = (content: string, more = '') => ({
  dictionary: `/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /F1 5 0 R >> >> ${more}`,
  data: content,
});

describe('what a PDF draws', () => {
  it('is read page by page, whatever the page tree counts', async () => {
    const page = (content: number) =>
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents ${content} 0 R /Resources << /Font << /F1 5 0 R >> >> >>`;
    const file = pdfOf([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Type /Pages /Count 1 /Kids [3 0 R 6 0 R] >>',
      page(4),
      { dictionary: '', data: shows('page one') },
      FONT,
      page(7),
      deflated(shows('page two')),
    ]);
    expect(await read('pdf', file)).toEqual({ pieces: ['page one', 'page two'], hasUninspected: false });
  });

  it('is joined where glyphs stand close, whatever operators place them', async () => {
    const glyphs = [...secret].map((digit, index) => `1 0 0 1 ${72 + index * 6.67} 700 Tm (${digit}) Tj`).join(' ');
    expect(await textIn('pdf', pageOf(`BT /F1 12 Tf ${glyphs} ET`))).toBe(secret);
    const array = [...secret].map((digit) => `(${digit})`).join(' -1 ');
    expect(await textIn('pdf', pageOf(`BT /F1 12 Tf [${array}] TJ ET`))).toBe(secret);
  });

  it('is read in white, size zero, unseen, clipped, beside the page and behind the box of a form', async () => {
    const content =
      `1 g ${shows('white')} BT /F1 0 Tf 72 690 Td (zero) Tj ET BT 3 Tr /F1 12 Tf 72 680 Td (unseen) Tj ET ` +
      `0 0 1 1 re W n ${shows('clipped')} BT /F1 12 Tf 1 0 0 1 -90000000 5 Tm (beside) Tj ET /X1 Do`;
    const file = pageOf(content, [form('BT /F1 12 Tf 500 500 Td (within) Tj ET')], {
      resources: '/XObject << /X1 6 0 R >>',
    });
    const text = await textIn('pdf', file);
    for (const each of ['white', 'zero', 'unseen', 'clipped', 'beside', 'within']) expect(text).toContain(each);
  });

  it('is one word where its letters are spaced', async () => {
    expect(await textIn('pdf', pageOf('BT /F1 12 Tf 3 Tc 72 700 Td (spaced) Tj ET'))).toBe('spaced');
    expect(await textIn('pdf', pageOf('BT /F1 12 Tf 72 700 Td (set 9 Tc and 0 Tf) Tj ET'))).toBe('set 9 Tc and 0 Tf');
    expect(await textIn('pdf', pageOf('BT /F1 12 Tf .1 Tc 1 0 0 1 72 700 Tm (just) Tj (ified) Tj ET'))).toBe(
      'justified',
    );
  });

  it('is set off where a form draws it in another place', async () => {
    const place = (x: number, y: number) =>
      pageOf(`${shows(secret)} /X1 Do`, [form(`BT /F1 12 Tf ${x} ${y} Td (5) Tj ET`)], {
        resources: '/XObject << /X1 6 0 R >>',
      });
    expect(await textIn('pdf', place(72, 300))).toBe(`${secret}\n5`);
    expect(await textIn('pdf', place(400, 700))).toBe(`${secret} 5`);
    expect(await textIn('pdf', place(179, 700))).toBe(`${secret}5`);
  });

  it('is read as it stands where its glyphs are drawn in another order', async () => {
    const order = [3, 9, 0, 14, 7, 1, 12, 5, 15, 2, 8, 11, 4, 13, 6, 10];
    const number = '4012888888881881';
    const glyphs = order.map((at) => `1 0 0 1 ${72 + at * 6.67} 700 Tm (${number.charAt(at)}) Tj`).join(' ');
    expect(await textIn('pdf', pageOf(`BT /F1 12 Tf ${glyphs} ET`))).toContain(number);
  });

  it('is read on layers that are switched off', async () => {
    const layers = '/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>';
    const content = `/OC /L1 BDC ${shows(secret)} EMC`;
    const more = { catalogue: layers, resources: '/Properties << /L1 6 0 R >>' };
    expect(await textIn('pdf', pageOf(content, ['<< /Type /OCG /Name (layer name) >>'], more))).toBe(
      `${secret}\nlayer name`,
    );
  });

  it.each([
    ['an annotation', '<< /Type /Annot /Subtype /Stamp /Rect [0 0 9 9] /AP << /N 7 0 R >> >>', form(shows(secret))],
    [
      'a pattern',
      '<< >>',
      { dictionary: '/PatternType 1 /Resources << /Font << /F1 5 0 R >> >>', data: shows(secret) },
    ],
    ['a form that nothing draws', '<< >>', form(shows(secret))],
  ])('is read on %s', async (_, object, stream) => {
    const { pieces } = await read('pdf', pageOf(shows('page'), [object, stream], { page: '/Annots [6 0 R]' }));
    expect(pieces).toEqual(['page', secret]);
  });

  it('is read on a page outside the page tree, and in the glyphs of a font', async () => {
    const page = '<< /Type /Page /Contents 7 0 R /Resources << /Font << /F1 5 0 R >> >> >>';
    const content = { dictionary: '', data: shows(secret) };
    expect(await textIn('pdf', pageOf(shows('page'), [page, content]))).toContain(secret);
    const font =
      '<< /Type /Font /Subtype /Type3 /FontMatrix [1 0 0 1 0 0] /FontBBox [0 0 9 9] /CharProcs << /a 7 0 R >> /Encoding << /Differences [97 /a] >> /FirstChar 97 /LastChar 97 /Widths [9] /Resources << /Font << /F1 5 0 R >> >> >>';
    const drawn = pageOf('BT /F2 12 Tf (a) Tj ET', [font, content], { fonts: '/F2 6 0 R' });
    expect(await textIn('pdf', drawn)).toContain(secret);
  });

  it('is read in forms that draw with what their page has', async () => {
    const bare = { dictionary: '/Type /XObject /Subtype /Form /BBox [0 0 9 9]', data: shows(secret) };
    const file = pageOf('/X1 Do', [bare], { resources: '/XObject << /X1 6 0 R >>' });
    expect((await read('pdf', file)).pieces).toEqual([secret]);
  });

  it('is read in contents of several streams, with fonts of a graphics state, in forms that are moved and turned', async () => {
    const state = '/ExtGState << /G1 << /Font [5 0 R 12] >> /G2 << >> /G3 << /Font [5 0 R 0] >> >>';
    const turned = form(shows('turned'), '/Matrix [0 1 -1 0 9 0]');
    const file = pdfOf([
      '<< /Type /Catalog /Pages 2 0 R >>',
      `<< /Type /Pages /Kids [3 0 R] /Resources << /Font << /F1 5 0 R >> ${state} /XObject << /X1 8 0 R /X2 9 0 R >> >> >>`,
      '<< /Type /Page /Contents [4 0 R 6 0 R 7 0 R] >>',
      { dictionary: '', data: 'BT /G1 gs /G2 gs 72 700 Td (sta' },
      FONT,
      { dictionary: '', data: 'te) Tj ET' },
      { dictionary: '', data: '/X1 Do /X2 Do BT /G3 gs 72 650 Td (small) Tj ET' },
      turned,
      { dictionary: '/Subtype /Image', data: 'x' },
    ]);
    const { pieces, hasUninspected } = await read('pdf', file);
    expect(pieces.join(' ').replace(/\s+/g, ' ')).toBe('sta te turned small');
    expect(hasUninspected).toBe(true);
  });

  it('is read on a page with nothing to draw with, or nothing drawn', async () => {
    const file = pdfOf([
      '<< /Type /Catalog /Pages 2 0 R >>',
      '<< /Kids [3 0 R 4 0 R] >>',
      '<< /Type /Page >>',
      '<< /Type /Page /Contents 5 0 R >>',
      { dictionary: '', data: '0 0 m' },
    ]);
    expect(await read('pdf', file)).toEqual({ pieces: [], hasUninspected: false });
  });

  it('may be in any encoding of streams', async () => {
    const plain = Buffer.from(shows(secret));
    const hexadecimal = `${plain.toString('hex')}>`;
    const runs = Buffer.concat([Buffer.from([plain.length - 1]), plain, Buffer.from([255, 32, 128])]);
    const streams = [
      { dictionary: '/Filter /ASCIIHexDecode', data: hexadecimal },
      { dictionary: '/Filter [/AHx /Fl]', data: `${deflateSync(plain).toString('hex')}>` },
      { dictionary: '/Filter /RunLengthDecode', data: runs },
    ];
    for (const stream of streams) expect(await textIn('pdf', pageOf(stream))).toBe(secret);
  });
});

describe('what a PDF says besides', () => {
  it.each([
    ['properties', [`<< /Title (${secret}) >>`], { trailer: '/Info 6 0 R' }],
    ['properties in UTF-16', [`<< /Title <FEFF${Buffer.from(secret, 'utf16le').swap16().toString('hex')}> >>`], {}],
    ['values of a form', [`<< /FT /Tx /T (field) /V (${secret}) >>`], { catalogue: '/AcroForm << /Fields [6 0 R] >>' }],
    ['annotations', [`<< /Type /Annot /Subtype /Text /Contents (${secret}) >>`], { page: '/Annots [6 0 R]' }],
    ['links', [`<< /Type /Annot /Subtype /Link /A << /S /URI /URI (https://a.test/${secret}) >> >>`], {}],
    ['outlines', [`<< /Title (${secret}) >>`], { catalogue: '/Outlines << /First 6 0 R >>' }],
    ['alternate texts', [`<< /Type /StructElem /S /Figure /Alt (${secret}) >>`], {}],
    ['entries of a maker’s own', [], { catalogue: `/PieceInfo << /Maker << /Private (${secret}) >> >>` }],
    ['names', [], { catalogue: `/Any /${secret}` }],
    ['numbers', [], { catalogue: `/Any ${secret}` }],
    ['keys', [], { catalogue: `/K${secret} 1` }],
    ['the trailer', [], { trailer: `/Any (${secret})` }],
    ['comments', [`% ${secret}\n<< >>`], {}],
    ['metadata', [deflated(`<x:a xmlns:x="y" x:b="${secret}"/>`, '/Type /Metadata /Subtype /XML')], {}],
    ['metadata in elements', [deflated(`<a><b>${secret}</b></a>`, '/Type /Metadata /Subtype /XML')], {}],
  ])('is read in %s', async (_, objects, more) => {
    const { pieces } = await read('pdf', pageOf(shows('page'), objects, more));
    expect(pieces[0]).toBe('page');
    expect(pieces[1]).toContain(secret);
  });

  it('is read in the properties of marked content', async () => {
    const text = await textIn(
      'pdf',
      pageOf(`/Span << /ActualText (${secret}) /A [(more)] >> BDC ${shows('x <<')} EMC`),
    );
    expect(text.split('\n')).toEqual(['x <<', secret, 'more']);
  });

  it('leaves out what programs write for programs', async () => {
    const objects = ["<< /ModDate (D:20260101120000+01'00') /ID [<00ff> <01fe>] /F1 /WinAnsiEncoding >>"];
    expect((await read('pdf', pageOf(shows('page'), objects))).pieces).toEqual(['page']);
  });
});

describe('what a PDF may not have', () => {
  it.each([
    ['script', '/OpenAction << /S /JavaScript /JS (x) >>'],
    ['script', '/OpenAction << /S /#4aavaScript >>'],
    ['script', '/Names << /JavaScript << /Names [] >> >>'],
    ['script', '/AA << /O << /Type /Action /S /Launch /F (x) >> >>'],
    ['script', '/Any << /S /SubmitForm /F (https://a.test) >>'],
    ['script', '/Any << /S /GoToE >>'],
    ['embedded', '/Names << /EmbeddedFiles << /Names [(a) << >>] >> >>'],
    ['embedded', '/Names << /EmbeddedFiles << /Kids [] >> >>'],
    ['embedded', '/Any << /Type /Filespec /EF << >> >>'],
    ['embedded', '/Collection << >>'],
    ['embedded', '/Any << /Type /Annot /Subtype /FileAttachment >>'],
    ['embedded', '/Any << /Type /Annot /Subtype /RichMedia >>'],
    ['form', '/AcroForm << /XFA [] >>'],
    ['external', '/Any << /Subtype /Form /Ref << >> >>'],
    ['read', '/Names << /EmbeddedFiles << /Names [] >> >>'],
    ['read', '/Any << /Type /StructElem /S /Sound >>'],
  ])('%s: %s', async (refusal, catalogue) => {
    expect(await refusalOf('pdf', pageOf(shows('page'), [], { catalogue }))).toBe(refusal);
  });

  it('data in another file', async () => {
    expect(await refusalOf('pdf', pageOf({ dictionary: '/F (other)', data: shows('page') }))).toBe('external');
    const other = { dictionary: '/F (other)', data: 'x' };
    expect(await refusalOf('pdf', pageOf(shows('page'), [other]))).toBe('external');
  });

  it('encryption', async () => {
    expect(await refusalOf('pdf', pageOf('', [], { trailer: '/Encrypt << >>' }))).toBe('encrypted');
    expect(await refusalOf('pdf', pageOf({ dictionary: '/Filter /Crypt', data: '' }))).toBe('encrypted');
  });

  it('a character map that is not in the file', async () => {
    const font = (encoding: string) =>
      `<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding ${encoding} /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] /ToUnicode 7 0 R >>`;
    const drawn = (encoding: string, map: string) =>
      pageOf('BT /F2 12 Tf <0041> Tj ET', [font(encoding), { dictionary: '', data: map }], {
        fonts: '/F2 6 0 R',
      });
    const map = '1 beginbfchar <0041> <0053> endbfchar';
    expect(await refusalOf('pdf', drawn('/UniGB-UCS2-H', map))).toBe('unmapped');
    const stream = { dictionary: '/Type /CMap /UseCMap /UniJIS-UCS2-H', data: map };
    const based = pageOf('BT /F2 12 Tf (A) Tj ET', ['<< /Type /Font /Subtype /Type1 /ToUnicode 7 0 R >>', stream], {
      fonts: '/F2 6 0 R',
    });
    expect(await refusalOf('pdf', based)).toBe('unmapped');
    expect(await refusalOf('pdf', drawn('/Identity-H', `/UniJIS-UCS2-H usecmap ${map}`))).toBe('unmapped');
  });
});

describe('what nobody has read in a PDF', () => {
  const cases: readonly (readonly [string, Buffer])[] = [
    ['pictures', pageOf(shows('page'), [{ dictionary: '/Subtype /Image /Filter /DCTDecode', data: 'x' }])],
    ['pictures in a drawing', pageOf(`${shows('page')} BI /W 1 /H 1 /BPC 8 /CS /G ID x EI`)],
    ['streams of no known kind', pageOf(shows('page'), [{ dictionary: '', data: 'x' }])],
    ['strings that are no text', pageOf(shows('page'), [], { catalogue: '/Any <00010203>' })],
    [
      'bytes between objects',
      Buffer.from(
        pageOf(shows('page'))
          .toString('latin1')
          .replace('\nxref', '\n!\nxref')
          .replace(/startxref\n([0-9]+)/, (_, at) => `startxref\n${Number(at) + 2}`),
        'latin1',
      ),
    ],
  ];
  it.each(cases)('is told: %s', async (_, file) => {
    expect(await read('pdf', file)).toEqual({ pieces: ['page'], hasUninspected: true });
  });

  it('is not told of fonts, functions and profiles', async () => {
    const objects = ['/Length1 1', '/FunctionType 4', '/N 3', '/Subtype /Type1C', '/ShadingType 4', '/Type /CMap'].map(
      (dictionary) => ({ dictionary, data: 'x' }),
    );
    expect((await read('pdf', pageOf(shows('page'), objects))).hasUninspected).toBe(false);
  });

  it('is told where a font does not say which characters its glyphs are', async () => {
    const font =
      '<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /A /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>] >>';
    const file = pageOf(`${shows('page')} BT /F2 12 Tf <0041> Tj ET`, [font], {
      fonts: '/F2 6 0 R',
    });
    expect((await read('pdf', file)).hasUninspected).toBe(true);
  });

  it.each([
    ['', true],
    ['/Encoding /WinAnsiEncoding', false],
    ['/Encoding << /Differences [65 /A] >>', false],
    ['/ToUnicode 8 0 R', false],
  ])('is told where an embedded font keeps that in a code of its own: %s', async (entries, isTold) => {
    const font = `<< /Type /Font /Subtype /TrueType /BaseFont /A /FontDescriptor 7 0 R ${entries} >>`;
    const descriptor = '<< /Type /FontDescriptor /FontName /A /Flags 4 /FontFile2 9 0 R >>';
    const map = { dictionary: '/Type /CMap', data: '1 beginbfchar <41> <0053> endbfchar' };
    const objects = [font, descriptor, map, { dictionary: '/Length1 1', data: 'x' }];
    const file = pageOf('BT /F2 12 Tf (A) Tj ET', objects, { fonts: '/F2 6 0 R' });
    expect((await read('pdf', file)).hasUninspected).toBe(isTold);
  });

  it('is told of the small view of a file in its metadata', async () => {
    const image = Buffer.alloc(900, 1).toString('base64');
    const metadata = deflated(`<a><b>creator</b><image>${image}</image></a>`, '/Type /Metadata /Subtype /XML');
    expect(await read('pdf', pageOf(shows('page'), [metadata]))).toEqual({
      pieces: ['page', 'creator'],
      hasUninspected: true,
    });
  });

  it('is told of what a later revision took the place of', async () => {
    const first = pageOf(shows('page'), [`(${secret})`]);
    const at = first.length;
    const previous = /startxref\n([0-9]+)/.exec(first.toString('latin1'))?.[1] ?? '';
    const revision = `6 0 obj\n(gone)\nendobj\nxref\n6 1\n${String(at).padStart(10, '0')} 00000 n\r\ntrailer\n<< /Size 7 /Root 1 0 R /Prev ${previous} >>\nstartxref\n${at + 22}\n%%EOF\n`;
    const { pieces, hasUninspected } = await read('pdf', Buffer.concat([first, Buffer.from(revision)]));
    expect(pieces[1]?.split('\n').sort()).toEqual([secret, 'gone']);
    expect(hasUninspected).toBe(true);
  });
});
