/**
 * Values that say how something looks or where it stands, and nothing that anyone wrote: numbers up to eight digits with
 * a unit, hexadecimal ids of eight digits, GUIDs, times, one word in camel case, cell ranges, media types.
 *
 * Keys, numbers with nine digits or more, addresses and sentences have none of these forms.
 */
const TYPED = new RegExp(
  `^(?:${[
    '[-+]?[0-9]{0,8}(?:\\.[0-9]{1,8})?(?:%|pt|in|cm|mm|px|em|pc|emu|f|fd)?',
    '#?[0-9A-Fa-f]{1,8}',
    '\\{?[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\\}?',
    '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\\.[0-9]{1,7})?(?:Z|[-+][0-9]{2}:[0-9]{2})?',
    '[A-Za-z]?[a-z]{0,15}(?:[A-Z][a-z]{1,14}){0,4}[0-9]{0,3}',
    '\\$?[A-Z]{1,3}\\$?[0-9]{1,7}(?::\\$?[A-Z]{1,3}\\$?[0-9]{1,7})?',
    '[0-9]{1,5}:[0-9]{1,5}',
    '#?_x0000_[a-z][0-9]{1,6}',
    '[a-z]{1,12}:[A-Za-z0-9]{1,16}',
    '[a-z]{2,3}(?:-[A-Z]{2})?',
    '[^A-Za-z0-9]{1,2}',
    '(?:%[1-9][.)]?){1,9}',
    '(?:application|image|text)/[A-Za-z][A-Za-z.+-]{0,100}',
  ].join('|')})$`,
);

/** Where the names of XML vocabularies and relationship types come from. */
const VOCABULARY =
  /^(?:https?:\/\/(?:schemas\.(?:openxmlformats|microsoft)\.(?:org|com)|purl\.(?:org|oclc\.org)|(?:www\.)?w3\.org|ns\.adobe\.com|www\.aiim\.org)\/|urn:schemas-microsoft-com:|adobe:ns:)[A-Za-z0-9/._#:-]{0,80}$/;
const LONG_NUMBER = /[0-9]{5}/;

/** Letters, spaces and short numbers, as in the names of fonts and styles. */
const PLAIN_NAME = /^\p{L}(?:\p{L}|[0-9](?![0-9]{3})| |\(|\)|-|_|,|\.){0,47}$/u;

/** Whether a value is one that a program wrote for a program. */
export function isTyped(value: string): boolean {
  return value.length <= 160 && (TYPED.test(value) || (VOCABULARY.test(value) && !LONG_NUMBER.test(value)));
}

const PATH = /^[A-Za-z0-9_./[\]-]{1,120}$/;

/** Whether a value is the path of a part within a package, in plain words and short numbers. */
export function isPath(value: string): boolean {
  return PATH.test(value) && !LONG_NUMBER.test(value);
}

/** Whether a value is a list of style properties as programs write them. */
export function isStyle(value: string): boolean {
  return (
    value.length <= 500 && value.split(';').every((each) => STYLE.test(each.trim()) && !NUMBER_IN_STYLE.test(each))
  );
}

const STYLE = /^$|^[a-z-]{2,30}: ?[a-z0-9.%#-]{1,24}$/i;
const NUMBER_IN_STYLE = /[0-9]{11}/;

/** Whether a value is what fonts, styles and themes are called. */
export function isPlainName(value: string): boolean {
  return PLAIN_NAME.test(value);
}
