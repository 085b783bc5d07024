/** One UTF-16 unit as JSON escapes it: `\u` and four hexadecimal digits. */
export function toUnicodeEscape(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
