import { digitsOf, isOneDigit, weightedSum } from './check-digits.ts';
import { cue, SAID } from './cue.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER } from './number-bounds.ts';

const WEIGHTS = [10, 9, 8, 7, 6, 5, 4, 3, 2];

/**
 * Numbers of patients of the National Health Service: ten digits whose last is a check digit, behind a word that names
 * them. Alone they look like telephone numbers, and one in eleven of those would have the right digit.
 */
export const ukNhs: Detector = {
  name: 'ukNhs',
  type: 'UK_NATIONAL_HEALTH_SERVICE_NUMBER',
  rules: [],
  cues: [
    cue({
      words: 'nhs|national health(?: service)?|health service number|chi (?:number|no)',
      link: SAID,
      value: `([0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{4})${AFTER_NUMBER}`,
      isValue: hasCheckDigit,
    }),
  ],
};

/** Modulus 11, as the NHS Data Dictionary has it: a remainder that would need two digits was never given out. */
function hasCheckDigit(written: string): boolean {
  const digits = digitsOf(written);
  const check = (11 - (weightedSum(digits, WEIGHTS) % 11)) % 11;
  return check === Number(digits.charAt(9)) && !isOneDigit(digits);
}
