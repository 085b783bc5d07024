import { DIGIT } from './character-class.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER, BEFORE_NUMBER, unfinishedNumber } from './number-bounds.ts';
import { type Locate, patternRule, unfinishedMatch } from './pattern-rule.ts';

/** Three, two and four digits. */
const WRITTEN = new RegExp(`${BEFORE_NUMBER}([0-9]{3})([ -])([0-9]{2})\\2([0-9]{4})${AFTER_NUMBER}`, 'g');
const LONGEST = 14;
const unfinished = unfinishedMatch(new RegExp(unfinishedNumber(LONGEST), 'g'), LONGEST);

/** Nine digits in one piece are a social security number only behind a word that says so. */
const LABELLED = new RegExp(
  `${BEFORE_NUMBER}([0-9]{3})()([0-9]{2})([0-9]{4})${AFTER_NUMBER}` +
    '(?<=(?:ssn|social security)(?: (?:number|no\\.?))?(?: is)?[ :=#]{0,3}[0-9]{9})',
  'gi',
);

/**
 * United States social security numbers that the Social Security Administration could have given out: no area 000,
 * 666 or 900 to 999, no group 00, no serial 0000.
 */
export const usSsn: Detector = {
  name: 'usSsn',
  type: 'US_SOCIAL_SECURITY_NUMBER',
  rules: [WRITTEN, LABELLED].map((pattern) => patternRule({ classes: DIGIT, pattern, unfinished, locate: locateSsn })),
};

function locateSsn(match: RegExpExecArray): ReturnType<Locate> {
  const [whole, area = '', separator = '', group = '', serial = ''] = match;
  if (area === '000' || area === '666' || area.startsWith('9') || group === '00' || serial === '0000') return undefined;
  const end = match.index + whole.length;
  return { start: end - 9 - 2 * separator.length, end };
}
