import { weightedSum } from './check-digits.ts';
import { cue, SAID } from './cue.ts';
import type { Detector } from './detector.ts';
import { AFTER_NUMBER } from './number-bounds.ts';

const WEIGHTS = [3, 7, 1, 3, 7, 1, 3, 7, 1];
/** Districts of the Federal Reserve, the same for thrifts and for electronic transfers, and traveller's cheques. */
const PREFIX = /^(?:0[0-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)/;

/** Routing numbers of banks in the United States (ABA): nine digits with a known prefix and the right sum. */
export const usBankRouting: Detector = {
  name: 'usBankRouting',
  type: 'US_BANK_ROUTING_NUMBER',
  rules: [],
  cues: [
    cue({
      words: 'routing(?: (?:and )?transit)?|aba|rtn|bank transit (?:number|no)',
      link: SAID,
      value: `([0-9]{9}|[0-9]{4}-[0-9]{4}-[0-9])${AFTER_NUMBER}`,
      isValue: (written) => isRoutingNumber(written.replaceAll('-', '')),
    }),
  ],
};

function isRoutingNumber(digits: string): boolean {
  return PREFIX.test(digits) && weightedSum(digits, WEIGHTS) % 10 === 0 && digits !== '000000000';
}
