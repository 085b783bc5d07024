import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { read, refusalOf } from './files.suite.ts';

const fixture = (name: string) => readFileSync(join(import.meta.dirname, 'fixtures', name));

const reportlab = [
  'text of page one\n4111111111111111\nwhite text\ntiny text\ninvisible text\ntext beside the page',
  'text of page two',
];
const reportlabHidden = [
  'title of the file',
  'author of the file',
  'keyword of the file',
  'value of the field',
  'tooltip of the field',
  'https://example.com/target-of-link',
  'text of the annotation',
  'outline entry',
];

describe('documents of independent tools', () => {
  it.each(['reportlab.pdf', 'object-streams.pdf', 'linearized.pdf'])('finds every text of %s', async (name) => {
    const { pieces, hasUninspected } = await read('pdf', fixture(name));
    expect(pieces.slice(0, 2)).toEqual(reportlab);
    for (const text of reportlabHidden) expect(pieces[2]).toContain(text);
    expect(hasUninspected).toBe(false);
  });

  it('reads glyphs of an embedded font as the characters they stand for, ligatures as letters', async () => {
    const { pieces, hasUninspected } = await read('pdf', fixture('fpdf.pdf'));
    expect(pieces[0]).toBe('Größe and finance, in glyphs of an embedded font.');
    expect(hasUninspected).toBe(false);
  });

  it('reads properties in XMP', async () => {
    expect((await read('pdf', fixture('xmp.pdf'))).pieces.at(-1)).toContain('description in XMP');
  });

  it('refuses attachments, scripts and encryption', async () => {
    expect(await refusalOf('pdf', fixture('attached.pdf'))).toBe('embedded');
    expect(await refusalOf('pdf', fixture('script.pdf'))).toBe('script');
    expect(await refusalOf('pdf', fixture('encrypted.pdf'))).toBe('encrypted');
  });

  it('reads a Word document with all that stands around its text', async () => {
    const { pieces, hasUninspected } = await read('docx', fixture('python-docx.docx'));
    expect(pieces.slice(0, 4)).toEqual([
      'heading of the file\ncard 4111111111111111\nfirst cell\tsecond cell\nthird cell\tfourth cell',
      'text of the header',
      'text of the footer',
      'text of the comment',
    ]);
    expect(pieces[4]?.split('\n')).toEqual(
      expect.arrayContaining(['author of the file', 'description of the file', 'author of the comment', 'ac']),
    );
    // The picture of its first page that python-docx puts into every file.
    expect(hasUninspected).toBe(true);
  });

  it('reads a workbook of openpyxl, hidden sheets too', async () => {
    const { pieces, hasUninspected } = await read('xlsx', fixture('openpyxl.xlsx'));
    expect(pieces.slice(0, 4)).toEqual([
      'first sheet\ntext of a cell\t4111111111111111\t=SUM(1,2)&"text in a formula"\n012-34-5678\t1984-03-12\nlink',
      'hidden sheet\ntext of a hidden sheet',
      'very hidden sheet\ntext of a very hidden sheet',
      'text of the comment',
    ]);
    for (const text of ['https://example.com/target-of-link', 'text of the header', 'text of a defined name']) {
      expect(pieces.at(-1)).toContain(text);
    }
    expect(hasUninspected).toBe(false);
  });

  it('reads a workbook of xlsxwriter with its chart, text box and validation', async () => {
    const { pieces, hasUninspected } = await read('xlsx', fixture('xlsxwriter.xlsx'));
    expect(pieces[0]).toBe('written\nshared string\nrich 41111111\n4111111111111111\nvalue of a formula =1+1');
    for (const text of ['title of the chart', 'text of the box', 'text of the comment']) expect(pieces).toContain(text);
    for (const text of ['input message', 'name of the series', 'alternate text', 'custom key', 'custom property']) {
      expect(pieces.at(-1)).toContain(text);
    }
    expect(hasUninspected).toBe(false);
  });
});
