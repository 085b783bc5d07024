import type { Detector } from './detector.ts';
import { entropyOf } from './entropy.ts';
import { type Locate, patternRule, unfinishedMatch } from './pattern-rule.ts';

/** Long-term, temporary, bearer and context keys (IAM User Guide, "Understanding unique ID prefixes"). */
export const ACCESS_KEY_ID = '(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}';
const UNFINISHED = /A[A-Z0-9]{0,3}$|(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{0,15}$/g;

/** Bits a character: above that of the four letters of a genome, and of a placeholder. */
const LEAST_ENTROPY = 2.5;

/**
 * AWS access key ids. One with a digit is found in the middle of other letters too, since twenty characters of this
 * shape do not come about by chance; one without may be words that were run together.
 */
export const awsAccessKey: Detector = {
  name: 'awsAccessKey',
  type: 'AWS_ACCESS_KEY',
  rules: [
    patternRule({
      pattern: new RegExp(ACCESS_KEY_ID, 'g'),
      unfinished: unfinishedMatch(UNFINISHED, 20),
      locate: locateKeyId,
    }),
  ],
};

function locateKeyId(match: RegExpExecArray, text: string): ReturnType<Locate> {
  const [id] = match;
  const start = match.index;
  const standsAlone = !/[A-Za-z0-9]/.test(text.charAt(start - 1));
  const isKeyId = (standsAlone || /[2-7]/.test(id)) && entropyOf(id) >= LEAST_ENTROPY;
  return isKeyId ? { start, end: start + id.length } : undefined;
}
