import { boundedPattern } from './bounded-pattern.ts';
import { DIGIT } from './character-class.ts';
import { cue, JOINED } from './cue.ts';
import type { Detector } from './detector.ts';
import { patternRule } from './pattern-rule.ts';
import { inAnyCase } from './pattern-source.ts';

const MONTH = '(?:0[1-9]|1[0-2])';
const YEAR = '(?:20)?[2-4][0-9]';
const NUMBERS = `(?:${MONTH} ?[/.-] ?${YEAR}|${MONTH} 20[2-4][0-9]|20[2-4][0-9]-${MONTH}|[1-9]/${YEAR}|${MONTH}[2-4][0-9])`;
const NAMES = inAnyCase(
  '(?:jan(?:uary|uar|vier)?|feb(?:ruary|ruar)?|fev(?:rier)?|mar(?:ch|s|z)?|apr(?:il)?|avr(?:il)?|may|mai|june?|juni|juin|' +
    'july?|juli|juillet|aug(?:ust)?|aout|sept?(?:ember|embre)?|oct(?:ober|obre)?|okt(?:ober)?|nov(?:ember|embre)?|' +
    'dec(?:ember|embre)?|dez(?:ember)?|enero?|abril|agosto?|diciembre)',
);
const NOT_A_DATE = '(?![0-9A-Za-z]|[/.-][0-9])';

/** Month and year behind a card number. */
const BEHIND_CARD = boundedPattern(
  `(?<=[0-9]{4}[ -]?[0-9]{4}[ -]?[0-9]{3,6}[ ,;|/]{1,3}(?:[Ee][Xx][Pp]\\.?:? ?)?)${MONTH} ?[/-] ?${YEAR}${NOT_A_DATE}`,
);

/** Until when a payment card is good: month and year, behind a word for it or beside the number of a card. */
export const cardExpiry: Detector = {
  name: 'cardExpiry',
  type: 'CREDIT_DEBIT_CARD_EXPIRY',
  rules: [patternRule({ classes: DIGIT, ...BEHIND_CARD })],
  cues: [
    cue({
      words:
        'exp(?:ir(?:y|es|ed|ing|ation|e))?\\.?(?: (?:date|month|on|in|le|am))?|(?:good|valid) (?:thru|through|until|till|to)|' +
        "gultig bis|ablauf(?:datum)?|lauft ab(?: am)?|date d[ ']expiration|valable jusqu|" +
        'caduca(?: en)?|caducidad|vencimiento|vence(?: en)?|valido hasta',
      link: `(?:\\.|\\)| ?\\(?[Mm]{2} ?/ ?[Yy]{2,4}\\)?|'?au)?${JOINED}(?:(?:on|in|at|the) )?`,
      value: `(${NUMBERS}|${NAMES}[.,]? ?'?(?:20)?[2-4][0-9])${NOT_A_DATE}`,
    }),
  ],
};
