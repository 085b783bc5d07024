import { streetNames } from './address.data.ts';
import {
  ANY_STREET,
  COMPOUND_STREET,
  LETTERED_POSTCODE,
  LONE_POSTCODE,
  NAME_AND_NUMBER,
  NUMBERED_STREET,
  REST,
  ZIP,
} from './address-patterns.ts';
import { boundedPattern } from './bounded-pattern.ts';
import { DIGIT } from './character-class.ts';
import { cue, wordedValue } from './cue.ts';
import type { Detector } from './detector.ts';
import { patternRule } from './pattern-rule.ts';

/**
 * Street addresses of the United States, the United Kingdom and, by their words for a street, of other countries; post
 * office boxes; units, towns, states and postcodes where they follow; postcodes with their state, of the United Kingdom
 * and of Canada by themselves.
 */
export const address: Detector = {
  name: 'address',
  type: 'ADDRESS',
  rules: [`${NUMBERED_STREET}${REST}`, `${COMPOUND_STREET}${REST}`, LONE_POSTCODE].map((source) =>
    patternRule({ classes: DIGIT, ...boundedPattern(source) }),
  ),
  cues: [
    wordedValue({ words: streetNames.before, value: `${NAME_AND_NUMBER}${REST}` }),
    wordedValue({
      words:
        '(?:p\\.? ?o\\.? ?box|post office box|postfach|boite postale|apartado(?: de correos)?) #?[0-9]{1,6}(?![0-9])',
      value: REST,
    }),
    wordedValue({
      words: '(?:psc|unit|cmr) [0-9]{1,5},? box [0-9]{1,5}|us(?:s|ns|cgc|nv) [a-z\\u00c0-\\u024f-]{2,24}',
      value: `(?:\\n|, ?| )(?:APO|FPO|DPO) (?:AA|AE|AP) ${ZIP}`,
    }),
    // The rest of an address whose street was not known for one.
    wordedValue({
      words: '(?:apt|ste)\\.?|apartment|suite|flat',
      value: ' #?[A-Za-z]?[0-9]{1,5}[A-Za-z]?(?![A-Za-z0-9])',
    }),
    cue({
      words: 'zip(?: code)?|post(?:al)? ?code|plz|postleitzahl|code postal|codigo postal',
      link: '(?: (?:is|for|of) )?["\'`]?[ :=]{0,3}["\'`]?',
      value: `(${ZIP}|[0-9]{4,6}|${LETTERED_POSTCODE})(?![0-9A-Za-z])`,
    }),
    cue({
      words:
        'address(?:es)?|meet(?: me)? at|sen[dt](?: [a-z]{1,8}){0,4} to|liv(?:e|es|ing) at|moved to|taxi to|arrived at|resid(?:es?|ing) at|located at|office is at|' +
        'deliver(?:ed)? (?:it )?to|ship(?:ped)? (?:it )?to|return to|anschrift|adresse|direccion|domicilio',
      link: '(?: (?:is|to|with|are|ist|est|es|to the same|as|from|of [A-Za-z ]{1,24}? is))?["\'`]?[ :=\\n]{1,10}["\'`]?',
      value: `(${ANY_STREET}${REST})`,
    }),
  ],
};
