import { boundedPattern } from './bounded-pattern.ts';
import { wordedValue } from './cue.ts';
import type { Detector } from './detector.ts';
import { patternRule } from './pattern-rule.ts';

const UNIT = '[^\\s"\'`<>{}|\\\\^]';
/** Signs that end a sentence or close what the address stands in, and not the address. */
const LAST = '[^\\s"\'`<>{}|\\\\^.,;:!?)\\]*_]';
const LONGEST = 1_024;

/** A name under a domain that no file and nothing in a program ends with. */
const BARE = boundedPattern(
  `(?<![A-Za-z0-9@._/%+-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.){1,4}(?:com|org|gov|edu)` +
    `(?:[/?#](?:${UNIT}{0,${LONGEST}}${LAST})?)?(?![A-Za-z0-9@_-]|\\.[A-Za-z0-9])`,
);
const DOMAIN = /\.(?:com|org|gov|edu)/g;
const BEFORE_DOMAIN = 256;

/** Addresses of the web: with a scheme (RFC 3986), beginning with `www.`, or in the commonest domains. */
export const url: Detector = {
  name: 'url',
  type: 'URL',
  rules: [patternRule({ ...BARE, first: beforeDomain })],
  cues: [
    wordedValue({ words: '(?:https?|ftps?|wss?)://', value: `${UNIT}{0,${LONGEST}}${LAST}` }),
    wordedValue({
      words: 'www\\.',
      value: `[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,6}(?:[/?#]${UNIT}{0,${LONGEST}}${LAST}|/)?`,
    }),
  ],
};

function beforeDomain(text: string, from: number): number {
  DOMAIN.lastIndex = from;
  const domain = DOMAIN.exec(text);
  return domain === null ? text.length : Math.max(from, domain.index - BEFORE_DOMAIN);
}
