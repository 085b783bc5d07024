import type { DocumentReading } from '../../core/index.ts';
import type { Budget } from '../budget.ts';
import { createHiddenText } from '../found-text.ts';
import { type Attributes, attributeOf, visitXml, type XmlVisitor } from '../xml.ts';
import { readPart } from './docx.ts';
import { type NumberFormat, toNumberFormat } from './number-format.ts';
import { openPackage, type PackagePart } from './package.ts';
import { readSheet } from './sheet.ts';
import { createTexts, type TextsOptions } from './texts.ts';

const PREFIX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.';
const WORKBOOK = `${PREFIX}sheet.main+xml`;
const STRINGS = `${PREFIX}sharedstrings+xml`;
const STYLES = `${PREFIX}styles+xml`;
const SHEET = `${PREFIX}worksheet+xml`;

/** What the cells of all sheets refer to. */
export interface Workbook {
  readonly strings: readonly string[];
  /** Positions of the strings that a cell refers to. */
  readonly used: Set<number>;
  /** By a cell's style. */
  readonly formats: readonly NumberFormat[];
  readonly date1904: boolean;
}

/** The text of an Excel workbook (ECMA-376 part 1, SpreadsheetML): all sheets, hidden ones too, and every other part. */
export function readXlsx(bytes: Uint8Array, budget: Budget): DocumentReading {
  const hidden = createHiddenText(budget);
  const options = { budget, hidden };
  const { parts, hasPictures, targetsOf } = openPackage(bytes, { mainType: WORKBOOK, budget, hidden });
  const ofType = (type: string) => parts.find(({ contentType }) => contentType === type);
  const workbook: Workbook = {
    strings: readStrings(ofType(STRINGS), options),
    used: new Set(),
    formats: readFormats(ofType(STYLES)),
    date1904: hasDate1904(ofType(WORKBOOK)),
  };
  const main = ofType(WORKBOOK);
  const names = readSheetNames(main, targetsOf(main?.name ?? ''));
  const rank = new Map([...names.keys()].map((part, index) => [part, index]));
  const rankOf = ({ name }: PackagePart) => rank.get(name) ?? names.size;
  const pieces: string[] = [];
  for (const part of [...parts].sort((a, b) => rankOf(a) - rankOf(b))) {
    const name = names.get(part.name);
    if (part.contentType === SHEET) pieces.push(withName(name, readSheet(part.read(), workbook, options)));
    else if (part.contentType !== STRINGS) pieces.push(withName(name, readPart(part, options)));
  }
  for (const [index, string] of workbook.strings.entries()) if (!workbook.used.has(index)) hidden.add(string);
  return { pieces: [...pieces, hidden.toText()].filter((piece) => piece !== ''), hasUninspected: hasPictures };
}

/** The strings that cells share, in order; runs of one string joined.  */
function readStrings(part: PackagePart | undefined, options: TextsOptions): readonly string[] {
  if (part === undefined) return [];
  const strings: string[] = [];
  const texts = createTexts(options);
  visitXml(part.read(), {
    ...texts.visitor,
    close(name) {
      texts.visitor.close(name);
      if (name === 'si') strings.push(texts.take());
    },
  });
  return strings;
}

function readFormats(part: PackagePart | undefined): readonly NumberFormat[] {
  const codes = new Map<number, string>();
  const formats: NumberFormat[] = [];
  let isCellFormat = false;
  visitTags(part, (name, attributes) => {
    if (name === 'cellXfs' || name === 'cellStyleXfs' || name === 'dxfs') isCellFormat = name === 'cellXfs';
    const id = Number(attributeOf(attributes, 'numFmtId'));
    if (name === 'numFmt') codes.set(id, attributeOf(attributes, 'formatCode') ?? '');
    if (name === 'xf' && isCellFormat) formats.push(toNumberFormat(id, codes.get(id)));
  });
  return formats;
}

/** What each sheet is called, by the name of its part, in the order that a reader shows. */
function readSheetNames(
  part: PackagePart | undefined,
  targets: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  visitTags(part, (element, attributes) => {
    const target = targets.get(attributeOf(attributes, 'id') ?? '');
    if (element === 'sheet' && target !== undefined) names.set(target, attributeOf(attributes, 'name') ?? '');
  });
  return names;
}

/** A sheet's text below what it is called, as on its tab. */
function withName(name: string | undefined, text: string): string {
  return name === undefined ? text : `${name}\n${text}`.trim();
}

function hasDate1904(part: PackagePart | undefined): boolean {
  let found = false;
  visitTags(part, (name, attributes) => {
    if (name === 'workbookPr') found = ['1', 'true'].includes(attributeOf(attributes, 'date1904') ?? '');
  });
  return found;
}

function visitTags(part: PackagePart | undefined, open: (name: string, attributes: Attributes) => void): void {
  if (part === undefined) return;
  const visitor: XmlVisitor = { open, text: () => undefined, close: () => undefined, aside: () => undefined };
  visitXml(part.read(), visitor);
}
