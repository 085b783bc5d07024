import type { Budget } from '../budget.ts';
import type { HiddenText } from '../found-text.ts';
import { isPlainName, isStyle } from '../typed-value.ts';
import { type Attributes, attributeOf, visitXml, type XmlVisitor } from '../xml.ts';

/** A paragraph in the three ways that readers can show it. */
interface Line {
  /** With everything that is not deleted. */
  text: string;
  /** Without what is formatted as hidden. */
  visible: string;
  /** Before the tracked changes. */
  original: string;
}

export interface TextsOptions {
  readonly budget: Budget;
  readonly hidden: HiddenText;
  /** Whether the part says how others look, so that plain names in it are those of styles and fonts. */
  readonly isLook?: boolean;
}

/** Elements that hold runs of one line: paragraphs of Word and of drawings, strings and comments of a sheet. */
const LINES = new Set(['p', 'si', 'is', 'text']);
/** Elements whose character data is part of a line; others' stands by itself. */
const RUN_TEXTS = new Set(['t', 'delText']);
/** Elements whose attributes name fonts and styles. */
const LOOKS = new Set(
  'rFonts rFont font mathFont latin ea cs sym family pStyle rStyle tblStyle compatSetting cellStyle'.split(' '),
);
/** Elements whose text is a measure or a count. */
const MEASURES = new Set(
  (
    'posOffset pctWidth pctHeight pctPosHOffset pctPosVOffset align Pages Words Characters CharactersWithSpaces Lines ' +
    'Paragraphs TotalTime DocSecurity ScaleCrop LinksUpToDate SharedDoc HyperlinksChanged AppVersion i4 formatCode'
  ).split(' '),
);
/** Attributes that people fill in. */
const WRITTEN = new Set(
  'descr title alt string author initials instr tooltip display location prompt promptTitle error errorTitle displayName caption userId v'.split(
    ' ',
  ),
);
/** Elements whose `val` people fill in. */
const WRITTEN_VAL = new Set([
  'alias',
  'tag',
  'docVar',
  'title',
  'text',
  'default',
  'listItem',
  'name',
  'description',
  'statusText',
]);
/** A text that is no more than a small number, a switch, a time or an identifier. */
const COUNT =
  /^(?:(?:(?:urn:)?uuid:|xmp\.[a-z]{2,4}:)[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}|[-+]?[0-9]{1,6}(?:\.[0-9]{1,6})?|true|false|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{5,15}(?:Z|[-+][0-9]{2}:[0-9]{2})?)$/i;
/** How a font looks, in ten bytes. */
const PANOSE = /^[0-9A-F]{20}$/;
const SEPARATORS: Readonly<Record<string, string>> = {
  tab: '\t',
  ptab: '\t',
  br: '\n',
  cr: '\n',
  noBreakHyphen: '-',
  softHyphen: '\u00ad',
};

/** All text of one part in XML: what a reader shows is given back, the rest is added to the hidden text. */
export function readTexts(xml: Uint8Array, options: TextsOptions): string {
  const texts = createTexts(options);
  visitXml(xml, texts.visitor);
  return texts.take();
}

/** A visitor that gathers text, for those who read some of a part's elements themselves. */
export interface Texts {
  readonly visitor: XmlVisitor;
  /** What is shown, from where it was taken last. */
  take(): string;
}

/** Gathers the text of a part. Attributes are text too: where a value is not one of a program's, it is kept. */
export function createTexts(options: TextsOptions): Texts {
  const { budget, hidden } = options;
  const shown: string[] = [];
  const repeated: string[] = [];
  const lines: Line[] = [];
  const path: string[] = [];
  const inside = createCounts();
  let isVanished = false;
  let instruction = '';

  const write = (text: string) => {
    const line = lines.at(-1);
    if (line === undefined) {
      hidden.addValue(text);
      return;
    }
    budget.write(text.length);
    if (inside.has('del')) {
      line.original += text;
      return;
    }
    line.text += text;
    if (!isVanished) line.visible += text;
    if (!inside.has('ins')) line.original += text;
  };

  const endLine = () => {
    const line = lines.pop();
    if (line === undefined) return;
    // Word repeats a text box for older readers: what stands in `Fallback` is kept if it says something else.
    if (inside.has('Fallback')) repeated.push(line.text);
    else shown.push(line.text, '\n');
    if (line.visible !== line.text) hidden.add(line.visible);
    if (line.original !== line.text) hidden.add(line.original);
  };

  const visitor: XmlVisitor = {
    open(name, attributes) {
      path.push(name);
      inside.enter(name);
      readAttributes(name, attributes, options);
      if (LINES.has(name)) lines.push({ text: '', visible: '', original: '' });
      else if (name === 'r') isVanished = false;
      else if (name === 'vanish' || name === 'webHidden') isVanished = inside.has('r') && isOn(attributes);
      else if (name === 'sym') write(symbolOf(attributes));
      else if (SEPARATORS[name] !== undefined && inside.has('r')) write(SEPARATORS[name]);
      else if (name === 'br') write('\n');
    },
    text(text) {
      const name = path.at(-1) ?? '';
      if (name === 'instrText' || name === 'delInstrText') instruction += text;
      else if (inside.has('rPh')) hidden.add(text);
      else if (RUN_TEXTS.has(name) || (name === 'text' && text.trim() !== '')) write(text);
      else if (MEASURES.has(name)) hidden.addValue(text.trim());
      else if (!COUNT.test(text)) hidden.add(text);
    },
    close(name) {
      if (LINES.has(name)) {
        endLine();
        hidden.add(instruction);
        instruction = '';
      } else if (name === 'tc') endWith(shown, '\t');
      else if (name === 'tr') endWith(shown, '\n');
      inside.leave(name);
      path.pop();
    },
    aside: (text) => hidden.add(text),
  };
  return {
    visitor,
    take() {
      const all = new Set(repeated.length > 0 ? shown : []);
      for (const text of repeated.splice(0)) if (!all.has(text)) hidden.add(text);
      return shown.splice(0).join('').trim();
    },
  };
}

/** How deep the walk is inside elements that matter for what is read in them. */
function createCounts() {
  const depths = new Map([
    ['del', 0],
    ['ins', 0],
    ['Fallback', 0],
    ['rPh', 0],
    ['r', 0],
  ]);
  const change = (name: string, by: number) => {
    const depth = depths.get(name);
    if (depth !== undefined) depths.set(name, depth + by);
  };
  return {
    enter: (name: string) => change(name, 1),
    leave: (name: string) => change(name, -1),
    has: (name: string) => (depths.get(name) ?? 0) > 0,
  };
}

/** Within a table a cell ends with a tab in place of the line break of its last paragraph, a row with a line break. */
function endWith(shown: string[], separator: string): void {
  if (shown.at(-1) === '\n' || shown.at(-1) === '\t') shown.pop();
  shown.push(separator);
}

function readAttributes(element: string, attributes: Attributes, { hidden, isLook = false }: TextsOptions): void {
  for (const key in attributes) {
    const value = attributes[key] ?? '';
    const name = key.slice(key.indexOf(':') + 1);
    const isLooks = isLook || LOOKS.has(element);
    if (isLooks && (isPlainName(value) || PANOSE.test(value))) continue;
    if (name === 'style' && isStyle(value)) continue;
    if (name === 'Ignorable' && isPrefixes(value, attributes)) continue;
    if (key.startsWith('xmlns')) hidden.addValue(value);
    else if (WRITTEN.has(name) || (name === 'val' && WRITTEN_VAL.has(element)) || name === 'name') hidden.add(value);
    else hidden.addValue(value);
  }
}

/** Whether a value lists prefixes that the element itself declares, as `mc:Ignorable` does. */
function isPrefixes(value: string, attributes: Attributes): boolean {
  return value.split(' ').every((prefix) => attributes[`xmlns:${prefix}`] !== undefined);
}

function isOn(attributes: Attributes): boolean {
  return !['0', 'false', 'off'].includes(attributeOf(attributes, 'val') ?? '1');
}

/** A character by its code in a symbol font (`w:sym`); symbol fonts keep ASCII at U+F000. */
function symbolOf(attributes: Attributes): string {
  const code = Number.parseInt(attributeOf(attributes, 'char') ?? '', 16);
  if (!(code >= 0x20 && code <= 0xffff)) return '';
  return String.fromCharCode(code >= 0xf020 && code <= 0xf07e ? code - 0xf000 : code);
}
