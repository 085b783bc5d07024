import { boundedPattern } from './bounded-pattern.ts';
import { DIGIT } from './character-class.ts';
import { cue, JOINED } from './cue.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER } from './number-bounds.ts';
import { patternRule } from './pattern-rule.ts';

/** Three or four digits behind a card number and its expiry, as cards are dictated. */
const BEHIND_EXPIRY = boundedPattern(
  `(?<=[0-9]{4}[ ,;|/]{1,3}(?:0[1-9]|1[0-2])[/-](?:20)?[0-9]{2}[ ,;|]{1,3})[0-9]{3,4}(?![0-9/:-]|[.,][0-9])`,
);

/** The three or four digits by which a payment card's holder shows that it is at hand. */
export const cardSecurityCode: Detector = {
  name: 'cardSecurityCode',
  type: 'CREDIT_DEBIT_CARD_CVV',
  rules: [patternRule({ classes: DIGIT, ...BEHIND_EXPIRY })],
  cues: [
    cue({
      words:
        '(?:cvv|cvc|csc|cvn|cav)(?: ?2)?(?: (?:code|number|no|num))?|(?:card )?security code|' +
        'card (?:verification|validation) (?:value|code|number)|(?:karten )?pruf(?:nummer|ziffer)|' +
        'cryptogramme(?: visuel)?|codigo (?:de )?(?:seguridad|cvv|cvc)|code (?:de )?securite|sicherheitscode',
      link: `(?:\\)|\\.| on the back)?${JOINED}`,
      value: `([0-9]{3,4})(?![0-9A-Za-z/-])${AFTER_NUMBER}`,
    }),
  ],
};
