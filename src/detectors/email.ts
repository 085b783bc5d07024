import { AT } from './character-class.ts';
import type { Detector, Rule } from './detector.ts';

/** Octets of a local part (RFC 5321, section 4.5.3.1.1). */
const LONGEST_LOCAL = 64;
/** The most that `DOMAIN` reads: eight labels and a top-level domain. */
const LONGEST_DOMAIN = 600;

/** Letters of scripts that put spaces between words; the others would make one address of a whole sentence. */
const SPACED = 'A-Za-z0-9\\u00a1-\\u0dff';
const UNSPACED = '\\u0e00-\\ud7ff\\uf900-\\uffef';
const label = (letters: string) => `[${letters}](?:[${letters}-]{0,61}[${letters}])?`;
/** Labels, then a top-level domain of letters (RFC 5321, with the internationalised names of RFC 5890). */
const DOMAIN = new RegExp(
  `(?:(?:${label(SPACED)}|${label(UNSPACED)})\\.){1,8}` +
    '(?:xn--[A-Za-z0-9-]{2,59}|[A-Za-z\\u00a1-\\u0dff]{2,24}|[\\u0e00-\\ud7ff]{2,24})',
  'y',
);
const DOMAIN_UNITS = new RegExp(`[${SPACED}${UNSPACED}.-]*`, 'y');
/** `logo@2x.png` is a picture for a screen of twice the density. */
const PICTURE = /^[0-9]x\.(?:png|jpe?g|gif|webp|svg)$/i;

/** E-mail addresses as RFC 5321 has them, without quoted local parts and address literals. */
export const email: Detector = { name: 'email', type: 'EMAIL', rules: [{ reads: 'view', scan }], endsWithBlock: true };

/**
 * Goes from one `@` to the next and looks to both sides, so that text without one costs nothing. Two addresses may
 * share text (`a@b.co@d.eu`): both are reported.
 */
function scan(...[{ text, classes, isEnd }, from, report]: Parameters<Rule['scan']>): number {
  let pending = isEnd ? text.length : Math.max(from, localStart(text, text.length));
  if ((classes & AT) === 0) return pending;
  for (let at = text.indexOf('@', from); at !== -1; at = text.indexOf('@', at + 1)) {
    const start = localStart(text, at);
    if (start === at) continue;
    if (!isEnd && isDomainUnfinished(text, at + 1)) {
      pending = Math.min(pending, Math.max(from, start));
      break;
    }
    const end = domainEnd(text, at + 1);
    if (end === undefined || isNoAddress(text, [start, at, end])) continue;
    report(start, end);
  }
  return pending;
}

/** Where the local part begins that ends in front of `end`; `end` itself where there is none. */
function localStart(text: string, end: number): number {
  const least = Math.max(0, end - LONGEST_LOCAL);
  let start = end;
  while (start > least && isLocal(text.charCodeAt(start - 1))) start -= 1;
  if (start === end) while (start > least && isUnspacedLetter(text.charCodeAt(start - 1))) start -= 1;
  while (start < end && isPunctuation(text.charCodeAt(start))) start += 1;
  return start;
}

function isDomainUnfinished(text: string, start: number): boolean {
  DOMAIN_UNITS.lastIndex = start;
  DOMAIN_UNITS.test(text);
  return DOMAIN_UNITS.lastIndex === text.length && text.length - start <= LONGEST_DOMAIN;
}

function domainEnd(text: string, start: number): number | undefined {
  DOMAIN.lastIndex = start;
  return DOMAIN.test(text) ? DOMAIN.lastIndex : undefined;
}

/** Pictures, and the user name that every repository of a code host shares. */
function isNoAddress(text: string, [start, at, end]: readonly [number, number, number]): boolean {
  return PICTURE.test(text.slice(at + 1, end)) || (text.slice(start, at) === 'git' && text.charAt(end) === ':');
}

function isLocal(unit: number): boolean {
  return (
    (unit >= 0x61 && unit <= 0x7a) ||
    (unit >= 0x41 && unit <= 0x5a) ||
    (unit >= 0x30 && unit <= 0x39) ||
    isPunctuation(unit) ||
    unit === 0x5f ||
    unit === 0x25 ||
    unit === 0x2b ||
    (unit >= 0xa1 && unit <= 0xdff)
  );
}

/** What a local part may hold but not begin with: full stop, hyphen, apostrophe. */
function isPunctuation(unit: number): boolean {
  return unit === 0x2e || unit === 0x2d || unit === 0x27;
}

function isUnspacedLetter(unit: number): boolean {
  return (unit >= 0xe00 && unit <= 0xd7ff) || (unit >= 0xf900 && unit <= 0xffef);
}
