import { z } from 'zod';

/**
 * A blob of at least `min` bytes, in base64 (RFC 4648, section 4). Takes canonical text alone: readers differ on what
 * they make of spaces, of the URL alphabet and of stray bits, and must not see two files in one text.
 */
export function blob(min: 0 | 1) {
  return z.string().transform((text, context): Uint8Array => {
    const bytes = Buffer.from(text, 'base64');
    if (bytes.toString('base64') === text && bytes.length >= min) return bytes;
    const message = bytes.length < min && text === '' ? 'expected at least one byte' : 'expected canonical base64';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}
