import { digitsOf, isOneDigit } from './check-digits.ts';
import { cue, JOINED } from './cue.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER } from './number-bounds.ts';

/** The accounts of Amazon Web Services have numbers, too, which are no secret. */
const ACCOUNT =
  '(?:(?:(?<![Aa][Ww][Ss][ _-])account|acct|a/c)|bankkonto|konto ?(?:nummer|nr)?|compte(?: bancaire)?|cuenta(?: bancaria)?)';
const NUMBER = '(?: ?(?:number|numbers|no|num|nr|nummer|numero))?';
/** In one piece, or in groups with the same sign between them. */
const FORMS = '[0-9]{6,17}|[0-9]{2,8}(?:-[0-9]{1,8}){1,4}|[0-9]{2,8}(?: [0-9]{2,8}){1,4}';
const FEWEST = 6;
const MOST = 17;

/** Numbers of bank accounts: six to seventeen digits, or the last four of them, behind words that name an account. */
export const usBankAccount: Detector = {
  name: 'usBankAccount',
  type: 'US_BANK_ACCOUNT_NUMBER',
  rules: [],
  cues: [
    cue({
      words: `${ACCOUNT}${NUMBER}`,
      link: `(?:\\.|\\)|s)?(?: (?:at|with|of|for|from|to|in) [A-Za-z' ]{1,32}?)?${JOINED}`,
      value: `(${FORMS})(?![A-Za-z/:]|-[A-Za-z0-9])${AFTER_NUMBER}`,
      isValue: isAccountNumber,
    }),
    cue({
      words: `${ACCOUNT}${NUMBER} (?:(?:which |that )?(?:ends|ending)(?: (?:in|with))?|last (?:four|4)(?: digits)?)`,
      link: `:? ?["'(#*x-]{0,8}`,
      value: `([0-9]{4})(?![0-9A-Za-z])${AFTER_NUMBER}`,
    }),
  ],
};

function isAccountNumber(written: string): boolean {
  const digits = digitsOf(written);
  const isDate = /^(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}$|^[0-9]{1,2}-[0-9]{1,2}-(?:19|20)[0-9]{2}$/.test(written);
  return digits.length >= FEWEST && digits.length <= MOST && !isOneDigit(digits) && !isDate;
}
