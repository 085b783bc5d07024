import { DocumentRefused } from './refusal.ts';

export type Attributes = Readonly<Record<string, string>>;

/** What an XML document is made of, in order. Names of elements come without their prefix, those of attributes with it. */
export interface XmlVisitor {
  open(name: string, attributes: Attributes): void;
  text(text: string): void;
  close(name: string): void;
  /** A comment or a processing instruction. */
  aside(text: string): void;
}

const DEEPEST = 256;
/** As office documents declare it; under another name of an encoding two readers may read two texts. */
const DECLARATION =
  /<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*["']1\.0["'](?:[ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*["'](?:utf-?8|utf-?16|(?:us-)?ascii)["'])?(?:[ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*["'](?:yes|no)["'])?[ \t\r\n]*\?>/iy;
const START = /<([^ \t\r\n<>/="'&?!]+)/y;
const ATTRIBUTE = /[ \t\r\n]+([^ \t\r\n<>/="'&?!]+)[ \t\r\n]*=[ \t\r\n]*(?:"([^<"]*)"|'([^<']*)')/y;
const START_END = /[ \t\r\n]*(\/?)>/y;
const END = /<\/([^ \t\r\n<>/="'&?!]+)[ \t\r\n]*>/y;
const NO_CHARACTERS = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;
const REFERENCES: ReadonlyMap<string, string> = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
]);

/**
 * Walks through an XML 1.0 document in one pass. Refuses what is not well-formed, and any document type: office documents
 * have none, and entities are how a small document becomes a large one or fetches another.
 */
export function visitXml(bytes: Uint8Array, visitor: XmlVisitor): void {
  const source = decode(bytes);
  const open: string[] = [];
  let hasRoot = false;
  let at = matchAt(DECLARATION, source, 0)?.[0].length ?? 0;

  const openTag = () => {
    const [start = '', name = ''] = matchAt(START, source, at) ?? refuse();
    const attributes: Record<string, string> = Object.create(null);
    at += start.length;
    for (let match = matchAt(ATTRIBUTE, source, at); match !== null; match = matchAt(ATTRIBUTE, source, at)) {
      const [all, key = '', double, single = ''] = match;
      if (key in attributes) refuse();
      attributes[key] = resolve(double ?? single).replace(/[\t\n\r]/g, ' ');
      at += all.length;
    }
    const [end = '', slash] = matchAt(START_END, source, at) ?? refuse();
    at += end.length;
    if (open.length === 0 && hasRoot) refuse();
    if (open.length > DEEPEST) throw new DocumentRefused('expands');
    hasRoot = true;
    visitor.open(localName(name), attributes);
    if (slash === '/') visitor.close(localName(name));
    else open.push(name);
  };
  const closeTag = () => {
    const [tag = '', name = ''] = matchAt(END, source, at) ?? refuse();
    if (open.pop() !== name) refuse();
    at += tag.length;
    visitor.close(localName(name));
  };
  const through = (prefix: string, suffix: string): string => {
    const start = at + prefix.length;
    const end = source.indexOf(suffix, start);
    if (end < 0) refuse();
    at = end + suffix.length;
    return source.slice(start, end);
  };
  /** A processing instruction; `xml` is no name for one, so that a declaration is either the one known, or refused. */
  const instruction = () => {
    const text = through('<?', '?>');
    return /^xml(?![\w:.-])/i.test(text) ? refuse() : text;
  };

  while (at < source.length) {
    const next = source.indexOf('<', at);
    const text = source.slice(at, next < 0 ? source.length : next);
    if (text !== '') {
      if (open.length > 0) visitor.text(resolve(text));
      else if (/[^ \t\r\n]/.test(text)) refuse();
    }
    at += text.length;
    if (next < 0) break;
    if (source.startsWith('</', at)) closeTag();
    else if (source.startsWith('<?', at)) visitor.aside(instruction());
    else if (source.startsWith('<!--', at)) visitor.aside(through('<!--', '-->'));
    else if (source.startsWith('<![CDATA[', at) && open.length > 0) visitor.text(through('<![CDATA[', ']]>'));
    else openTag();
  }
  if (!hasRoot || open.length > 0) refuse();
}

/** A name without its prefix. */
function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** An attribute by the name that it has without a prefix. */
export function attributeOf(attributes: Attributes, name: string): string | undefined {
  for (const key in attributes) if (localName(key) === name) return attributes[key];
  return undefined;
}

function decode(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const label = isUtf16 ? (first === 0xff ? 'utf-16le' : 'utf-16be') : 'utf-8';
  try {
    const source = new TextDecoder(label, { fatal: true }).decode(bytes);
    return NO_CHARACTERS.test(source) ? refuse() : source;
  } catch (cause) {
    throw new DocumentRefused('damaged', cause);
  }
}

/** Character references and the five entities that need no declaration, resolved (XML 1.0, 4.6). */
function resolve(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&([^;&]{0,12}(?:;|$|(?=&)))?/g, (_, reference: string = '') => {
    const name = reference.slice(0, -1);
    const [, hexadecimal, decimal = ''] = /^#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,8}));$/.exec(reference) ?? [];
    const code = hexadecimal === undefined ? Number(decimal || Number.NaN) : Number.parseInt(hexadecimal, 16);
    const character = Number.isNaN(code)
      ? reference.endsWith(';')
        ? REFERENCES.get(name)
        : undefined
      : characterOf(code);
    return character ?? refuse();
  });
}

function characterOf(code: number): string | undefined {
  const isCharacter = code > 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  const character = isCharacter ? String.fromCodePoint(code) : '\0';
  return NO_CHARACTERS.test(character) ? undefined : character;
}

function matchAt(pattern: RegExp, source: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(source);
}

function refuse(): never {
  throw new DocumentRefused('damaged');
}
