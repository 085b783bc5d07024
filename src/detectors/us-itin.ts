import { boundedPattern } from './bounded-pattern.ts';
import { DIGIT } from './character-class.ts';
import { cue, SAID } from './cue.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER, BEFORE_NUMBER } from './number-bounds.ts';
import { patternRule } from './pattern-rule.ts';

/** Groups that the Internal Revenue Service gives out (Internal Revenue Manual, 3.21.263). */
const GROUP = '(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])';
const WRITTEN = boundedPattern(
  `${BEFORE_NUMBER}(?<![0-9]-)9[0-9]{2}(?:-${GROUP}-| ${GROUP} )[0-9]{4}(?!-[0-9])${AFTER_NUMBER}`,
);

/** United States individual taxpayer identification numbers: dashed or spaced, or plain behind a word for them. */
export const usItin: Detector = {
  name: 'usItin',
  type: 'US_INDIVIDUAL_TAX_IDENTIFICATION_NUMBER',
  rules: [patternRule({ classes: DIGIT, ...WRITTEN })],
  cues: [
    cue({
      words: 'itin|tin|tax(?:payer)? (?:id(?:entification)?|identification) (?:number|no)',
      link: SAID,
      value: `(9[0-9]{2}[ -]?${GROUP}[ -]?[0-9]{4})${AFTER_NUMBER}`,
    }),
  ],
};
