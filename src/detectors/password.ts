import { ASSIGNED, cue } from './cue.ts';
import type { Detector } from './detector.ts';
import { entropyOf } from './entropy.ts';

/** Bits a character: a word of one letter, a row of asterisks stay below. */
const LEAST_ENTROPY = 2;
const UNIT = '[^\\s"\'`<>{}()\\[\\],;|\\\\]';
const LAST = '[^\\s"\'`<>{}()\\[\\],;|\\\\.:!?]';
const QUOTED = '[^\\s"\'`<>{}\\[\\],\\\\]';
const LONG_LABELS = 'pass ?(?:word|wd|phrase|code)s?|passwort|kennwort|contrasena|mot de passe|pwd';
const LABELS = `${LONG_LABELS}|(?<![A-Za-z])pass|pw`;
const REFERENCE = /^(?:\$|%|https?:|process\.|os\.|env\.|config\.|self\.|this\.|\/|\.\/)|[*]{3}|\.{3}/i;
/** The name of a variable of the environment. */
const CONSTANT = /^[A-Z0-9]{1,32}(?:_[A-Z0-9]{1,32}){1,8}$/;

/** Passwords behind a word for one and a colon, an equals sign or `is`. */
export const password: Detector = {
  name: 'password',
  type: 'PASSWORD',
  rules: [],
  cues: [
    cue({
      words: `(?:${LABELS})(?: (?:for|to|of) [a-z0-9_.@ -]{1,24}?)?`,
      link: ASSIGNED,
      value: `(${UNIT}{3,127}${LAST})(?!\\()`,
      isValue: isPassword,
    }),
    cue({
      words: LONG_LABELS,
      link: '["\'`]?(?: is| ist| est| es|\\s{1,3}value)?\\s{0,24}[:=]{0,2}>?\\s{0,3}["\'`]',
      value: `(${QUOTED}{4,127})(?=["'\`])`,
      isValue: (value) => !isReference(value) && entropyOf(value) >= LEAST_ENTROPY,
    }),
  ],
};

/** Letters and figures or signs together; words, numbers, paths and references to variables are none. */
function isPassword(value: string): boolean {
  const isMixed = /[A-Za-z]/.test(value) ? /[0-9]|[!@#$%^&*+=?~][A-Za-z]|[A-Za-z][!@#$%^&*+=?~]/.test(value) : false;
  return isMixed && !isReference(value) && entropyOf(value) >= LEAST_ENTROPY;
}

function isReference(value: string): boolean {
  return REFERENCE.test(value) || CONSTANT.test(value);
}
