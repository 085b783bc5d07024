import { boundedPattern } from './bounded-pattern.ts';
import { DIGIT } from './character-class.ts';
import { cue, SAID } from './cue.ts';
import type { Detector } from './detector.ts';
import { patternRule } from './pattern-rule.ts';
import { createRunFinder } from './token-run.ts';

const UNIT = '[A-HJ-NPR-Z0-9]';
const LENGTH = 17;
const WRITTEN = boundedPattern(`(?<![A-Za-z0-9])${UNIT}{${LENGTH}}(?![A-Za-z0-9])`);
const characters = createRunFinder(/[A-HJ-NPR-Z0-9]/);

/** What each letter counts as, and each place (49 CFR 565.15, table III and IV). The ninth is the check digit. */
const VALUES: Readonly<Record<string, number>> = Object.fromEntries(
  ['A1 J1', 'B2 K2 S2', 'C3 L3 T3', 'D4 M4 U4', 'E5 N5 V5', 'F6 W6', 'G7 P7 X7', 'H8 Y8', 'R9 Z9']
    .flatMap((row) => row.split(' '))
    .map((pair) => [pair.charAt(0), Number(pair.charAt(1))]),
);
const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
const CHECK_PLACE = 8;

/**
 * Vehicle identification numbers (ISO 3779). One that stands alone has the check digit of North America; behind a word
 * for it, the form alone will do, since Europe gives that digit no meaning.
 */
export const vehicleIdentification: Detector = {
  name: 'vehicleIdentification',
  type: 'VEHICLE_IDENTIFICATION_NUMBER',
  rules: [
    patternRule({
      classes: DIGIT,
      ...WRITTEN,
      first: (text, from) => characters.next(text, from, LENGTH)?.start ?? text.length,
      locate: ({ 0: written, index }) =>
        isMixed(written) && hasCheckDigit(written) ? { start: index, end: index + LENGTH } : undefined,
    }),
  ],
  cues: [
    cue({
      words:
        'vin|vehicle id(?:entification)?|chassis (?:number|no)|fahrgestellnummer|fahrzeug ?ident[a-z]{0,20}|bastidor',
      link: SAID,
      value: `([A-HJ-NPR-Za-hj-npr-z0-9]{${LENGTH}})(?![A-Za-z0-9])`,
      isValue: isMixed,
    }),
  ],
};

function isMixed(written: string): boolean {
  return /[0-9]/.test(written) && /[A-Za-z]/.test(written);
}

function hasCheckDigit(written: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, at) => {
    const unit = written.charAt(at);
    return total + weight * (VALUES[unit] ?? Number(unit));
  }, 0);
  const remainder = sum % 11;
  return written.charAt(CHECK_PLACE) === (remainder === 10 ? 'X' : String(remainder));
}
