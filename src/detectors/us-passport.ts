import { isOneDigit } from './check-digits.ts';
import { cue, SAID } from './cue.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER } from './number-bounds.ts';

/** Passport numbers: a letter or none, then up to nine digits, behind a word for a passport. */
export const usPassport: Detector = {
  name: 'usPassport',
  type: 'US_PASSPORT_NUMBER',
  rules: [],
  cues: [
    cue({
      words: 'passport|reisepass|(?:numero de )?passeport|pasaporte',
      link: SAID,
      value: `([A-Za-z]{1,2}[0-9]{6,8}|[0-9]{6,9})(?![A-Za-z])${AFTER_NUMBER}`,
      isValue: (written) => !isOneDigit(written.slice(-6)),
    }),
  ],
};
