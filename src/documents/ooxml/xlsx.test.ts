import { describe, expect, it } from 'vitest';
import {
  type OfficePart,
  packageOf,
  read,
  refusalOf,
  relationshipsOf,
  sheetPart,
  testLimits,
  textIn,
  xlsxOf,
} from '../files.suite.ts';

const secret = '4111111111111111';
const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml';

describe('what a workbook shows', () => {
  it('is read sheet by sheet under their names, rows as lines', async () => {
    const rows =
      '<row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="inlineStr"><is><r><t>4111</t></r><r><t>1111</t></r></is></c></row>' +
      `<row r="2"><c r="A2"><v>${secret}</v></c><c r="B2" t="b"><v>1</v></c><c r="C2" t="e"><v>#N/A</v></c><c r="D2"/></row>` +
      '<row r="3"><c r="A3" t="str"><f>A1&amp;"x"</f><v>cached</v></c><c r="B3"><f t="shared" si="0"/></c></row>';
    const strings = sheetPart(
      'sharedStrings',
      '<sst><si><t>unused</t></si><si><r><t>shar</t></r><r><t>ed</t></r><rPh><t>reading</t></rPh></si></sst>',
    );
    expect(await read('xlsx', xlsxOf(rows, [strings]))).toEqual({
      pieces: [`tab\nshared\t41111111\n${secret}\t1\t#N/A\t\ncached =A1&"x"`, 'reading\ntab\nunused'],
      hasUninspected: false,
    });
  });

  it('has numbers as they are displayed', async () => {
    const styles = sheetPart(
      'styles',
      '<styleSheet><numFmts><numFmt numFmtId="164" formatCode="000-00-0000"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>' +
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="14"/></cellXfs></styleSheet>',
    );
    const rows =
      '<row><c s="1"><v>12345678</v></c><c s="2"><v>30753</v></c><c s="9"><v>4.111111111111111E15</v></c><c><v>0.10</v></c></row>';
    expect(await textIn('xlsx', xlsxOf(rows, [styles]))).toContain(`012-34-5678\t1984-03-12\t${secret}\t0.10`);
    const workbook: OfficePart = {
      name: 'xl/workbook.xml',
      type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml',
      data: '<workbook><workbookPr date1904="1"/></workbook>',
    };
    expect(await textIn('xlsx', xlsxOf(rows, [styles, workbook]))).toContain('1988-03-13');
  });

  it('is read in sheets that the workbook does not list', async () => {
    const sheet: OfficePart = {
      name: 'xl/worksheets/sheet2.xml',
      type: sheetType,
      data: `<worksheet><sheetData><row><c><v>${secret}</v></c></row></sheetData></worksheet>`,
    };
    expect((await read('xlsx', xlsxOf('', [sheet]))).pieces).toContain(secret);
  });
});

describe('what a workbook hides', () => {
  const comment = `<comments><commentList><comment ref="A1"><text><r><t>4111</t></r><r><t>111111111111</t></r></text></comment></commentList></comments>`;
  it.each<[string, string, readonly OfficePart[]]>([
    ['comments', '', [sheetPart('comments', comment)]],
    [
      'threaded comments',
      '',
      [{ name: 'xl/threaded.xml', data: `<a><threadedComment><text>${secret}</text></threadedComment></a>` }],
    ],
    ['strings that no cell has', '', [sheetPart('sharedStrings', `<sst><si><t>${secret}</t></si></sst>`)]],
    ['copies behind a pivot table', '', [{ name: 'xl/pivot.xml', data: `<a><s v="${secret}"/></a>` }]],
    ['attributes of a cell', `<row><c any="${secret}"/></row>`, []],
    ['attributes of a row', `<row spans="${secret}"/>`, []],
    ['elements in a cell', `<row><c><any a="${secret}"/></c></row>`, []],
    ['a value beside a string', `<row><c t="inlineStr"><v>${secret}</v><is><t>a</t></is></c></row>`, []],
    ['text between the cells', `<row>${secret}<c/></row>`, []],
    ['attributes of a formula', `<row><c><f any="${secret}">A1</f></c></row>`, []],
    ['comments of the markup', `<!-- ${secret} -->`, []],
    ['formats of numbers', '', [sheetPart('styles', `<a><numFmt numFmtId="1" formatCode="${secret}"/></a>`)]],
  ])('is read: %s', async (_, rows, parts) => {
    expect(await textIn('xlsx', xlsxOf(rows, parts))).toContain(secret);
  });

  it('is read around the cells: validations, headers, links, defined names', async () => {
    const sheet: OfficePart = {
      name: 'xl/worksheets/sheet1.xml',
      type: sheetType,
      data:
        '<worksheet><sheetData><row><c><v>1</v></c></row></sheetData><dataValidations><dataValidation prompt="prompt"><formula1>"list"</formula1></dataValidation></dataValidations>' +
        '<hyperlinks><hyperlink ref="A1" tooltip="tooltip"/></hyperlinks><headerFooter><oddHeader>&amp;Cheader</oddHeader></headerFooter></worksheet>',
    };
    const text = await textIn('xlsx', xlsxOf('', [sheet]));
    for (const each of ['prompt', '"list"', 'tooltip', '&Cheader', 'tab']) expect(text).toContain(each);
  });
});

describe('what a workbook may not have', () => {
  it.each<[string, OfficePart]>([
    [
      'external',
      {
        name: 'xl/externalLinks/a.xml',
        type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml',
        data: '<a/>',
      },
    ],
    [
      'external',
      {
        name: 'xl/connections.xml',
        type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml',
        data: '<a/>',
      },
    ],
    [
      'external',
      {
        name: 'xl/queryTable.xml',
        type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.queryTable+xml',
        data: '<a/>',
      },
    ],
    [
      'external',
      {
        name: 'xl/_rels/a.xml.rels',
        data: relationshipsOf([{ type: 'externalLinkPath', target: 'a', mode: 'External' }]),
      },
    ],
    ['macros', { name: 'xl/macrosheets/a.xml', type: 'application/vnd.ms-excel.macrosheet+xml', data: '<a/>' }],
    ['macros', { name: 'xl/a.bin', type: 'application/vnd.ms-office.vbaProject', data: 'x' }],
  ])('%s: %j', async (refusal, part) => {
    expect(await refusalOf('xlsx', xlsxOf('', [part]))).toBe(refusal);
  });

  it('the binary format under another name, or another document', async () => {
    const binary = packageOf([
      { name: 'xl/workbook.bin', type: 'application/vnd.ms-excel.sheet.binary.macroEnabled.main', data: 'x' },
    ]);
    expect(await refusalOf('xlsx', binary)).toBe('macros');
    expect(await refusalOf('xlsx', packageOf([]))).toBe('damaged');
    expect(await refusalOf('xls', Buffer.from('x'))).toBe('binaryFormat');
  });

  it('one long string in many cells', async () => {
    const strings = sheetPart('sharedStrings', `<sst><si><t>${'long '.repeat(40)}</t></si></sst>`);
    const rows = `<row>${'<c t="s"><v>0</v></c>'.repeat(100)}</row>`;
    expect(await refusalOf('xlsx', xlsxOf(rows, [strings]), { ...testLimits, textUnits: 10_000 })).toBe('tooMuchText');
  });
});
