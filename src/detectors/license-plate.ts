import { digitsOf } from './check-digits.ts';
import { cue, JOINED } from './cue.ts';
import type { Detector } from './detector.ts';

/** Capitals and figures in up to three groups, or letters and figures in one piece. */
const PLATE = '[A-Z0-9]{1,4}(?:[ -][A-Z0-9]{1,4}){1,2}|[A-Za-z0-9]{4,8}';
/** Of a plate without a letter. */
const FEWEST_FIGURES = 5;
const value = `(${PLATE})(?![A-Za-z0-9]|[.:/-][A-Za-z0-9])`;

/** Number plates of vehicles, behind words that name them. */
export const licensePlate: Detector = {
  name: 'licensePlate',
  type: 'LICENSE_PLATE',
  rules: [],
  cues: [
    cue({
      words:
        '(?:licen[cs]e|number|registration|car|vehicle) plates?(?: (?:number|no|num))?|plate (?:number|no|num)|' +
        'registration(?: (?:number|no|num|mark))?|reg (?:number|no|num|plate)|plates?|vrm|' +
        "(?:amtliches |kfz |auto )?kennzeichen|(?:plaque d[ ']?)?immatriculation|(?:placa|matricula)(?: del? (?:coche|vehiculo))?",
      link: `\\.?${JOINED}(?:[A-Z]{2} (?=[A-Z0-9]{5}))?`,
      value,
      isValue: isPlate,
    }),
  ],
};

/** Figures and letters, or a good many figures that are no year. */
function isPlate(written: string): boolean {
  if (!/[0-9]/.test(written)) return false;
  return (
    /[A-Za-z]/.test(written) || (digitsOf(written).length >= FEWEST_FIGURES && !/^(?:19|20)[0-9]{2}-/.test(written))
  );
}
