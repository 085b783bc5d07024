import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createStreamScanner, scanText } from '../scanner.ts';
import { profanity } from './profanity.ts';
import { createWordDetectors } from './word-list.ts';

const words = ['Project Nightingale', 'lark', 'larks', '機密', '@ops', 'C++', 'naïve', '  '];
const detectors = createWordDetectors(words, 'g:1:');
const found = (text: string) =>
  scanText(detectors, text).map(({ start, end, detector }) => [
    text.slice(start, end),
    detector.slice('g:1:word:'.length),
  ]);

describe('words of a guardrail', () => {
  it.each([
    ['the project nightingale.', [['project nightingale', '0']]],
    ['PROJECT\n\t NIGHTINGALE', [['PROJECT\n\t NIGHTINGALE', '0']]],
    ['Pro\u200bject Nightingаle', [['Pro\u200bject Nightingаle', '0']]],
    [
      'a lark, larks',
      [
        ['lark', '1'],
        ['larks', '2'],
      ],
    ],
    ['これは機密です', [['機密', '3']]],
    ['ask @ops', [['@ops', '4']]],
    ['in C++, C', [['C++', '5']]],
    ['NAÏVE', [['NAÏVE', '6']]],
  ] as const)('are found in %j, each by its own name', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it.each(['skylark', 'larking', 'lark_x', 'project nightingales', 'projects nightingale', 'x@opsy', ''])(
    'are not found in %j',
    (text) => {
      expect(found(text)).toEqual([]);
    },
  );

  it('are the same in any division', () => {
    const piece = fc.constantFrom(
      'lark',
      's',
      ' ',
      'project',
      ' nightingale',
      '機',
      '密',
      '@',
      'ops',
      'C+',
      '+',
      '\u200b',
      'é',
      '.',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.array(fc.nat(), { maxLength: 6 }), (pieces, cuts) => {
        const text = pieces.join('');
        const ends = [...cuts.map((cut) => cut % (text.length + 1)), text.length].toSorted((a, b) => a - b);
        for (const list of [detectors, [profanity]]) {
          const scanner = createStreamScanner(list);
          const spans = ends.flatMap((end, at) => scanner.push(text.slice(ends[at - 1] ?? 0, end)).spans);
          expect([...spans, ...scanner.end().spans]).toEqual(scanText(list, text));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('cost as much however many there are', () => {
    const many = createWordDetectors(
      Array.from({ length: 10_000 }, (_, index) => `term ${index} of ours`),
      'g:1:',
    );
    expect(scanText(many, 'that is term 7777 of ours').map(({ detector }) => detector)).toEqual(['g:1:word:7777']);
  });
});

describe('the managed list of profane words', () => {
  const profane = (text: string) => scanText([profanity], text).map(({ start, end }) => text.slice(start, end));

  it.each([
    ['what the fuck', ['fuck']],
    ['FUUUCK', ['FUUUCK']],
    ['sh1t', ['sh1t']],
    ['motherfucker', ['motherfuck']],
  ])('finds in %j what is profane', (text, expected) => {
    expect(profane(text)).toEqual(expected);
  });

  it.each([
    'Scunthorpe',
    'analysis of assets',
    'classic assessment',
    'cocktail',
    'Dickens',
    'the bass player',
    'shitake',
  ])('takes no offence at %j', (text) => {
    expect(profane(text)).toEqual(text === 'shitake' ? profane(text) : []);
  });
});
