import { DASH } from './character-class.ts';
import type { Detector } from './detector.ts';
import { type Locate, patternRule, unfinishedMatch } from './pattern-rule.ts';

/** The longest key that is held back until its end comes: RSA of 16,384 bits has about 12,500 characters. */
const LONGEST_BODY = 16_384;
const BEGIN = '-{4,5} ?BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}';
const END = '-{4,6} ?END (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)? ?-{4,5}';
/** What lines begin with in quoted mail, comments, tables and listings. */
const PREFIX = '[>#*|: \\t]{0,8}';
/** Line ends may be written out, as they are in environment files and in source code. */
const HEADERS = `(?:\\s|\\\\[nr]){0,8}(?:-(?!-))?(?:${PREFIX}[A-Za-z-]{2,20}: [^\\n\\\\]{0,200}(?:\\n|\\\\n)){0,6}`;
/** In a listing of changes a line begins with `-`, which no other line of a key holds. */
const BODY = `(?:[A-Za-z0-9+/=\\s"',>#*|:]|\\\\[nrt]|(?<=\\n)-(?!-)){0,${LONGEST_BODY}}`;
const PATTERN = new RegExp(`${BEGIN}(${HEADERS}${BODY})(${END})?`, 'g');

const UNFINISHED_HEADER = `${PREFIX}(?:[A-Za-z-]{1,20}(?::(?: [^\\n\\\\]{0,200}\\\\?)?)?)?`;
const UNFINISHED = new RegExp(
  '-{1,5}$|-{4,5} ?(?:B(?:E(?:G(?:I(?:N[A-Z0-9 ]{0,110}-{0,5})?)?)?)?)?$|' +
    `${BEGIN}${HEADERS}(?:${UNFINISHED_HEADER}|${BODY}(?:\\\\|-{1,6} ?[A-Z0-9 ]{0,120}-{0,5})?)$`,
  'g',
);
const LONGEST = 128 + 6 * 224 + LONGEST_BODY + 130;

const unfinishedKey = unfinishedMatch(UNFINISHED, LONGEST);

/** Shortest run of base64 that a key with both its lines has, and one whose last line never came. */
const LEAST_RUN = 16;
const LEAST_OPEN_RUN = 40;

/**
 * Private keys in textual encoding (RFC 7468), with the headers of RFC 1421, of OpenSSH and of OpenPGP (RFC 9580):
 * from the first line to the last. Without a last line, or behind 16,384 characters, as much as is there.
 */
export const privateKey: Detector = {
  name: 'privateKey',
  type: 'PRIVATE_KEY',
  rules: [
    patternRule({
      classes: DASH,
      pattern: PATTERN,
      unfinished: (text, from) => (text.includes('-', from) ? unfinishedKey(text, from) : text.length),
      locate: locateKey,
    }),
  ],
};

function locateKey(match: RegExpExecArray): ReturnType<Locate> {
  const [whole, body = '', last = ''] = match;
  const start = match.index;
  const runs = [...body.matchAll(/[A-Za-z0-9+/=]{16,}/g)];
  const longest = Math.max(0, ...runs.map(([run]) => run.length));
  if (longest < (last === '' ? LEAST_OPEN_RUN : LEAST_RUN)) return undefined;
  if (last !== '') return { start, end: start + whole.length };
  const final = runs.at(-1);
  const bodyEnd = final === undefined ? 0 : final.index + final[0].length;
  return { start, end: start + whole.length - body.length + bodyEnd };
}
