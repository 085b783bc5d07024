import { boundedPattern } from './bounded-pattern.ts';
import { DIGIT } from './character-class.ts';
import { countryCodes } from './country-codes.data.ts';
import { cue, JOINED } from './cue.ts';
import type { Detector } from './detector.ts';
import { patternRule } from './pattern-rule.ts';

const COUNTRIES: ReadonlySet<string> = new Set(countryCodes.split(' '));
const WRITTEN = boundedPattern('(?<![A-Za-z0-9_-])[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?(?![A-Za-z0-9_-])');

/**
 * Business identifier codes of banks (ISO 9362): four letters, a country, two characters, and three for a branch. One
 * of letters alone may be a word, and is a code only behind one that says so.
 */
export const swiftCode: Detector = {
  name: 'swiftCode',
  type: 'SWIFT_CODE',
  rules: [
    patternRule({
      classes: DIGIT,
      ...WRITTEN,
      locate: ({ 0: code, index }) =>
        isCode(code) && /[0-9]/.test(code) ? { start: index, end: index + code.length } : undefined,
    }),
  ],
  cues: [
    cue({
      words: '(?:swift|bic)(?: ?[/-]? ?(?:swift|bic))?(?: ?(?:code|number|no|id))?',
      link: JOINED,
      value: '([A-Za-z]{6}[A-Za-z0-9]{2}(?:[A-Za-z0-9]{3})?)(?![A-Za-z0-9_-])',
      // A word in the same case as all others behind `swift` is a word.
      isValue: (code) => isCode(code.toUpperCase()) && (code === code.toUpperCase() || /[0-9]/.test(code)),
    }),
  ],
};

function isCode(code: string): boolean {
  return COUNTRIES.has(code.slice(4, 6));
}
