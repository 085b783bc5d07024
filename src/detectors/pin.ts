import { isOneDigit } from './check-digits.ts';
import { cue, JOINED } from './cue.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER } from './number-bounds.ts';

/** Personal identification numbers: four to six digits, behind a word for them. */
export const pin: Detector = {
  name: 'pin',
  type: 'PIN',
  rules: [],
  cues: [
    cue({
      words:
        'pin(?: (?:code|number|no|num))?|personal identification number|' +
        'geheim(?:zahl|nummer)|code (?:pin|secret|confidentiel)|(?:codigo|numero) pin|clave',
      link: `(?:\\)|\\.)?(?: (?:for|to|of) [A-Za-z ]{1,24}?)?${JOINED}`,
      value: `([0-9]{4,6})(?![0-9A-Za-z/-])${AFTER_NUMBER}`,
      isValue: (digits) => !isOneDigit(digits) || digits.length === 4,
    }),
  ],
};
