import { digitsOf, weightedSum } from './check-digits.ts';
import { cue, SAID } from './cue.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER } from './number-bounds.ts';

const WEIGHTS = [6, 7, 8, 9, 10, 5, 4, 3, 2];
/** The first digit, by the remainder of the weighted sum of the others. */
const CHECK_DIGITS = '21987654321';

const GROUPS =
  '[0-9]{5}[ -][0-9]{5}|[0-9]{4}[ -][0-9]{3}[ -][0-9]{3}|[0-9]{3}[ -][0-9]{3}[ -][0-9]{4}|[0-9]{2}(?: [0-9]{4}){2}';

/** United Kingdom unique taxpayer references: ten digits of which the first is a check digit, behind a word for them. */
export const ukTaxpayerReference: Detector = {
  name: 'ukTaxpayerReference',
  type: 'UK_UNIQUE_TAXPAYER_REFERENCE_NUMBER',
  rules: [],
  cues: [
    cue({
      words: "utr|unique tax(?:payer)?(?:'s)? reference|taxpayer reference|tax reference|self assessment",
      link: SAID,
      value: `((?:[0-9]{10}|${GROUPS})[Kk]?)(?![A-Za-z])${AFTER_NUMBER}`,
      isValue: hasCheckDigit,
    }),
  ],
};

/** Modulus 11 over all digits but the first (as python-stdnum's `gb.utr` has it). */
function hasCheckDigit(written: string): boolean {
  const digits = digitsOf(written);
  return CHECK_DIGITS.charAt(weightedSum(digits.slice(1), WEIGHTS) % 11) === digits.charAt(0);
}
