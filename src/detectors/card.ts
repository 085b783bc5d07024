import { cardLastFour } from './card-last-four.ts';
import { DIGIT } from './character-class.ts';
import { hasLuhnDigit } from './check-digits.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER, BEFORE_NUMBER, unfinishedNumber } from './number-bounds.ts';
import { type Locate, patternRule, unfinishedMatch } from './pattern-rule.ts';
import { createRunFinder } from './token-run.ts';

/** First six digits from–to, and how many digits such a card has, from–to (ISO/IEC 7812 ranges of the schemes). */
const ISSUERS: readonly (readonly [from: number, to: number, shortest: number, longest: number])[] = [
  [180000, 180099, 15, 15],
  [213100, 213199, 15, 15],
  [220000, 220499, 16, 19],
  [222100, 272099, 16, 16],
  [300000, 305999, 14, 19],
  [309500, 309599, 14, 19],
  [340000, 349999, 15, 15],
  [352800, 358999, 16, 19],
  [360000, 369999, 14, 19],
  [370000, 379999, 15, 15],
  [380000, 399999, 14, 19],
  [400000, 499999, 13, 13],
  [400000, 499999, 16, 16],
  [400000, 499999, 19, 19],
  [500000, 509999, 13, 19],
  [510000, 559999, 16, 16],
  [560000, 699999, 13, 19],
  [810000, 829999, 16, 19],
  [979200, 979299, 16, 16],
];

/** As printed on cards: in fours, as American Express and Diners print them, or each digit by itself. */
const PATTERN = new RegExp(
  `${BEFORE_NUMBER}(?:[0-9]{13,19}|` +
    '[0-9]{4}([ -])[0-9]{4}\\1[0-9]{4}\\1[0-9]{4}(?:\\1[0-9]{1,3})?|' +
    '[0-9]{4}([ -])[0-9]{6}\\2[0-9]{4,5}|' +
    '(?<![0-9][ -])[0-9]([ -])(?:[0-9]\\3){11,17}[0-9](?![ -][0-9])' +
    `)${AFTER_NUMBER}`,
  'g',
);
const SHORTEST = 13;
const LONGEST = 40;
const numberCharacters = createRunFinder(/[0-9 -]/);

/**
 * Payment card numbers: 13 to 19 digits of a known scheme whose Luhn check digit is right (ISO/IEC 7812-1, annex B),
 * or the last four of them behind words that say so.
 */
export const card: Detector = {
  name: 'card',
  type: 'CREDIT_DEBIT_CARD_NUMBER',
  rules: [
    patternRule({
      classes: DIGIT,
      first: (text, from) => numberCharacters.next(text, from, SHORTEST)?.start ?? text.length,
      pattern: PATTERN,
      unfinished: unfinishedMatch(new RegExp(unfinishedNumber(LONGEST), 'g'), LONGEST),
      locate: locateCard,
    }),
  ],
  cues: cardLastFour,
};

function locateCard(match: RegExpExecArray): ReturnType<Locate> {
  const [text] = match;
  const start = match.index;
  if (isCardNumber(text)) return { start, end: start + text.length };
  // A card of sixteen digits may be followed by its expiry or security code in the same hand.
  const sixteen = text.slice(0, 19);
  const isFollowed = text.length > 19 && /^[0-9]{4}[ -]/.test(text) && /[ -]/.test(text.charAt(19));
  return isFollowed && isCardNumber(sixteen) ? { start, end: start + sixteen.length } : undefined;
}

function isCardNumber(text: string): boolean {
  const digits = text.replace(/[ -]/g, '');
  const issuer = Number(digits.slice(0, 6));
  const { length } = digits;
  return (
    ISSUERS.some(([from, to, least, most]) => issuer >= from && issuer <= to && length >= least && length <= most) &&
    hasLuhnDigit(digits)
  );
}
