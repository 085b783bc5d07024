import { describe, expect, it } from 'vitest';
import { inspectedTypes } from '../core/index.ts';
import type { Detector } from './detector.ts';
import { detectors } from './detectors.ts';
import { createStreamScanner, scanText } from './scanner.ts';

const all = Object.values(detectors);

it('is one table of every detector under its name, and together they find every type', () => {
  expect(all.map(({ name }) => name)).toEqual(Object.keys(detectors));
  expect(new Set(all.map(({ type }) => type))).toEqual(new Set(inspectedTypes));
});

it('has no cue whose pattern is none, and none that looks farther than is held back', () => {
  const cues = all.flatMap((detector: Detector) => detector.cues ?? []);
  expect(cues.length).toBeGreaterThan(40);
  for (const { beginnings, pattern } of cues) expect(pattern().longest, beginnings[0]).toBeLessThan(3_000);
});

/** Words that tell what a value behind them is, and such a value. */
const said: readonly (readonly [words: string, value: string])[] = [
  ['my passport number is', 'C12345678'],
  ['my password is', 'hunter2horse'],
  ['PIN:', '4821'],
  ['the social insurance number', '046 454 286'],
  ['health card number:', '1234-567-890'],
  ['my card ending in', '4242'],
  ['cvv', '123'],
  ['expires', '12/27'],
  ["driver's license", 'A1234567'],
  ['license plate', '7ABC123'],
  ['SWIFT code', 'DEUTDEFF'],
  ['NHS number', '943 476 5919'],
  ['national insurance number', 'QQ 12 34 56 C'],
  ['UTR', '1955839661'],
  ['username:', 'jdoe42'],
  ['account number', '1234567890'],
  ['routing number', '021000021'],
  ['ITIN', '912701234'],
  ['VIN', 'WVWZZZ1JZ3W386752'],
  ['my name is', 'Jane Doe'],
  ['aged', '45'],
  ['I live at', '10 Downing Street'],
  ['secret:', 'f3b1c0d9e8a7465f9b21'],
  ['Authorization: Bearer', 'abcdefghij0123456789'],
];

describe('a value behind words that name it', () => {
  it.each(said)('is found whether the words end a block or not: %s %s', (words, value) => {
    const text = `${words} ${value}`;
    const whole = scanText(all, `${text},`);
    expect(whole).toMatchObject([{ start: words.length + 1, end: text.length }]);
    for (const [before, after] of [
      [`${words} `, `${value},`],
      [words, ` ${value},`],
      [words, `${value},`],
    ] as const) {
      const scanner = createStreamScanner(all);
      const first = scanner.push(before).spans;
      scanner.divide();
      expect([...first, ...scanner.end(after).spans], `${before}|${after}`).toMatchObject([
        { type: whole[0]?.type, end: before.length + after.length - 1 },
      ]);
    }
  });

  it.each(said)('is no tag, and is not named by what stands in one: %s %s', (words, value) => {
    for (const type of inspectedTypes) {
      expect(scanText(all, `${words} {${type}}.`), type).toEqual([]);
      // A tag stands for a value; what comes behind it is another.
      expect(scanText(all, `It is {${type}} ${value.replace(/[A-Z]/g, 'q')}`).filter(isNamed), type).toEqual([]);
    }
  });
});

/** Types that are told by the form of a value alone are found behind a tag as anywhere else. */
function isNamed({ detector }: { readonly detector: string }): boolean {
  return !['address', 'phone', 'ukNino'].includes(detector);
}
