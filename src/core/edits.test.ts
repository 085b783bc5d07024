import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeEdits, originalEnd, originalStart } from './edits.ts';
import type { Edit } from './part.ts';

/** Carries out edits, each replacement made of one letter. */
function apply(text: string, edits: readonly Edit[], letter: string): string {
  let result = '';
  let at = 0;
  for (const { start, end, length } of edits) {
    result += text.slice(at, start) + letter.repeat(length);
    at = end;
  }
  return result + text.slice(at);
}

/** Edits that ascend and do not overlap, within a text of that length. */
const editsOf = (length: number) =>
  fc.array(fc.tuple(fc.nat(length), fc.nat(4)), { maxLength: 4 }).map((pairs) => {
    const cuts = [...new Set(pairs.map(([at]) => at))].sort((one, other) => one - other);
    return Array.from({ length: Math.floor(cuts.length / 2) }, (_, index) => ({
      start: cuts[2 * index] ?? 0,
      end: cuts[2 * index + 1] ?? 0,
      length: pairs[index]?.[1] ?? 0,
    }));
  });

describe('edits', () => {
  const edits = [
    { start: 4, end: 8, length: 7 },
    { start: 10, end: 12, length: 0 },
  ];

  it('tell where the rewritten text stood in the original', () => {
    expect([0, 4, 6, 11, 13, 14].map((offset) => originalStart(edits, offset))).toEqual([0, 4, 4, 8, 12, 13]);
    expect([0, 4, 6, 11, 13, 14].map((offset) => originalEnd(edits, offset))).toEqual([0, 4, 8, 8, 10, 13]);
  });

  it('of nothing leave offsets as they are', () => {
    expect([originalStart([], 7), originalEnd([], 7), composeEdits([], []), composeEdits(edits, [])]).toEqual([
      7,
      7,
      [],
      edits,
    ]);
  });

  it('one behind the other are one list: outside of it nothing changed, and the lengths agree', () => {
    const two = fc
      .string({ minLength: 12, maxLength: 24, unit: fc.constantFrom(...'abcdefgh') })
      .chain((text) => fc.tuple(fc.constant(text), editsOf(text.length)))
      .chain(([text, first]) =>
        fc.tuple(fc.constant(text), fc.constant(first), editsOf(apply(text, first, '1').length)),
      );
    fc.assert(
      fc.property(two, ([text, first, second]) => {
        const last = apply(apply(text, first, '1'), second, '2');
        const edits = composeEdits(first, second);
        expect(apply(text, edits, '?')).toHaveLength(last.length);
        let at = 0;
        let shift = 0;
        for (const { start, end, length } of [...edits, { start: text.length, end: text.length, length: 0 }]) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(last.slice(at + shift, start + shift)).toBe(text.slice(at, start));
          at = end;
          shift += length - (end - start);
        }
      }),
    );
  });
});
