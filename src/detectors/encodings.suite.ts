const hexOf = (text: string) => Buffer.from(text).toString('hex');
const each = (text: string, write: (code: number) => string) =>
  [...text].map((character) => write(character.codePointAt(0) ?? 0)).join('');
const pad = (code: number, length: number) => code.toString(16).padStart(length, '0');

/** Ways to write a text that whoever reads it can undo. */
export const encodings = {
  base64: (text) => Buffer.from(text).toString('base64'),
  base64url: (text) => Buffer.from(text).toString('base64url'),
  hexadecimal: hexOf,
  'capital hexadecimal': (text) => hexOf(text).toUpperCase(),
  'percent-encoding': (text) => each(text, (code) => `%${pad(code, 2)}`),
  'percent-encoding, twice': (text) => each(text, (code) => `%25${pad(code, 2)}`),
  'decimal references': (text) => each(text, (code) => `&#${code};`),
  'hexadecimal references without an end': (text) => each(text, (code) => `&#x${pad(code, 6)}`),
  'references behind zeros': (text) => each(text, (code) => `&#${'0'.repeat(12)}${code};`),
  'references, escaped': (text) => each(text, (code) => `&amp;#${code};`),
  'escapes of JSON': (text) => each(text, (code) => `\\u${pad(code, 4)}`),
  'escapes of JSON within JSON': (text) => each(text, (code) => `\\\\u${pad(code, 4)}`),
  'escapes by byte': (text) => each(text, (code) => `\\x${pad(code, 2)}`),
  'escapes by code point': (text) => each(text, (code) => `\\u{${pad(code, 2)}}`),
  'escapes by code point behind zeros': (text) => each(text, (code) => `\\u{${pad(code, 30)}}`),
  'one escape of JSON': (text) => `${text.slice(0, 3)}\\u${pad(text.charCodeAt(3), 4)}${text.slice(4)}`,
  'wide digits, escaped': (text) => each(text, (code) => `\\u${pad(code > 0x20 ? code + 0xfee0 : code, 4)}`),
} satisfies Readonly<Record<string, (text: string) => string>>;
