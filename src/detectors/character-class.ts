/** Classes of characters by which a rule knows, without its pattern, that a text holds nothing for it. */
export const DIGIT = 1;
export const AT = 2;
export const COLON = 4;
export const EQUALS = 8;
export const DASH = 16;
export const ANGLE = 32;
export const BRACKET = 64;
/** Outside ASCII, or a control character other than white space: not the same in the normalised view. */
export const OTHER = 128;

const CLASSES = createClasses();

function createClasses(): Uint8Array {
  const classes = new Uint8Array(128);
  for (let code = 0; code < 128; code += 1) {
    const isControl = code < 9 || (code > 13 && code < 32) || code === 127;
    if (isControl) classes[code] = OTHER;
  }
  for (let code = 48; code < 58; code += 1) classes[code] = DIGIT;
  for (const [character, bit] of [
    ['@', AT],
    [':', COLON],
    ['=', EQUALS],
    ['-', DASH],
    ['<', ANGLE],
    ['[', BRACKET],
  ] as const) {
    classes[character.charCodeAt(0)] = bit;
  }
  return classes;
}

/** The classes that occur in `text` from `start` to `end`. */
export function classesOf(text: string, start = 0, end = text.length): number {
  let found = 0;
  for (let at = start; at < end; at += 1) found |= CLASSES[text.charCodeAt(at)] ?? OTHER;
  return found;
}
