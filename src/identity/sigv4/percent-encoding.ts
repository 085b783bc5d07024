/**
 * Texts here hold one character for each byte that came over the wire (latin1, as Node.js gives them), so that
 * escapes and hashes are of the very bytes the client signed.
 */

const RESERVED = /[^A-Za-z0-9\-._~]/g;
const RESERVED_BUT_SLASH = /[^A-Za-z0-9\-._~/]/g;
const ESCAPED_OR_RESERVED = /%([0-9A-Fa-f]{2})|[^A-Za-z0-9\-._~]/g;
const ESCAPED = /%([0-9A-Fa-f]{2})/g;

/** Escapes every byte that RFC 3986, section 2.3 does not leave unreserved, slashes aside; decodes nothing first. */
export function escapePath(path: string): string {
  return path.replace(RESERVED_BUT_SLASH, toEscape);
}

/** Gives each byte the one form of RFC 3986, section 2.3: unreserved ones as they are, all others escaped. */
export function canonicalizeEscapes(text: string): string {
  return text.replace(ESCAPED_OR_RESERVED, (whole, hex?: string) =>
    hex === undefined ? toEscape(whole) : fromHex(hex).replace(RESERVED, toEscape),
  );
}

/** Undoes escapes; what is not one stays as it is. */
export function decodeEscapes(text: string): string {
  return text.replace(ESCAPED, (_, hex: string) => fromHex(hex));
}

function toEscape(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

function fromHex(hex: string): string {
  return String.fromCharCode(Number.parseInt(hex, 16));
}
