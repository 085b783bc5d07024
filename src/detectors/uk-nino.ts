import { boundedPattern } from './bounded-pattern.ts';
import { DIGIT } from './character-class.ts';
import { cue, SAID } from './cue.ts';
import type { Detector } from './detector.ts';
import { patternRule } from './pattern-rule.ts';

const DIGITS = '[0-9]{2} ?[0-9]{2} ?[0-9]{2}|[0-9]{2}-[0-9]{2}-[0-9]{2}';
/** Letters that HM Revenue & Customs gives out, and pairs of them that it does not (National Insurance Manual, NIM39110). */
const WRITTEN = boundedPattern(
  `(?<![A-Za-z0-9])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PRSTW-Z][A-CEGHJ-NPRSTW-Z][ -]?(?:${DIGITS})[ -]?[A-D](?![A-Za-z0-9])`,
);

/** United Kingdom national insurance numbers: two letters, six digits, a letter from A to D. */
export const ukNino: Detector = {
  name: 'ukNino',
  type: 'UK_NATIONAL_INSURANCE_NUMBER',
  rules: [patternRule({ classes: DIGIT, ...WRITTEN })],
  cues: [
    cue({
      words: 'national insurance|nino|ni (?:number|no|num)',
      link: SAID,
      // The letter behind is sometimes left out, and QQ is what examples begin with.
      value: `([A-Za-z]{2}[ -]?(?:${DIGITS})(?:[ -]?[A-Da-d])?)(?![A-Za-z0-9])`,
      isValue: (written) => /^(?!bg|gb|kn|nk|nt|tn|zz)(?:qq|[a-ceghj-prstw-z][a-ceghj-nprstw-z])/i.test(written),
    }),
  ],
};
