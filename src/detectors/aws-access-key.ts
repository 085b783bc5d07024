import type { Detector } from './detector.ts';
import { patternRule, unfinishedMatch } from './pattern-rule.ts';

/** Long-term, temporary, bearer and context keys (IAM User Guide, "Understanding unique ID prefixes"). */
export const ACCESS_KEY_ID = '(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}';
const UNFINISHED = /A[A-Z0-9]{0,3}$|(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{0,15}$/g;

/**
 * AWS access key ids. Found wherever they stand, in the middle of other letters too: twenty characters of this shape
 * do not come about by chance.
 */
export const awsAccessKey: Detector = {
  name: 'awsAccessKey',
  type: 'AWS_ACCESS_KEY',
  rules: [
    patternRule({
      pattern: new RegExp(ACCESS_KEY_ID, 'g'),
      unfinished: unfinishedMatch(UNFINISHED, 20),
    }),
  ],
};
