import { boundedPattern } from './bounded-pattern.ts';
import { DIGIT } from './character-class.ts';
import type { Detector } from './detector.ts';
import { patternRule } from './pattern-rule.ts';

const PAIR = '[0-9A-Fa-f]{2}';
const FOUR = '[0-9A-Fa-f]{4}';
const ADDRESS = boundedPattern(
  `(?<![0-9A-Za-z]|[0-9A-Za-z][:.-])(?:${PAIR}(?::${PAIR}){5}|${PAIR}(?:-${PAIR}){5}|${FOUR}\\.${FOUR}\\.${FOUR})` +
    '(?![0-9A-Za-z]|[:.-][0-9A-Za-z])',
);
/** What stands behind the first digits of every address: it is rare, and they are not. */
const JOINT = /[0-9A-Fa-f][:-][0-9A-Fa-f]{2}[:-]|[0-9A-Fa-f]{2}\.[0-9A-Fa-f]{4}\./g;
const BEFORE_JOINT = 3;

/** Hardware addresses of network interfaces (IEEE 802, EUI-48), but for those that stand for none or for all. */
export const macAddress: Detector = {
  name: 'macAddress',
  type: 'MAC_ADDRESS',
  rules: [
    patternRule({
      classes: DIGIT,
      ...ADDRESS,
      first: (text, from) => {
        JOINT.lastIndex = Math.max(0, from - BEFORE_JOINT);
        const joint = JOINT.exec(text);
        return joint === null ? text.length : Math.max(from, joint.index - BEFORE_JOINT);
      },
      locate: ({ 0: address, index }) =>
        /^(?:[0.:-]*|[Ff.:-]*)$/.test(address) ? undefined : { start: index, end: index + address.length },
    }),
  ],
};
