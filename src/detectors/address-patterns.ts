import { streetNames } from './address.data.ts';
import { inAnyCase } from './pattern-source.ts';

// Sources of patterns for the pieces of an address, in the normalised view: marks above letters are gone there.

const BEYOND_LATIN = '\\u00c0-\\u024f\\u0370-\\u1fff';
const LETTER = `[A-Za-z${BEYOND_LATIN}]`;
const WORD = `[A-Z${BEYOND_LATIN}](?:${LETTER}|['.-](?=${LETTER})){0,19}`;
/** One to three words with a capital: of a street, a town, a country. */
const PLACE = `${WORD}(?: ${WORD}){0,2}`;
/** What stands between two pieces of one address. */
const GAP = '(?:,? ?\\n ?(?:, ?)?|, ?| )';
/** Not a part of another number, an amount or a date. */
const BY_ITSELF = '(?<![0-9A-Za-z.,:/$-])';
const NUMBER = '[0-9]{1,5}(?:[A-Za-z](?![A-Za-z])|-[0-9]{1,4})?(?![0-9])';

const UNIT_WORD = inAnyCase('(?:apt|apartment|suite|ste|unit|flat|room|rm|floor|fl|building|bldg|box)');
const UNIT = `(?:(?:${UNIT_WORD}\\.? ?|# ?)[A-Za-z]?[0-9]{1,5}[A-Za-z]?(?![A-Za-z0-9])|[0-9]{1,3}(?:st|nd|rd|th) [Ff]l(?:oor)?(?![A-Za-z]))`;

const STATE = `(?:${streetNames.states.replaceAll(' ', '|')})(?![A-Za-z])`;
export const ZIP = '[0-9]{5}(?:-[0-9]{4})?(?![0-9-])';
const toUkPostcode = (space: string) => `[A-Z]{1,2}[0-9][A-Z0-9]?${space}[0-9][A-Z]{2}(?![A-Za-z0-9])`;
const toCanadianPostcode = (space: string) => `[ABCEGHJ-NPRSTVXY][0-9][A-Z]${space}[0-9][A-Z][0-9](?![A-Za-z0-9])`;
export const LETTERED_POSTCODE = `${toUkPostcode(' ?')}|${toCanadianPostcode(' ?')}`;
const POSTCODE = `(?:${STATE}[ ,]{1,2}${ZIP}|${ZIP}|${LETTERED_POSTCODE}|[0-9]{4}(?![0-9]))`;
/** A state with its code, or a code of letters and figures in two groups: an address even alone. */
export const LONE_POSTCODE = `(?<![A-Za-z0-9])(?:${STATE} ${ZIP}|${toUkPostcode(' ')}|${toCanadianPostcode(' ')})`;

/** A postcode and its town, or towns, a state or country and a postcode. */
const TOWN = `${GAP}[0-9]{4,5} ${PLACE}|(?:${GAP}${PLACE}){0,2}${GAP}(?:${PLACE}${GAP})?${POSTCODE}`;
/**
 * Units, then town, state, country and postcode, as far as they follow. Without a postcode only what commas join, or what
 * stands behind a unit.
 */
export const REST = `(?:(?:${GAP}${UNIT}){1,2}(?:${TOWN}|(?:${GAP}${PLACE}){1,2})?|${TOWN}|(?:, ?${PLACE}){1,3}|, ${STATE})?`;

const DIRECTION = '(?:[NSEW]{1,2}\\.?|North|South|East|West)';
const ORDINAL = '[0-9]{1,3}(?:st|nd|rd|th)';
const SUFFIX = `(?:${inAnyCase(streetNames.behind)})(?![A-Za-z])\\.?`;
const PARTICLES = "(?: (?:de|du|des|del|della|di|da|do|dos|la|las|le|les|los)| (?:l'|d')){0,2}";

/** `123 N Main Street NW`, with the number of a house or unit in front. */
const SUFFIXED = `(?:${NUMBER} )?${NUMBER} (?:${DIRECTION} )?(?:${WORD} |${ORDINAL} ){1,4}${SUFFIX}(?: ${DIRECTION}(?![A-Za-z]))?`;
/** `12 rue de la Paix`. */
const PREFIXED = `${NUMBER},? ${inAnyCase(`(?:${streetNames.numbered})`)}${PARTICLES}(?: ?${WORD}){1,4}`;
/** A line with a number that is known by the unit behind it: `98 Simavikveien 231\nApt. 5`. */
const BEFORE_UNIT = `${NUMBER} (?:${NUMBER} )?${PLACE}\\.?(?: ${NUMBER})?${GAP}${UNIT}`;

/** Streets that begin with their number. */
export const NUMBERED_STREET = `${BY_ITSELF}(?:${SUFFIXED}|${PREFIXED}|${BEFORE_UNIT})`;
/** `Hauptstraße 12`. */
export const COMPOUND_STREET = `(?<![A-Za-z])${WORD}(?:${streetNames.compound})\\.? ${NUMBER}`;
/** What follows a word such as `Calle`: `Mayor 12`. */
export const NAME_AND_NUMBER = `\\.?${PARTICLES}(?: ?${WORD}){1,4},? ${NUMBER}`;
/** Any street with a number, in front of it or behind it. */
export const ANY_STREET = `(?:(?:${NUMBER} ){1,2}${PLACE}(?: ${NUMBER})?|${PLACE},? ${NUMBER})`;
