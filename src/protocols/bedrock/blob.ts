import { z } from 'zod';

/**
 * A blob of `min` to `max` bytes, in base64 (RFC 4648, section 4). Takes canonical text alone: readers differ on what
 * they make of spaces, of the URL alphabet and of stray bits, and must not see two files in one text.
 */
export function blob(min: number, max = Number.POSITIVE_INFINITY) {
  return z.string().transform((text, context): Uint8Array => {
    const bytes = Buffer.from(text, 'base64');
    const isCanonical = bytes.toString('base64') === text;
    if (isCanonical && bytes.length >= min && bytes.length <= max) return bytes;
    const message = isCanonical ? 'has too few or too many bytes' : 'expected canonical base64';
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  });
}
