import { COLON, DIGIT } from './character-class.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER, BEFORE_NUMBER, unfinishedNumber } from './number-bounds.ts';
import { type Locate, patternRule, unfinishedMatch } from './pattern-rule.ts';
import { createRunFinder } from './token-run.ts';

const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])';
const V4 = new RegExp(`${BEFORE_NUMBER}(?<!\\bv|version |release )${OCTET}(?:\\.${OCTET}){3}${AFTER_NUMBER}`, 'gi');
const LONGEST_V4 = 17;

const GROUP = '[0-9A-Fa-f]{1,4}';
const V6 = new RegExp(`(?:${GROUP}(?::${GROUP}){0,6})?::(?:${GROUP}(?::${GROUP}){0,6})?|${GROUP}(?::${GROUP}){7}`, 'g');
const LONGEST_V6 = 40;
/** Every address has one of these, behind seven groups at most. Most colons stand before something else. */
const COLONS_IN_V6 = new RegExp(`::|(?::${GROUP}){7}`, 'g');
const v6Characters = createRunFinder(/[0-9A-Fa-f:]/);
const GROUPS = 8;
/** With so many groups nothing but an address looks like it, whatever stands beside it. */
const PLAIN_GROUPS = 4;

/**
 * IP addresses, version 4 (dotted quads) and 6 (RFC 4291), that can tell one person or machine from another: not
 * loopback, unspecified or broadcast, nor four numbers below ten, which are section numbers or public resolvers.
 */
export const ipAddress: Detector = {
  name: 'ipAddress',
  type: 'IP_ADDRESS',
  rules: [
    patternRule({
      classes: DIGIT,
      pattern: V4,
      unfinished: unfinishedMatch(new RegExp(unfinishedNumber(LONGEST_V4), 'g'), LONGEST_V4),
      locate: locateV4,
    }),
    patternRule({
      classes: COLON,
      first: firstGroup,
      pattern: V6,
      unfinished: (text, from) => Math.max(from, v6Characters.trailing(text, LONGEST_V6)),
      locate: locateV6,
    }),
  ],
};

function firstGroup(text: string, from: number): number {
  COLONS_IN_V6.lastIndex = from;
  const colons = COLONS_IN_V6.exec(text);
  return colons === null ? text.length : Math.max(from, colons.index - LONGEST_V6);
}

function locateV4(match: RegExpExecArray): ReturnType<Locate> {
  const [address] = match;
  const isNoOne = /^127\.|^0\.0\.0\.0$|^255\.255\.255\.255$|^[0-9](?:\.[0-9]){3}$/.test(address);
  return isNoOne ? undefined : { start: match.index, end: match.index + address.length };
}

function locateV6(match: RegExpExecArray, text: string): ReturnType<Locate> {
  const [address] = match;
  const start = match.index;
  const end = start + address.length;
  const groups = address.split(':').filter((group) => group !== '');
  const isCompressed = address.includes('::');
  if (isCompressed && groups.length >= GROUPS) return undefined;
  // Fingerprints of keys are pairs of digits, slices and ratios single ones.
  const isAddress = groups.some(({ length }) => length > 2);
  if (!isAddress) return undefined;
  if (groups.length >= PLAIN_GROUPS) return { start, end };
  // `Abc::Def` is a name in several programming languages.
  const standsAlone = !/[\w:]/.test(text.charAt(start - 1)) && !/[\w:]/.test(text.charAt(end));
  return standsAlone && /[0-9]/.test(address) ? { start, end } : undefined;
}
