import { boundedPattern } from './bounded-pattern.ts';
import { DIGIT } from './character-class.ts';
import { cue, JOINED } from './cue.ts';
import type { Detector } from './detector.ts';
import { patternRule } from './pattern-rule.ts';

const PAIR = '[0-9A-Fa-f]{2}';
const FOUR = '[0-9A-Fa-f]{4}';
const ADDRESS = boundedPattern(
  `(?<![0-9A-Za-z]|[0-9A-Za-z][:.-])(?:${PAIR}(?::${PAIR}){5}|${PAIR}(?:-${PAIR}){5}|${FOUR}\\.${FOUR}\\.${FOUR})` +
    '(?![0-9A-Za-z]|[:.-][0-9A-Za-z])',
);
/** What only an address has behind its first digits: a time of day has fewer. */
const JOINTS = /(?:[:-][0-9A-Fa-f]{2}){5}|\.[0-9A-Fa-f]{4}\./g;
const BEFORE_JOINTS = 4;

/**
 * Hardware addresses of network interfaces (IEEE 802, EUI-48), but for those of none or of all; without
 * signs between the digits only behind a word for them.
 */
export const macAddress: Detector = {
  name: 'macAddress',
  type: 'MAC_ADDRESS',
  rules: [
    patternRule({
      classes: DIGIT,
      ...ADDRESS,
      first: (text, from) => {
        JOINTS.lastIndex = from;
        const joints = JOINTS.exec(text);
        return joints === null ? text.length : Math.max(from, joints.index - BEFORE_JOINTS);
      },
      locate: ({ 0: address, index }) =>
        isNobody(address) ? undefined : { start: index, end: index + address.length },
    }),
  ],
  cues: [
    cue({
      words: 'mac(?: address| addr| id)?|(?:hardware|ethernet|physical) address',
      link: JOINED,
      value: '([0-9A-Fa-f]{12})(?![0-9A-Za-z])',
      isValue: (address) => /[0-9]/.test(address) && /[A-Fa-f]/.test(address) && !isNobody(address),
    }),
  ],
};

/** Of no interface, or of all. */
function isNobody(address: string): boolean {
  return /^(?:[0.:-]*|[Ff.:-]*)$/.test(address);
}
