import { escapeNames } from './escape-names.data.ts';

/** An escape sequence of a text, and what it stands for. Offsets are UTF-16 units, end exclusive. */
export interface Escape {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Gives, in ascending order, the first escape that begins at an offset or behind it. */
export type NextEscape = (from: number) => Escape | undefined;

const NAMES = Object.keys(escapeNames).join('|');
/** One that was escaped once more is taken for the same. */
const PERCENT = '%(?:25){0,2}';
const AMPERSAND = '&(?:amp;){0,2}';
const BACKSLASH = '\\\\{1,4}';
const HEX = '[0-9A-Fa-f]';
/** HTML and JavaScript set no bound on the zeros in front of a number. */
const ZEROS = '0{0,64}';
const ESCAPE = new RegExp(
  [
    `${PERCENT}[0-7]${HEX}`,
    `%[Cc][2-9A-Fa-f]%[89ABab]${HEX}|%[Dd]${HEX}%[89ABab]${HEX}|%[Ee]${HEX}(?:%[89ABab]${HEX}){2}|%[Ff][0-4](?:%[89ABab]${HEX}){3}`,
    `${AMPERSAND}#(?:[xX]${ZEROS}${HEX}{1,6}|${ZEROS}[0-9]{1,7});?`,
    `${AMPERSAND}(?:${NAMES});`,
    `${BACKSLASH}u[dD][89ABab]${HEX}{2}${BACKSLASH}u[dD][C-Fc-f]${HEX}{2}`,
    `${BACKSLASH}(?:u${HEX}{4}|u\\{${ZEROS}${HEX}{1,6}\\}|x${HEX}{2}|\\/)`,
  ].join('|'),
  'g',
);
/** What at the end of a text may become an escape, or a longer one. */
const UNFINISHED = new RegExp(
  [
    `%(?:25){1,2}${HEX}?$`,
    `%${HEX}?$|%[C-Fc-f]${HEX}(?:%(?:[89ABab]${HEX}?)?)?$|%[EeFf]${HEX}(?:%[89ABab]${HEX}){1,2}(?:%(?:[89ABab]${HEX}?)?)?$`,
    `&(?:amp;){0,2}(?:#(?:[xX]?${ZEROS}${HEX}{0,6}|${ZEROS}[0-9]{0,7})|[A-Za-z]{0,15})$`,
    `${BACKSLASH}(?:u(?:\\{?${ZEROS}${HEX}{0,6}|[dD][89ABab]${HEX}{2}\\\\{0,4}u?${HEX}{0,3})?|x${HEX}?)?$`,
  ].join('|'),
);
/** The longest of what `UNFINISHED` accepts. */
const LONGEST = 96;
const NONE: NextEscape = () => undefined;

/**
 * Finds percent-encoding (RFC 3986), character references of HTML, and escapes of JSON and its relatives: `%40`,
 * `&#64;`, `&commat;`, `\u0040`, `\x40`, `\/`.
 */
export function escapesOf(text: string): NextEscape {
  if (!mayHoldEscape(text)) return NONE;
  let next: Escape | undefined;
  let isOver = false;
  return (from) => {
    while (!isOver && (next === undefined || next.start < from)) {
      ESCAPE.lastIndex = next === undefined ? from : Math.max(from, next.end);
      next = toEscape(ESCAPE.exec(text));
      isOver = next === undefined;
    }
    return next;
  };
}

/** Where, at the end of a text, an escape may have begun that is not whole; the text's length where none has. */
export function unfinishedEscape(text: string): number {
  const end = text.length <= LONGEST ? text : text.slice(-LONGEST);
  if (!mayHoldEscape(end)) return text.length;
  const at = end.search(UNFINISHED);
  return at === -1 ? text.length : text.length - end.length + at;
}

function mayHoldEscape(text: string): boolean {
  return text.includes('%') || text.includes('&') || text.includes('\\');
}

function toEscape(match: RegExpExecArray | null): Escape | undefined {
  if (match === null) return undefined;
  const [sequence] = match;
  return { start: match.index, end: match.index + sequence.length, text: decode(sequence) };
}

function decode(sequence: string): string {
  switch (sequence.charAt(0)) {
    case '%':
      return decodePercent(sequence);
    case '&':
      return decodeReference(sequence);
    default:
      return decodeBackslash(sequence);
  }
}

/** The last byte, or all of them where the first is none of ASCII. */
function decodePercent(sequence: string): string {
  if (sequence.charCodeAt(1) < FIRST_BEYOND_ASCII) {
    return String.fromCharCode(Number.parseInt(sequence.slice(-2), 16));
  }
  return Buffer.from(sequence.replaceAll('%', ''), 'hex').toString('utf8');
}

const FIRST_BEYOND_ASCII = '8'.charCodeAt(0);

function decodeReference(sequence: string): string {
  const at = sequence.indexOf('#');
  if (at === -1) return escapeNames[sequence.slice(sequence.lastIndexOf('&') + 1, -1).replace(/^(?:amp;)+/, '')] ?? '';
  const isHex = /[xX]/.test(sequence.charAt(at + 1));
  return toCharacter(isHex ? Number.parseInt(sequence.slice(at + 2), 16) : Number.parseInt(sequence.slice(at + 1), 10));
}

function decodeBackslash(sequence: string): string {
  let at = 1;
  while (sequence.charAt(at) === '\\') at += 1;
  const letter = sequence.charAt(at);
  if (letter === '/') return letter;
  if (letter === 'x' || sequence.charAt(at + 1) === '{') {
    return toCharacter(Number.parseInt(sequence.slice(letter === 'x' ? at + 1 : at + 2), 16));
  }
  const unit = Number.parseInt(sequence.slice(at + 1, at + 5), 16);
  const isPair = sequence.length > at + 5;
  return isPair ? String.fromCharCode(unit, Number.parseInt(sequence.slice(-4), 16)) : toCharacter(unit);
}

/** What no character has the number of reads as one that nobody can read. */
function toCharacter(code: number): string {
  return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
}
