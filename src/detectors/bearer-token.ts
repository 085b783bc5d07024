import type { Detector } from './detector.ts';
import { entropyOf } from './entropy.ts';
import { behindWord, patternRule, unfinishedMatch } from './pattern-rule.ts';
import { createRunFinder, tokenRule } from './token-run.ts';

const LONGEST = 8192;
const LEAST = 12;
/** Without a figure it must be longer than words are. */
const LEAST_WITHOUT_FIGURE = 32;
/** Bits a character: words that happen to stand behind "bearer" stay below. */
const LEAST_ENTROPY = 3;

const SCHEME =
  /(?<=\bbearer\s{1,3}|\bauthorization["'`]?\s{0,3}[:=]\s{0,3}["'`]?(?:(?:basic|(?:api-?)?(?:token|key))\s{1,3})?)/iy;
/** Each scheme holds one of these. */
const SCHEME_WORD = /bearer|authorization/gi;

/** A JSON Web Token in compact form (RFC 7519): two objects in base64url, and a signature that may be empty. */
const JWT = new RegExp(
  `(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{10,${LONGEST}}\\.eyJ[A-Za-z0-9_-]{10,${LONGEST}}\\.[A-Za-z0-9_-]{0,${LONGEST}}`,
  'g',
);
const UNFINISHED_JWT = new RegExp(
  `(?<![A-Za-z0-9_-])(?:e|ey|eyJ[A-Za-z0-9_-]{0,${LONGEST}}` +
    `(?:\\.(?:e|ey|eyJ[A-Za-z0-9_-]{0,${LONGEST}}(?:\\.[A-Za-z0-9_-]{0,${LONGEST}})?)?)?)$`,
  'g',
);

const LONGEST_JWT = 3 * LONGEST + 8;
const unfinishedJwt = unfinishedMatch(UNFINISHED_JWT, LONGEST_JWT);
const jwtCharacters = createRunFinder(/[A-Za-z0-9._-]/);

/**
 * The credentials of an authorization header, bearer (RFC 6750), basic (RFC 7617), or of a vendor's own scheme or none,
 * and JSON Web Tokens wherever they stand.
 */
export const bearerToken: Detector = {
  name: 'bearerToken',
  type: 'BEARER_TOKEN',
  rules: [
    tokenRule({
      finder: createRunFinder(/[A-Za-z0-9._~+/=-]/),
      least: LEAST,
      longest: LONGEST,
      first: behindWord(SCHEME_WORD),
      isExpected: (text, start) => {
        SCHEME.lastIndex = start;
        return SCHEME.test(text);
      },
      locate: (text, { start, end }) => (isRandom(text.slice(start, end)) ? { start, end } : undefined),
    }),
    patternRule({
      pattern: JWT,
      unfinished: (text, from) => unfinishedJwt(text, Math.max(from, jwtCharacters.trailing(text, LONGEST_JWT))),
    }),
  ],
};

function isRandom(token: string): boolean {
  return (/[0-9]/.test(token) || token.length >= LEAST_WITHOUT_FIGURE) && entropyOf(token) >= LEAST_ENTROPY;
}
