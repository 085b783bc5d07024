import { digitsOf } from './check-digits.ts';
import { cue } from './cue.ts';
import { entropyOf } from './entropy.ts';
import { keyServices } from './service-keys.data.ts';

/** Bits a character, above that of words and of most names. */
const LEAST_ENTROPY = 3;
const FEWEST_FIGURES = 3;
const SIGN = '(?:[:?|]{0,3}[=:]=?>?|,)';
/** Of a name: `HEROKU_KEY`, `hubspotKey`, `sonar.login`. */
const REST = '[A-Za-z0-9_.]{0,24}';
const END = '(?![A-Za-z0-9_+/=.-])';
const KEY = '[A-Za-z0-9]{14,80}|[A-Za-z0-9_=-]{26,128}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** Random letters and figures that are assigned to something with the name of a service whose keys have no prefix. */
export const serviceKeys = [
  cue({
    words: keyServices.join('|'),
    link: `${REST}["'\`]?\\s{0,3}${SIGN}\\s{0,3}["'\`]?`,
    value: `(${KEY})${END}`,
    isValue: isRandom,
  }),
];

/** Words joined by hyphens may hold a figure or two. */
function isRandom(value: string): boolean {
  const isFigured = digitsOf(value).length >= FEWEST_FIGURES || /[0-9]/.test(value.replace(/.*[_-].*/, ''));
  return isFigured && /[A-Za-z]/.test(value) && entropyOf(value) >= LEAST_ENTROPY;
}
