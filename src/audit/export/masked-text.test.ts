import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FindingType, findingTypes } from '../../core/index.ts';
import { toMaskedText } from './masked-text.ts';

type Place = readonly [start: number, end: number, type: FindingType];

function mask(text: string, ...places: readonly Place[]): string {
  const findings = places.map(([start, end, type]) => ({ start, end, type }));
  return toMaskedText({ original: text, rewritten: text, edits: [], findings });
}

describe('a masked text', () => {
  it('has a tag in the place of each finding', () => {
    expect(mask('to a@b.c or +1 23', [3, 8, 'EMAIL'], [12, 17, 'PHONE'])).toBe('to {EMAIL} or {PHONE}');
    expect(mask('nothing')).toBe('nothing');
  });

  it.each([
    [
      'findings in any order',
      [
        [3, 4, 'PHONE'],
        [0, 1, 'EMAIL'],
      ],
      '{EMAIL}bc{PHONE}ef',
    ],
    [
      'one against the other',
      [
        [0, 2, 'EMAIL'],
        [2, 4, 'EMAIL'],
      ],
      '{EMAIL}{EMAIL}ef',
    ],
    [
      'one over the end of another',
      [
        [0, 3, 'EMAIL'],
        [2, 5, 'PHONE'],
      ],
      '{EMAIL}{PHONE}f',
    ],
    [
      'one within another',
      [
        [1, 2, 'PHONE'],
        [0, 5, 'EMAIL'],
      ],
      '{EMAIL}{PHONE}f',
    ],
    [
      'behind one that holds another',
      [
        [0, 5, 'EMAIL'],
        [1, 2, 'PHONE'],
        [4, 6, 'EMAIL'],
      ],
      '{EMAIL}{PHONE}',
    ],
    [
      'two of one type that overlap',
      [
        [0, 3, 'EMAIL'],
        [2, 5, 'EMAIL'],
      ],
      '{EMAIL}f',
    ],
    [
      'two of the same place',
      [
        [0, 3, 'EMAIL'],
        [0, 3, 'EMAIL'],
      ],
      '{EMAIL}def',
    ],
    [
      'beyond both ends',
      [
        [-4, 2, 'EMAIL'],
        [4, 99, 'PHONE'],
      ],
      '{EMAIL}cd{PHONE}',
    ],
    [
      'wholly outside',
      [
        [-4, -2, 'EMAIL'],
        [90, 99, 'PHONE'],
      ],
      '{EMAIL}abcdef{PHONE}',
    ],
    ['end before start', [[4, 1, 'EMAIL']], 'a{EMAIL}ef'],
    ['of no length', [[2, 2, 'EMAIL']], 'ab{EMAIL}cdef'],
  ] as const)('takes %s', (_name, places, masked) => {
    expect(mask('abcdef', ...places)).toBe(masked);
  });

  it('counts in UTF-16 units', () => {
    expect(mask('😀 a@b.c', [3, 8, 'EMAIL'])).toBe('😀 {EMAIL}');
  });

  it('has rewritten places as they went out, and tags for what the rewrite left', () => {
    const text = {
      original: '12jane@example.com, +1 23, x',
      rewritten: '{PHONE}{EMAIL}, +1 23, ',
      edits: [
        { start: 0, end: 18, length: 14 },
        { start: 27, end: 28, length: 0 },
      ],
      findings: [
        { start: 2, end: 18, type: 'EMAIL' },
        { start: 20, end: 25, type: 'PHONE' },
        { start: 27, end: 28, type: 'HIDDEN_TEXT' },
      ],
    } as const;
    expect(toMaskedText(text)).toBe('{PHONE}{EMAIL}, {PHONE}, ');
  });

  it('covers what reaches beyond a rewritten place', () => {
    const text = {
      original: 'see jane@example.com now',
      rewritten: 'see {EMAIL}.com now',
      edits: [{ start: 4, end: 16, length: 7 }],
      findings: [{ start: 4, end: 20, type: 'URL_CREDENTIALS' }],
    } as const;
    expect(toMaskedText(text)).toBe('see {EMAIL}{URL_CREDENTIALS} now');
  });

  it.each([
    ['no edits', []],
    ['edits of another place', [{ start: 0, end: 3, length: 7 }]],
    ['edits of another length', [{ start: 4, end: 20, length: 5 }]],
    ['edits beyond the text', [{ start: 90, end: 99, length: 7 }]],
  ])('is masked whole where %s do not explain the rewrite', (_name, edits) => {
    const original = 'see jane@example.com';
    expect(toMaskedText({ original, rewritten: 'see {EMAIL}', edits, findings: [] })).toBe('{REWRITTEN}');
  });

  it('leaves nothing of what was found, however the findings and the rewritten places lie', () => {
    const piece = fc.record({
      text: fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }),
      fate: fc.constantFrom('plain', 'found', 'rewritten', 'both'),
      type: fc.constantFrom(...findingTypes),
    });
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        let [original, rewritten, expected] = ['', '', ''];
        const edits = [];
        const findings = [];
        for (const { text, fate, type } of pieces) {
          const place = { start: original.length, end: original.length + text.length };
          const tag = `{${type}}`;
          const isSentMasked = fate === 'rewritten' || fate === 'both';
          if (isSentMasked) edits.push({ ...place, length: tag.length });
          if (fate === 'found' || fate === 'both') findings.push({ ...place, type });
          original += text;
          rewritten += isSentMasked ? tag : text;
          expected += fate === 'plain' ? text : tag;
        }
        expect(toMaskedText({ original, rewritten, edits, findings: findings.toReversed() })).toBe(expected);
      }),
      { numRuns: 1_000 },
    );
  });

  it('holds each unit outside of all findings, and no other, in any overlap', () => {
    const place = fc.tuple(fc.integer({ min: -3, max: 15 }), fc.integer({ min: -3, max: 15 }));
    fc.assert(
      fc.property(fc.array(place, { maxLength: 6 }), (places) => {
        const text = 'abcdefghijkl';
        const left = [...text].filter(
          (_, at) => !places.some(([one, other]) => Math.min(one, other) <= at && at < Math.max(one, other)),
        );
        const masked = mask(text, ...places.map(([start, end]) => [start, end, 'EMAIL'] as const));
        expect(masked.replaceAll('{EMAIL}', '')).toBe(left.join(''));
      }),
      { numRuns: 1_000 },
    );
  });
});
