/** Characters of PDFDocEncoding from 0x18 and 0x80 on that are not those of Latin-1 (ISO 32000-2, annex D.2). */
const ACCENTS = '˘ˇˆ˙˝˛˚˜';
const MARKS = '•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž';
const EURO = 0xa0;

/** The text of a string object; `undefined` of bytes that are no text. */
export function toText(bytes: Uint8Array): string | undefined {
  const text = decode(bytes);
  return text === undefined || /[\0-\x08\x0e-\x1a\x1c-\x1f\x7f\ufffd]/.test(text) ? undefined : text;
}

function decode(bytes: Uint8Array): string | undefined {
  const [first, second, third] = bytes;
  try {
    if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be', { fatal: true }).decode(bytes);
    if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le', { fatal: true }).decode(bytes);
    if (first === 0xef && second === 0xbb && third === 0xbf) {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    }
  } catch {
    return undefined;
  }
  let text = '';
  for (const byte of bytes) text += characterOf(byte);
  return text;
}

function characterOf(byte: number): string {
  if (byte >= 0x18 && byte <= 0x1f) return ACCENTS.charAt(byte - 0x18);
  if (byte >= 0x80 && byte < EURO) return MARKS.charAt(byte - 0x80) || '\ufffd';
  return byte === EURO ? '€' : String.fromCharCode(byte);
}
