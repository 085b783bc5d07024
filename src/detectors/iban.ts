import { DIGIT } from './character-class.ts';
import type { Detector } from './detector.ts';
import { ibanLengths } from './iban.data.ts';
import { AFTER_NUMBER } from './number-bounds.ts';
import { type Locate, patternRule, unfinishedMatch } from './pattern-rule.ts';

const COUNTRIES = Object.keys(ibanLengths).join('|');
const LOWER = `(?<![A-Za-z0-9])(?:${COUNTRIES.toLowerCase()})`;
const HEAD = new RegExp(`(?:${COUNTRIES}|${LOWER})[0-9]{2}`, 'g');
/** 34 characters in groups of four, and what may not follow. */
const LONGEST = 48;
const UNFINISHED = new RegExp(
  `(?:${COUNTRIES}|${LOWER})(?:[0-9](?:[0-9][A-Za-z0-9 .-]{0,${LONGEST - 4}})?)?$|[A-Z]$|(?<![A-Za-z0-9])[a-z]$`,
  'g',
);
const NO_NUMBER = new RegExp(AFTER_NUMBER, 'y');

/**
 * International bank account numbers (ISO 13616): the length of their country and the right check digits (ISO 7064,
 * MOD 97-10), in one piece or in groups of four.
 */
export const iban: Detector = {
  name: 'iban',
  type: 'INTERNATIONAL_BANK_ACCOUNT_NUMBER',
  rules: [
    patternRule({
      classes: DIGIT,
      pattern: HEAD,
      unfinished: unfinishedMatch(UNFINISHED, LONGEST),
      locate: locateIban,
    }),
  ],
};

function locateIban(match: RegExpExecArray, text: string): ReturnType<Locate> {
  const start = match.index;
  const length = ibanLengths[match[0].slice(0, 2).toUpperCase()] ?? 0;
  let end = start;
  let account = '';
  while (account.length < length) {
    if (account.length > 0 && account.length % 4 === 0 && isSeparator(text.charCodeAt(end))) end += 1;
    const character = text.charAt(end);
    if (!/^[A-Za-z0-9]$/.test(character)) return undefined;
    account += character;
    end += 1;
  }
  NO_NUMBER.lastIndex = end;
  if (!NO_NUMBER.test(text)) return undefined;
  // Hashes in hexadecimal are full of what could begin an account number in lower case.
  if (/^[a-z]/.test(account) && /^[A-Za-z0-9]/.test(text.charAt(end))) return undefined;
  return hasCheckDigits(account.toUpperCase()) ? { start, end } : undefined;
}

function isSeparator(unit: number): boolean {
  return unit === 0x20 || unit === 0x2d;
}

function hasCheckDigits(account: string): boolean {
  let remainder = 0;
  for (const character of account.slice(4) + account.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}
