import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { DIGIT } from './character-class.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER, BEFORE_NUMBER } from './number-bounds.ts';
import { behindWord, type Locate, patternRule, unfinishedMatch } from './pattern-rule.ts';

const EXTENSION = '(?: ?(?:x|ext\\.?) ?[0-9]{1,5})?';
const UNFINISHED_EXTENSION = '(?: ?(?:x|e(?:x(?:t\\.?)?)?) ?[0-9]{0,6})?\\.?';

/** `+41 44 668 18 00`, `+41 (0)44 …`, `001-415-…`: a calling code, then groups. */
const INTERNATIONAL = new RegExp(
  `((?:\\+|${BEFORE_NUMBER}00[ -]?(?=[1-9][0-9]{0,2}[ -]))[1-9](?:[ ().\\/-]{0,2}[0-9]){6,17})(${EXTENSION})`,
  'gi',
);
const LONGEST = 72;
const UNFINISHED_INTERNATIONAL = new RegExp(
  `(?:\\+|${BEFORE_NUMBER}0(?=[0-9]|$))[0-9 ().\\/-]{0,56}${UNFINISHED_EXTENSION}$`,
  'gi',
);
/** Digits of a number with its calling code (ITU-T E.164). */
const MOST_DIGITS = 15;

/** `(415) 555-2671`, `415-555-2671`, `1-415-555-2671`: the North American plan. */
const AMERICAN = new RegExp(
  `(?:(?:\\+1[ .-]?|${BEFORE_NUMBER}1[ .-])?\\([2-9][0-9]{2}\\) ?-?|` +
    `(?:\\+1[ .-]?|${BEFORE_NUMBER}(?:1[ .-])?)[2-9][0-9]{2}[ .-])` +
    `[1-9][0-9]{2}[ .-][0-9]{4}${EXTENSION}${AFTER_NUMBER}`,
  'gi',
);
/** `020 7946 0958`, `01.84.17.61.18`, `(030) 901820`: groups behind the zero that most other plans dial first. */
const TRUNK = new RegExp(
  `(?:\\([1-9][0-9]\\) ?[0-9]{4,5}-[0-9]{4}|(?:\\(0[1-9][0-9]{0,3}\\) ?|${BEFORE_NUMBER}0[1-9][0-9]{0,3}[ .\\/-])[0-9]{2,8}(?:[ .\\/-][0-9]{2,8}){0,4})` +
    AFTER_NUMBER,
  'g',
);
const UNFINISHED_NATIONAL = new RegExp(
  `(?:[+(][0-9]?|${BEFORE_NUMBER})[0-9][0-9 ().\\/-]{0,54}${UNFINISHED_EXTENSION}$|[+(]$`,
  'gi',
);

const LABEL =
  '(?:phone|telephone|telefon|mobile|cell|fax|tel|handy|whatsapp|desk|call|dial|' +
  '(?:answering|contact|reach|text)(?: (?:me|us|him|her|them))?(?= (?:at|on)))';
/** `phone: 467 3395`, `call me at 9472 7916`: behind a word that says so, any form will do. */
const LABELLED = new RegExp(
  `(?=[(0-9])(?<=(?<![A-Za-z])${LABEL}(?: (?:number|no\\.?|nr\\.?))?` +
    '(?: (?:is|me|us|him|her|them|on|at)){0,2}[ :=.#\\n]{1,4})' +
    `\\(?[0-9](?:[ ().-]{0,2}[0-9]){6,14}${AFTER_NUMBER}`,
  'gi',
);

/** Each label holds one of these. */
const STEM = /phone|telefon|mobile|cell|fax|tel|handy|whatsapp|desk|call|dial|answering|contact|reach|text/gi;

/**
 * Telephone numbers: international ones whose calling code and length are right, national ones in the groups of the
 * North American plan or behind a trunk zero, and any others behind a word such as `phone`. Digits without groups,
 * sign or such a word are not taken for one.
 */
export const phone: Detector = {
  name: 'phone',
  type: 'PHONE',
  rules: [
    patternRule({
      classes: DIGIT,
      pattern: INTERNATIONAL,
      unfinished: unfinishedMatch(UNFINISHED_INTERNATIONAL, LONGEST),
      locate: locateInternational,
    }),
    patternRule({
      classes: DIGIT,
      pattern: AMERICAN,
      unfinished: unfinishedMatch(UNFINISHED_NATIONAL, LONGEST),
    }),
    patternRule({
      classes: DIGIT,
      pattern: TRUNK,
      unfinished: unfinishedMatch(UNFINISHED_NATIONAL, LONGEST),
      locate: locateTrunk,
    }),
    patternRule({
      classes: DIGIT,
      first: behindWord(STEM),
      pattern: LABELLED,
      unfinished: unfinishedMatch(UNFINISHED_NATIONAL, LONGEST),
      locate: locateLabelled,
    }),
  ],
};

function locateInternational(match: RegExpExecArray, text: string): ReturnType<Locate> {
  const [, body = '', extension = ''] = match;
  const start = match.index;
  const length = longestNumber(body, text.charAt(start + body.length), isInternational);
  if (length === undefined) return undefined;
  return { start, end: start + length + (length === body.length ? extension.length : 0) };
}

function isInternational(written: string): boolean {
  const digits = digitsOf(written.replace('(0)', '')).replace(/^00/, '');
  return (
    digits.length <= MOST_DIGITS && parsePhoneNumberFromString(`+${digits}`, { extract: false })?.isValid() === true
  );
}

function locateTrunk(match: RegExpExecArray): ReturnType<Locate> {
  const length = longestNumber(match[0], '', (written) => {
    const { length: digits } = digitsOf(written);
    return digits >= 9 && digits <= 12 && !isDate(written);
  });
  return length === undefined ? undefined : { start: match.index, end: match.index + length };
}

function locateLabelled(match: RegExpExecArray): ReturnType<Locate> {
  const [number] = match;
  return isDate(number) ? undefined : { start: match.index, end: match.index + number.length };
}

/** Length of the most groups that make a number: other numbers may follow it in the same line. */
function longestNumber(groups: string, next: string, isNumber: (written: string) => boolean): number | undefined {
  let following = next;
  for (let length = groups.length; length > 0; length -= 1) {
    const last = groups.charAt(length - 1);
    if (isDigit(last) && !isDigit(following) && isNumber(groups.slice(0, length))) return length;
    following = last;
  }
  return undefined;
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function digitsOf(written: string): string {
  return written.replace(/[^0-9]/g, '');
}

/** Days, months and years in any order. */
function isDate(written: string): boolean {
  return /^[0-9]{1,2}([ ./-])[0-9]{1,2}\1(?:19|20)[0-9]{2}(?![0-9])|^(?:19|20)[0-9]{2}([ ./-])[0-9]{2}\2[0-9]{2}(?![0-9])/.test(
    written,
  );
}
