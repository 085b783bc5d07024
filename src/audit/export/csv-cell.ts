import { toUnicodeEscape } from './unicode-escape.ts';

// Spreadsheets take a cell for a formula that begins with one of these, also behind what cannot be seen, and in
// full-width, small or raised form (CWE-1236). A semicolon begins a cell where the system's list separator is one.
const FORMULA =
  /(^|;)(?=[\s"\p{C}\p{M}]*[=+\-@\u207a-\u207c\u208a-\u208c\u2212\ufb29\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20]|[\t\r\n])/gu;

// Control characters, the two line ends of Unicode, and marks that turn the direction of what follows.
const UNSAFE = /[\p{Cc}\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A cell of RFC 4180, always quoted, on one line. Where a spreadsheet would take it for a formula it begins with `'`;
 * control characters stand as `\u0000`, halves of characters as U+FFFD.
 */
export function toCell(value: string | number | undefined): string {
  const text = String(value ?? '').toWellFormed();
  const safe = text.replaceAll(FORMULA, "$1'").replaceAll(UNSAFE, toUnicodeEscape);
  return `"${safe.replaceAll('"', '""')}"`;
}
