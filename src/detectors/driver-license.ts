import { digitsOf } from './check-digits.ts';
import { cue, JOINED, SAID } from './cue.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER } from './number-bounds.ts';

/** Letters and digits in one piece, or in groups of three to six, as the states and the United Kingdom write theirs. */
const NUMBER =
  '[A-Za-z]{0,7}[0-9][A-Za-z0-9]{4,18}|[A-Za-z]{0,2}-?[0-9]{2,5}(?:[ -][0-9]{2,6}){1,4}(?:[ -]?[A-Za-z0-9]{1,3})?|' +
  '[A-Za-z9]{5}[ -]?[0-9]{6}[ -]?[A-Za-z0-9]{5}';
const value = `(${NUMBER})(?![A-Za-z0-9])${AFTER_NUMBER}`;
const SHORTEST = 5;
const FEWEST_DIGITS = 4;

/** Numbers of driving licences, behind words that name them: there are too many forms to know one that stands alone. */
export const driverLicense: Detector = {
  name: 'driverLicense',
  type: 'DRIVER_ID',
  rules: [],
  cues: [
    cue({
      words:
        "driver(?:'?s|s')?(?: licen[cs]e| permit| id)|driving (?:licen[cs]e|permit)|" +
        'fuhrerschein(?:nummer)?|permis de conduire|(?:licencia|permiso|carnet) de conducir|licencia de manejo',
      link: SAID,
      value,
      isValue: isLicense,
    }),
    cue({ words: 'dln?(?: (?:number|no|num))?', link: `\\.?${JOINED}`, value, isValue: isLicense }),
  ],
};

function isLicense(written: string): boolean {
  const { length } = written.replace(/[ -]/g, '');
  const isDate = /^[0-9]{1,2}[ -][0-9]{1,2}[ -][0-9]{4}$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(written);
  return length >= SHORTEST && digitsOf(written).length >= FEWEST_DIGITS && !isDate;
}
