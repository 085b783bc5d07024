/** How a cell's number is written where its format says more than how many decimals there are. */
export type NumberFormat =
  | { readonly kind: 'plain' }
  | { readonly kind: 'date' }
  /** Digits put into a pattern, such as `000-00-0000`; the sections of a format that has several. */
  | { readonly kind: 'pattern'; readonly patterns: readonly string[] };

const PLAIN: NumberFormat = { kind: 'plain' };
/** Built-in formats of dates and times (ECMA-376 part 1, 18.8.30). */
const isBuiltInDate = (id: number) => (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 58);

/** Reads a format code such as `000-00-0000` or `yyyy-mm-dd`; built-in ids have none. */
export function toNumberFormat(id: number, code: string | undefined): NumberFormat {
  if (code === undefined) return isBuiltInDate(id) ? { kind: 'date' } : PLAIN;
  const bare = code.replace(/"[^"]*"|\\.|_.|\*./g, '').replace(/\[[^\]]*\]/g, '');
  if (/[ymdhs]/i.test(bare) && !/general/i.test(bare)) return { kind: 'date' };
  const isPattern =
    /^[0#?;()\-/ ]*$/.test(bare) && /[0#?]/.test(bare) && (/[0?].*[0?]/.test(bare) || /[-/ ]/.test(bare));
  return isPattern ? { kind: 'pattern', patterns: code.split(';').map(toPattern) } : PLAIN;
}

/** A section without conditions, colours and padding; its literals are kept, quoted ones without their quotes. */
function toPattern(section: string): string {
  return section
    .replace(/\[[^\]]*\]|[_*]./g, '')
    .replace(/"([^"]*)"/g, (_, literal: string) => literal.replace(/[0#?]/g, ''))
    .replace(/\\(.)/g, '$1');
}

/** A cell's number as digits, none of them rounded away; written in its format where that adds digits or marks. */
export function showNumber(value: string, format: NumberFormat, date1904 = false): string {
  const digits = toDigits(value);
  switch (format.kind) {
    case 'plain':
      return digits;
    case 'date':
      return toDate(digits, date1904) ?? digits;
    case 'pattern':
      return /^-?[0-9]+$/.test(digits) ? fill(digits, format.patterns) : digits;
    default:
      return format satisfies never;
  }
}

/** A decimal number without exponent: files hold 4.1E+15 where a reader shows sixteen digits. */
function toDigits(value: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] =
    /^([-+]?)([0-9]+)(?:\.([0-9]+))?[eE]([-+]?[0-9]{1,3})$/.exec(value) ?? [];
  if (whole === '') return value;
  const point = whole.length + Number(exponent);
  const all = (whole + fraction).padEnd(point, '0');
  const padded = point > 0 ? all : '0'.repeat(1 - point) + all;
  const at = Math.max(point, 1);
  const decimals = padded.slice(at).replace(/0+$/, '');
  const minus = sign === '-' ? '-' : '';
  return `${minus}${padded.slice(0, at).replace(/^0+(?=[0-9])/, '')}${decimals === '' ? '' : `.${decimals}`}`;
}

/** Puts digits into the first pattern that has a place for each, from the right, as spreadsheets do. */
function fill(digits: string, patterns: readonly string[]): string {
  const bare = digits.replace('-', '');
  const placesOf = (pattern: string) => pattern.replace(/[^0#?]/g, '').length;
  const pattern = patterns.find((each) => placesOf(each) >= bare.length) ?? patterns[0] ?? '';
  if (placesOf(pattern) === 0) return digits;
  // Marks between places that stay empty would stand by themselves.
  const isShort = placesOf(pattern) > bare.length && !/[0?]/.test(pattern);
  let rest = bare;
  let shown = '';
  for (const mark of [...pattern].reverse()) {
    if (!'0#?'.includes(mark)) shown = rest === '' && isShort ? shown : mark + shown;
    else if (rest !== '') {
      shown = rest.slice(-1) + shown;
      rest = rest.slice(0, -1);
    } else if (mark !== '#') shown = (mark === '0' ? '0' : ' ') + shown;
  }
  return (digits.startsWith('-') ? '-' : '') + rest + shown;
}

const DAY_MS = 86_400_000;

/** A serial number of days as ISO 8601. The first calendar counts a 29th of February 1900 that never was. */
function toDate(digits: string, date1904: boolean): string | undefined {
  const serial = Number(digits);
  if (!(serial >= 0 && serial < 2_958_466)) return undefined;
  if (serial < 1) return new Date(Math.round(serial * DAY_MS)).toISOString().slice(11, 19);
  const epoch = date1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, serial < 60 ? 31 : 30);
  const iso = new Date(epoch + Math.round((serial * DAY_MS) / 1_000) * 1_000).toISOString();
  return Number.isInteger(serial) ? iso.slice(0, 10) : iso.slice(0, 19).replace('T', ' ');
}
