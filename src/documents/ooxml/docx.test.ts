import { describe, expect, it } from 'vitest';
import {
  docxOf,
  type OfficePart,
  packageOf,
  paragraph,
  read,
  refusalOf,
  relationshipsOf,
  testLimits,
  textIn,
  wordPart,
  xlsxOf,
  zipOf,
} from '../files.suite.ts';

const secret = '4111111111111111';
const run = (properties: string, text: string) => `<w:r><w:rPr>${properties}</w:rPr><w:t>${text}</w:t></w:r>`;
const linesOf = async (body: string, parts?: readonly OfficePart[]) =>
  (await textIn('docx', docxOf(body, parts))).split('\n');

describe('what a Word document shows', () => {
  it('is read in order: paragraphs as lines, runs joined, cells set off', async () => {
    const cell = (text: string) => `<w:tc>${paragraph(text)}</w:tc>`;
    const table = `<w:tbl><w:tr>${cell('a')}${cell('b')}</w:tr><w:tr>${cell('c')}${cell('d')}</w:tr></w:tbl>`;
    const body = `${paragraph('41111', '<w:r><w:t xml:space="preserve">11111</w:t></w:r>', '111111')}${table}${paragraph('end')}`;
    expect(await read('docx', docxOf(body))).toEqual({ pieces: [`${secret}\na\tb\nc\td\nend`], hasUninspected: false });
  });

  it('has tabs, breaks, hyphens and symbols as characters', async () => {
    const body = paragraph(
      'a',
      '<w:r><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:sym w:font="Symbol" w:char="F041"/><w:sym w:char="2022"/><w:sym/><w:cr/></w:r>',
      '<m:r><m:t>x²</m:t></m:r>',
    );
    expect(await linesOf(body)).toEqual(['a\tb', 'c-A•', 'x²']);
  });

  it('goes on where a text box stands in a paragraph, and counts one once', async () => {
    const box = `<mc:AlternateContent><mc:Choice Requires="wps">${paragraph('box')}</mc:Choice><mc:Fallback>${paragraph('box')}${paragraph('other box')}</mc:Fallback></mc:AlternateContent>`;
    expect(await linesOf(paragraph('before ', `<w:r>${box}</w:r>`, 'after'))).toEqual([
      'box',
      'before after',
      'other box',
    ]);
  });

  it('comes with headers, footers, notes and comments behind it', async () => {
    const kinds = ['comments', 'endnotes', 'footnotes', 'footer', 'header'];
    const file = docxOf(
      paragraph('body'),
      kinds.map((kind) => wordPart(kind, paragraph(`text of ${kind}`))),
    );
    expect((await read('docx', file)).pieces).toEqual(['body', ...kinds.toReversed().map((kind) => `text of ${kind}`)]);
  });
});

describe('what a Word document hides', () => {
  it.each([
    ['deleted text', paragraph('a', `<w:del><w:r><w:delText>${secret}</w:delText></w:r></w:del>`)],
    ['text that is formatted as hidden', paragraph('a', run('<w:vanish/>', secret))],
    [
      'field codes over several runs',
      paragraph('<w:r><w:instrText>4111111</w:instrText></w:r>', '<w:r><w:instrText>111111111</w:instrText></w:r>'),
    ],
    ['simple fields', paragraph(`<w:fldSimple w:instr="MERGEFIELD ${secret}"/>`)],
    ['alternate texts', paragraph(`<w:r><wp:docPr id="1" name="a" descr="${secret}"/></w:r>`)],
    ['titles of controls', `<w:sdt><w:sdtPr><w:alias w:val="${secret}"/></w:sdtPr></w:sdt>`],
    ['attributes that nothing reads', paragraph(`<w:r w:any="${secret}"/>`)],
    ['elements that nothing reads', `<w:any>${secret}</w:any>`],
    ['comments of the markup', `<!-- ${secret} -->`],
    ['instructions of the markup', `<?a ${secret}?>`],
    ['namespaces', `<w:any xmlns:z="https://a.test/${secret}"/>`],
    ['prefixes to be ignored', `<w:any mc:Ignorable="${secret}"/>`],
    ['styles', `<w:any style="width:1pt;a:${secret}"/>`],
    ['word art', `<w:any string="${secret}"/>`],
    ['colours', `<w:color w:val="${secret}"/>`],
  ])('is read: %s', async (_, body) => {
    expect(await textIn('docx', docxOf(body))).toContain(secret);
  });

  it('is read as it was before tracked changes, and as it shows without hidden text', async () => {
    const deleted = paragraph(
      '41111111',
      '<w:del><w:r><w:delText>1111</w:delText></w:r></w:del>',
      '<w:ins><w:r><w:t>x</w:t></w:r></w:ins>',
      '1111',
    );
    expect(await linesOf(deleted)).toEqual(['41111111x1111', secret]);
    const hidden = paragraph('41111111', run('<w:vanish/>', 'x'), run('<w:vanish w:val="0"/>', '11111111'));
    expect(await linesOf(hidden)).toEqual(['41111111x11111111', secret]);
  });

  it.each<[string, OfficePart]>([
    [
      'properties',
      {
        name: 'docProps/custom.xml',
        data: `<Properties><property name="a"><lpwstr>${secret}</lpwstr></property></Properties>`,
      },
    ],
    ['a name in the properties', { name: 'docProps/core.xml', data: `<a><creator>${secret}</creator></a>` }],
    ['custom XML', { name: 'customXml/item1.xml', data: `<a b="${secret}"/>` }],
    ['names of parts', { name: `customXml/a${secret}.xml`, data: '<a/>' }],
    [
      'links',
      {
        name: 'word/_rels/document.xml.rels',
        data: relationshipsOf([{ type: 'hyperlink', target: `https://a.test/${secret}`, mode: 'External' }]),
      },
    ],
    [
      'relationships',
      { name: 'word/_rels/document.xml.rels', data: relationshipsOf([{ type: 'theme', target: secret }]) },
    ],
    ['settings', wordPart('settings', `<w:docVar w:name="a" w:val="${secret}"/>`)],
    [
      'drawings for older readers',
      {
        name: 'word/drawing1.vml',
        type: 'application/vnd.openxmlformats-officedocument.vmldrawing',
        data: `<xml><br><b title="${secret}"></xml>`,
      },
    ],
    ['content types', { name: 'a.xml', type: `application/${secret}+xml`, data: '<a/>' }],
  ])('is read: %s', async (_, part) => {
    expect(await textIn('docx', docxOf(paragraph('body'), [part]))).toContain(secret);
  });

  it('is no more than what someone wrote: names of styles and fonts, ids, measures and times are left out', async () => {
    const styles = wordPart(
      'styles',
      '<w:style w:styleId="a1"><w:name w:val="List Table 7 Colorful"/><w:rFonts w:ascii="Times New Roman"/><w:panose1 w:val="02020603050405020304"/></w:style>',
    );
    const body =
      '<w:p w:rsidR="00AB12CD" w14:paraId="77777777" xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" mc:Ignorable="w14">' +
      '<w:r><w:rPr><w:sz w:val="24"/><w:lang w:val="en-US"/></w:rPr><w:t>body</w:t></w:r><wp:posOffset>123456789012</wp:posOffset></w:p>' +
      '<w:any w:date="2026-01-01T00:00:00Z" w:id="{01234567-89AB-CDEF-0123-456789ABCDEF}" style="width:10pt; height:2pt"/>' +
      '<w:lvlText w:val="%1."/><w:created>2026-01-01T00:00:00Z</w:created>';
    expect(await linesOf(body, [styles])).toEqual(['body', '123456789012']);
    const odd = wordPart('styles', `<w:style><w:name w:val="${secret}"/></w:style>`);
    expect(await linesOf(paragraph('body'), [odd])).toEqual(['body', secret]);
  });
});

describe('what a Word document may not have', () => {
  const bytes = 'x';
  it.each<[string, OfficePart]>([
    ['macros', { name: 'word/vbaProject.bin', type: 'application/vnd.ms-office.vbaProject', data: bytes }],
    ['macros', { name: 'word/activeX1.xml', type: 'application/vnd.ms-office.activeX+xml', data: bytes }],
    [
      'embedded',
      { name: 'word/embeddings/ole.bin', type: 'application/vnd.openxmlformats-officedocument.oleObject', data: bytes },
    ],
    [
      'embedded',
      { name: 'word/a.xlsx', type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', data: bytes },
    ],
    ['embedded', { name: 'word/a.html', type: 'text/html', data: bytes }],
    ['embedded', { name: 'word/a.rtf', type: 'application/rtf', data: bytes }],
    ['embedded', { name: 'word/a.bin', data: bytes }],
    ['embedded', { name: 'word/_rels/document.xml.rels', data: relationshipsOf([{ type: 'aFChunk', target: 'a' }]) }],
    ['macros', { name: 'word/_rels/document.xml.rels', data: relationshipsOf([{ type: 'control', target: 'a' }]) }],
    [
      'external',
      { name: 'word/_rels/document.xml.rels', data: relationshipsOf([{ type: 'attachedTemplate', target: 'a' }]) },
    ],
    [
      'external',
      {
        name: 'word/_rels/document.xml.rels',
        data: relationshipsOf([{ type: 'image', target: 'https://a.test', mode: 'External' }]),
      },
    ],
    ['damaged', { name: 'word/header1.xml', data: '<a>' }],
    [
      'read',
      { name: 'word/_rels/document.xml.rels', data: relationshipsOf([{ type: 'image', target: 'media/a.png' }]) },
    ],
  ])('%s: %j', async (refusal, part) => {
    expect(await refusalOf('docx', docxOf(paragraph('body'), [part]))).toBe(refusal);
  });

  it('macros, a template or a workbook in place of a document', async () => {
    const main = (type: string) => packageOf([{ name: 'word/document.xml', type, data: '<a/>' }]);
    expect(await refusalOf('docx', main('application/vnd.ms-word.document.macroEnabled.main+xml'))).toBe('macros');
    expect(
      await refusalOf('docx', main('application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml')),
    ).toBe('embedded');
    expect(await refusalOf('docx', xlsxOf(''))).toBe('damaged');
  });

  it('encryption, or another format', async () => {
    const compound = Buffer.from('d0cf11e0a1b11ae1', 'hex');
    expect(await refusalOf('docx', compound)).toBe('encrypted');
    expect(await refusalOf('docx', zipOf([{ name: 'word/document.xml', data: '<a/>' }]))).toBe('damaged');
    expect(await refusalOf('doc', compound)).toBe('binaryFormat');
  });

  it('more text than is read', async () => {
    const file = docxOf(paragraph('a'.repeat(900)));
    expect(await refusalOf('docx', file, { ...testLimits, textUnits: 800 })).toBe('tooMuchText');
    const hidden = docxOf(`<w:any>${'a '.repeat(450)}</w:any>`);
    expect(await refusalOf('docx', hidden, { ...testLimits, textUnits: 800 })).toBe('tooMuchText');
  });

  it('is told: pictures and settings of printers are not read, fonts are no text', async () => {
    const part = (name: string, type: string): OfficePart => ({ name, type, data: 'x' });
    const told = async (each: OfficePart) => (await read('docx', docxOf(paragraph('body'), [each]))).hasUninspected;
    expect(await told({ name: 'word/media/a.png', data: 'x' })).toBe(true);
    expect(
      await told(part('a.bin', 'application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings')),
    ).toBe(true);
    expect(await told(part('a.odttf', 'application/vnd.openxmlformats-officedocument.obfuscatedFont'))).toBe(false);
  });
});
