import { cue } from './cue.ts';
import { AFTER_NUMBER } from './number-bounds.ts';

const CARD =
  '(?:(?:credit |debit |bank )?card|visa|master ?card|amex|american express|discover|maestro|karte|kreditkarte|' +
  'carte(?: bancaire)?|tarjeta)';
const ENDING =
  '(?: (?:number|no))?\\.?,?(?: (?:that |which )?(?:is |was )?(?:ends|ending)(?: (?:in|with))?| last (?:four|4)(?: digits)?' +
  '| endend auf| se terminant par| (?:que )?termina(?:da)? en)';

/** The last four digits of a card, which receipts and help desks name it by. */
export const cardLastFour = [
  cue({
    words: `${CARD}${ENDING}`,
    link: '(?: (?:are|is|of|:))?:? ?["\'(#*xX.-]{0,6} ?',
    value: `([0-9]{4})(?![0-9A-Za-z/-])${AFTER_NUMBER}`,
  }),
  cue({
    words: `last (?:four|4)(?: digits)?(?: (?:of|on) (?:my|the|your|his|her|their|this))? ${CARD}`,
    link: '(?: number)?(?:\\)|,)?:?(?: (?:are|is|were|was))?:? ?["\'#*xX-]{0,4}',
    value: `([0-9]{4})(?![0-9A-Za-z/-])${AFTER_NUMBER}`,
  }),
];
