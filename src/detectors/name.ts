import { cue, wordedValue } from './cue.ts';
import type { Detector } from './detector.ts';
import { givenNames } from './given-names.data.ts';
import { nameCues, noNames } from './name.data.ts';

/** A capital, or a letter of a script that stands for itself. */
const CAPITAL = '[A-Z\\u0370-\\u1fff]';
const SMALL = '[a-z\\u00df-\\u024f\\u0370-\\u1fff]';
/** `Jane`, `O'Brien`, `Smith-Jones`, `McDonald`, `DOE`. */
const WORD = `(?:(?:${CAPITAL}'|Mc|Mac)?${CAPITAL}${SMALL}{1,20}(?:-${CAPITAL}${SMALL}{1,20})?|[A-Z]{2,20})(?![A-Za-z])`;
const INITIAL = '[A-Z]\\.?(?![A-Za-z])';
const PARTICLE = '(?:van der|van den|van|von|der|de la|de|del|di|da|dos|la|le|bin|al|el|zu)';
const MORE = ` (?:${INITIAL} ?)?(?:${PARTICLE} )?${WORD}`;
const ONE_OR_MORE = `${WORD}(?:${MORE}){0,3}`;
const TWO_OR_MORE = `${WORD}(?:${MORE}){1,3}`;
const END = "(?![A-Za-z@]|'[A-Za-z]{2}|[-_][A-Za-z])";
const NO_NAMES = new Set(noNames.split(' '));

const FIELD = '["\'`]?\\s{0,2}[:=?]\\s{0,8}["\'`]?';
const TITLE = '(?:(?:Mrs?|Ms|Miss|Dr|Prof|Herr|Frau|Mme)\\.? )?';
const anyOf = (words: readonly string[]) => words.join('|');

/**
 * Names of persons, where the words around them say so, behind an introduction, a title, a field's name, a greeting, a
 * farewell, or a common given name. A baseline, which tells no other name from words with a capital letter. The title is
 * no part of the name.
 */
export const name: Detector = {
  name: 'name',
  type: 'NAME',
  rules: [],
  cues: [
    wordedValue({
      words: `(?=[A-Z])(?<!(?:San|Santa|Saint|St\\.?|Prince|Princess|Rue|Avenue|The|the)[ -])(?:${anyOf(givenNames)})(?![A-Za-z])`,
      value: `(?:-${WORD})?(?:${MORE}){1,3}${END}`,
      isValue: isName,
    }),
    cue({
      words: anyOf(nameCues.titles),
      link: '\\.?\\s{1,2}',
      value: `(${ONE_OR_MORE})${END}`,
      isValue: isName,
    }),
    cue({
      words: anyOf(nameCues.introductions),
      link: `[:,]?\\s{1,2}(?:also |now )?${TITLE}`,
      value: `(${ONE_OR_MORE})${END}`,
      isValue: isName,
    }),
    cue({
      words: "name(?:'s| is)|name ist|ich heisse|m'appelle|me llamo|nombre es",
      link: '[:,]?\\s{1,2}',
      value: `([a-z]{2,20}(?: [a-z]{2,20})?)(?! ?[A-Za-z0-9@'-])`,
      isValue: isName,
    }),
    cue({ words: anyOf(nameCues.fields), link: `${FIELD}${TITLE}`, value: `(${ONE_OR_MORE})${END}`, isValue: isName }),
    cue({
      words: anyOf(nameCues.hints),
      link: `\\s{1,2}${TITLE}`,
      value: `(${TWO_OR_MORE})${END}`,
      isValue: isName,
    }),
    cue({
      words: anyOf(nameCues.greetings),
      link: `,?\\s{1,2}${TITLE}`,
      value: `(${ONE_OR_MORE})(?=[,.!?:;\\n]| and )`,
      isValue: isName,
    }),
    cue({
      words: anyOf(nameCues.farewells),
      link: `(?:,|!|\\.)?(?: ?\\n{1,2} {0,4}|, )${TITLE}`,
      value: `(${ONE_OR_MORE})${END}`,
      isValue: isName,
    }),
  ],
};

/** No word of it is one that names nobody. */
function isName(written: string): boolean {
  return written
    .toLowerCase()
    .split(/[ .]+/)
    .every((word) => !NO_NAMES.has(word));
}
