import { digitsOf, isOneDigit } from './check-digits.ts';
import { cue, SAID } from './cue.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER } from './number-bounds.ts';

/** As the provinces and territories write theirs. */
const FORMS = [
  // Ontario with its version, British Columbia, Nova Scotia.
  '[0-9]{4}[ -]?[0-9]{3}[ -]?[0-9]{3}(?:[ -]?[A-Z]{2}(?![A-Za-z]))?',
  // Alberta.
  '[0-9]{5}[ -][0-9]{4}',
  // Manitoba, New Brunswick, Nunavut, Saskatchewan, Yukon.
  '[0-9]{3}[ -]?[0-9]{3}[ -]?[0-9]{3}',
  // Newfoundland and Labrador, Prince Edward Island.
  '[0-9]{12}|[0-9]{8}',
  // Quebec: letters of the name, date of birth, sequence.
  '[A-Za-z]{4}[ -]?[0-9]{4}[ -]?[0-9]{4}',
  // Northwest Territories.
  '[NDMTndmt][0-9]{7}',
];

/** Numbers of Canadian health cards, in the forms of the provinces, behind words that name them. */
export const caHealthNumber: Detector = {
  name: 'caHealthNumber',
  type: 'CA_HEALTH_NUMBER',
  rules: [],
  cues: [
    cue({
      words:
        'health (?:card|care|number|insurance number)|ohip|phn|phin|ahcip|ramq|msp|' +
        "(?:numero d[ ']?)?assurance maladie|carte (?:soleil|sante)|medical care plan|mcp (?:number|no|card)",
      link: SAID,
      value: `(${FORMS.join('|')})(?![A-Za-z])${AFTER_NUMBER}`,
      isValue: (written) => !isOneDigit(digitsOf(written)),
    }),
  ],
};
