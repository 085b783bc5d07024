import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classesOf } from './character-class.ts';
import { cue, JOINED, SAID } from './cue.ts';
import { cueRule } from './cue-rule.ts';
import type { Detector } from './detector.ts';
import { createStreamScanner, scanText } from './scanner.ts';

const pin: Detector = {
  name: 'one',
  type: 'PIN',
  rules: [],
  cues: [cue({ words: 'pin', link: JOINED, value: '([0-9]{4})(?![0-9])', isValue: (value) => value !== '0000' })],
};
const passport: Detector = {
  name: 'other',
  type: 'US_PASSPORT_NUMBER',
  rules: [],
  cues: [
    cue({ words: 'passport', link: SAID, value: '([0-9]{6,9})(?![0-9])' }),
    cue({ words: 'pass', link: JOINED, value: '([0-9]{5})(?![0-9])' }),
  ],
};
const both = [pin, passport];

function scan(text: string, isEnd = false, from = 0) {
  const found: (readonly [text: string, detector: string | undefined])[] = [];
  const rest = cueRule(both).scan({ text, classes: classesOf(text), isEnd }, from, (start, end, as) =>
    found.push([text.slice(start, end), as?.name]),
  );
  return { found, rest };
}

describe('the rule for cues', () => {
  it('reports each value as its own detector, and what is no value not at all', () => {
    expect(scan('pin 1234, passport: 123456; pass 12345, pin 0000, pin 123 ').found).toEqual([
      ['1234', 'one'],
      ['123456', 'other'],
      ['12345', 'other'],
    ]);
  });

  it('waits at the first cue whose value may still come, or change', () => {
    expect(scan('a pin')).toEqual({ found: [], rest: 2 });
    expect(scan('a pass')).toEqual({ found: [], rest: 2 });
    expect(scan('a pin 1234')).toEqual({ found: [], rest: 2 });
    expect(scan('a pin 1234.')).toEqual({ found: [['1234', 'one']], rest: 11 });
    expect(scan('my passport is a pin 1234.')).toEqual({ found: [['1234', 'one']], rest: 26 });
    expect(scan('my passport is lost, pin 1234')).toEqual({ found: [], rest: 3 });
    expect(scan('a pin 1234', true)).toEqual({ found: [['1234', 'one']], rest: 10 });
  });

  it('finds the same however the text is divided', () => {
    const piece = fc.constantFrom('pin', ' ', ': ', '1234', '5', 'pass', 'port', '\n', 'x', 'Pin', '.', '{PIN}', 'is ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(6), { maxLength: 40 }), (pieces, lengths) => {
        const text = pieces.join('');
        const scanner = createStreamScanner(both);
        let at = 0;
        const spans = lengths.flatMap((length) => {
          const piece = text.slice(at, at + length);
          at += length;
          return scanner.push(piece).spans;
        });
        expect([...spans, ...scanner.end(text.slice(at)).spans]).toEqual(scanText(both, text));
      }),
      { numRuns: 1_000 },
    );
  });
});
