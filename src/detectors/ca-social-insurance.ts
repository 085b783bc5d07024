import { boundedPattern } from './bounded-pattern.ts';
import { DIGIT } from './character-class.ts';
import { digitsOf, hasLuhnDigit } from './check-digits.ts';
import { cue, JOINED } from './cue.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER, BEFORE_NUMBER } from './number-bounds.ts';
import { patternRule } from './pattern-rule.ts';

const THREES = '[0-9]{3} [0-9]{3} [0-9]{3}|[0-9]{3}-[0-9]{3}-[0-9]{3}';
/** Alone: no first digit that stands for no province (0) or for a business (8), and no calling code in front. */
const WRITTEN = boundedPattern(
  `${BEFORE_NUMBER}(?<![0-9(]-|[+][0-9]{1,3} )(?![08])(?:${THREES})(?!-[0-9])${AFTER_NUMBER}`,
);

/** Canadian social insurance numbers: nine digits in threes, the last of them a check digit by the formula of Luhn. */
export const caSocialInsurance: Detector = {
  name: 'caSocialInsurance',
  type: 'CA_SOCIAL_INSURANCE_NUMBER',
  rules: [
    patternRule({
      classes: DIGIT,
      ...WRITTEN,
      locate: ({ 0: written, index }) =>
        isInsuranceNumber(written) ? { start: index, end: index + written.length } : undefined,
    }),
  ],
  cues: [
    cue({
      words:
        "sin(?: (?:number|no|card))?|social insurance(?: (?:number|no|card))?|(?:numero d[ ']?)?assurance sociale|nas",
      link: `\\.?${JOINED}`,
      value: `(${THREES}|[0-9]{9})${AFTER_NUMBER}`,
      isValue: isInsuranceNumber,
    }),
  ],
};

function isInsuranceNumber(written: string): boolean {
  const digits = digitsOf(written);
  return hasLuhnDigit(digits) && digits !== '000000000';
}
