import { ACCESS_KEY_ID } from './aws-access-key.ts';
import type { Detector } from './detector.ts';
import { entropyOf } from './entropy.ts';
import { createRunFinder, tokenRule } from './token-run.ts';

const LENGTH = 40;
/** Bits a character. Forty random characters of base64 have about 4.8; words and paths stay below this. */
const LEAST_ENTROPY = 4;

/** `aws_secret_access_key = …`, `"SecretAccessKey": "…"`, `my AWS secret is …`. */
const LABEL = /(?<=(?:secret|aws)[\w .-]{0,40}["'`]?\s{0,3}(?:[:=>]=?>?|\bis\b)\s{0,3}["'`]?)/iy;
/** An access key id whose end lies within the eighty units in front: a secret is copied together with its id. */
const KEY_ID = new RegExp(`${ACCESS_KEY_ID}(?=[^A-Z2-7])`);
const KEY_ID_LENGTH = 20;
const FARTHEST = 80;

/**
 * AWS secret access keys: forty characters that look random, behind a word that names them or next to an access key
 * id. Alone they cannot be told from other random text.
 */
export const awsSecretKey: Detector = {
  name: 'awsSecretKey',
  type: 'AWS_SECRET_KEY',
  rules: [
    tokenRule({
      finder: createRunFinder(/[A-Za-z0-9/+]/),
      least: LENGTH,
      longest: LENGTH + 1,
      isExpected: (text, start) => {
        LABEL.lastIndex = start;
        return LABEL.test(text) || KEY_ID.test(text.slice(Math.max(0, start - FARTHEST - KEY_ID_LENGTH), start));
      },
      locate: (text, { start, end }) => (isSecret(text.slice(start, end)) ? { start, end } : undefined),
    }),
  ],
};

function isSecret(token: string): boolean {
  const isMixed = /[A-Z]/.test(token) && /[a-z]/.test(token) && /[0-9]/.test(token);
  return token.length === LENGTH && isMixed && entropyOf(token) >= LEAST_ENTROPY;
}
