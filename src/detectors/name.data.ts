/**
 * Words in front of a name, by how much they say. A space stands for a space, a hyphen, an underscore or nothing.
 *
 * `titles` belong to the person and are not part of the name; behind `introductions` and `fields` one word is a name;
 * behind `hints` only two with capital letters are; `greetings` and `farewells` stand at an end of a letter.
 */
export const nameCues = {
  titles: [
    'mr',
    'mrs',
    'ms',
    'miss',
    'mx',
    'dr',
    'prof(?:essor)?',
    'sir',
    'madam',
    'doctor',
    'rev(?:erend)?',
    'herrn?',
    'frau',
    'monsieur',
    'madame',
    'mme',
    'mlle',
    'senor(?:a|ita)?',
    'sra?',
    'srta',
    'dona?',
    'signora?',
  ],
  introductions: [
    "name(?:'s| is| was)(?: mr\\.?| mrs\\.?| ms\\.?| dr\\.?| miss)?",
    '(?:call|calls|called|named) (?:me|him|her|them)',
    'name ist',
    'ich heisse',
    'ich heiße',
    "m'appelle",
    'nom est',
    'me llamo',
    'nombre es',
    '(?<=[Ss])igned by',
  ],
  fields: [
    '(?:full |first |last |middle |given |family |maiden |sur |card ?holder |account ?holder |patient |customer |client |employee |user |legal )?name',
    'patient',
    '(?:card|account|policy) ?holder',
    'beneficiary',
    'attn',
    'attention',
    'contact(?: person)?',
    'author',
    'nachname',
    'vorname',
    'prenom',
    'apellidos?',
    'nombre',
    'kunde',
    'kundin',
  ],
  hints: [
    "i'm",
    '(?<=[Ii] )am',
    'this is',
    'bin',
    'je suis',
    'soy',
    'partner(?: name)?',
    'husband',
    'wife',
    'guardian',
    'under',
    'patient',
    'client',
    'customer',
    'colleague',
    'manager',
    'spouse',
    'beneficiary',
  ],
  greetings: [
    'dear',
    'hi',
    'hello',
    'hey',
    'lieber',
    'liebe',
    'hallo',
    'cher',
    'chere',
    'bonjour',
    'hola',
    'estimad[ao]',
    'querid[ao]',
  ],
  farewells: [
    'sincerely(?: yours)?',
    'regards',
    'cheers',
    'thanks',
    'best',
    'best wishes',
    'faithfully',
    'yours (?:truly|sincerely|faithfully)',
    'grussen?',
    'gruße',
    'cordialement',
    'saludos',
    'atentamente',
  ],
} as const;

/** Words with a capital letter that are no name where a name would stand, in small letters. */
export const noNames =
  'mr mrs ms miss mx dr prof professor sr sra herr frau mme mlle the a an all any there team everyone everybody ' +
  'sir madam customer client user friend friends folks colleague colleagues world support service services bank ' +
  'hello hi hey dear thanks thank please i you we they he she it my your our their his her this that these those ' +
  'is are was were not no yes and or but if when what who how why where which for from to of in on at by with ' +
  'about as monday tuesday wednesday thursday friday saturday sunday january february march april june july ' +
  'august september october november december today tomorrow new old english german french spanish american ' +
  'british european sales marketing committee council department university company corporation inc llc ltd ' +
  'limited group manager director president officer administrative agent agents lender lenders borrower banks ' +
  'north south east west united states street road avenue apt suite unit true false null none string boolean ' +
  'object array deprecated read undefined default unknown required spelled misspelled spelt wrong incorrect ' +
  'misspelt correct changed out up so very really called listed missing now provided given name number address date email phone ' +
  'award awards brothers bros college club school river hills hill center centre society institute church city ' +
  'town area island islands festival fan court park hall house building st boulevard lane drive square bridge ' +
  'station airport hospital library museum trophy cup league stadium cemetery mountain mount lake bay act ' +
  'windows title retirement';
