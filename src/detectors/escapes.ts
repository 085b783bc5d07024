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
const ESCAPE = new RegExp(
  [
    `${PERCENT}(?<ascii>[0-7]${HEX})`,
    `(?<utf8>%[Cc][2-9A-Fa-f]%[89ABab]${HEX}|%[Dd]${HEX}%[89ABab]${HEX}|%[Ee]${HEX}(?:%[89ABab]${HEX}){2}|%[Ff][0-4](?:%[89ABab]${HEX}){3})`,
    `${AMPERSAND}#(?:[xX](?<hex>${HEX}{1,6})|(?<decimal>[0-9]{1,7}));?`,
    `${AMPERSAND}(?<name>${NAMES});`,
    `${BACKSLASH}u(?<pair>[dD][89ABab]${HEX}{2}${BACKSLASH}u[dD][C-Fc-f]${HEX}{2})`,
    `${BACKSLASH}(?:u(?<unit>${HEX}{4})|u\\{(?<point>${HEX}{1,6})\\}|x(?<byte>${HEX}{2})|(?<slash>\\/))`,
  ].join('|'),
  'g',
);
/** What at the end of a text may become an escape, or a longer one. */
const UNFINISHED = new RegExp(
  [
    `%(?:25){1,2}${HEX}?$`,
    `%${HEX}?$|%[C-Fc-f]${HEX}(?:%(?:[89ABab]${HEX}?)?)?$|%[EeFf]${HEX}(?:%[89ABab]${HEX}){1,2}(?:%(?:[89ABab]${HEX}?)?)?$`,
    `&(?:amp;){0,2}(?:#(?:[xX]?${HEX}{0,6}|[0-9]{0,7})|[A-Za-z]{0,15})$`,
    `${BACKSLASH}(?:u(?:\\{?${HEX}{0,6}|[dD][89ABab]${HEX}{2}\\\\{0,4}u?${HEX}{0,3})?|x${HEX}?)?$`,
  ].join('|'),
);
/** The longest of what `UNFINISHED` accepts. */
const LONGEST = 32;
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
  return { start: match.index, end: match.index + match[0].length, text: decode(match.groups ?? {}) };
}

function decode(groups: Readonly<Record<string, string | undefined>>): string {
  const { ascii, utf8, hex, decimal, name, pair, unit, point, byte, slash } = groups;
  if (utf8 !== undefined) return Buffer.from(utf8.replaceAll('%', ''), 'hex').toString('utf8');
  if (name !== undefined) return escapeNames[name] ?? '';
  if (slash !== undefined) return slash;
  if (pair !== undefined) {
    return String.fromCharCode(Number.parseInt(pair.slice(0, 4), 16), Number.parseInt(pair.slice(-4), 16));
  }
  if (decimal !== undefined) return toCharacter(Number(decimal));
  return toCharacter(Number.parseInt(ascii ?? hex ?? unit ?? point ?? byte ?? '', 16));
}

/** What no character has the number of reads as one that nobody can read. */
function toCharacter(code: number): string {
  return code > 0x10ffff ? '\ufffd' : String.fromCodePoint(code);
}
