import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeEdits, type Edit, originalEnd, originalStart, rewrittenEnd, rewrittenStart } from './edits.ts';

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

  it('tell where the original stands in the rewritten text', () => {
    expect([0, 4, 6, 8, 10, 11, 12, 13].map((offset) => rewrittenStart(edits, offset))).toEqual([
      0, 4, 4, 11, 13, 13, 13, 14,
    ]);
    expect([0, 4, 6, 8, 10, 11, 12, 13].map((offset) => rewrittenEnd(edits, offset))).toEqual([
      0, 4, 11, 11, 13, 13, 13, 14,
    ]);
  });

  const LETTERS = fc.string({ minLength: 12, maxLength: 24, unit: fc.constantFrom(...'abcdefgh') });
  const rewritten = LETTERS.chain((text) => fc.tuple(fc.constant(text), editsOf(text.length)));

  it('take every letter that stayed to itself, and back', () => {
    fc.assert(
      fc.property(rewritten, ([text, edits]) => {
        const last = apply(text, edits, '?');
        for (let at = 0; at < text.length; at += 1) {
          if (edits.some(({ start, end }) => at >= start && at < end)) continue;
          const [start, end] = [rewrittenStart(edits, at), rewrittenEnd(edits, at + 1)];
          expect(last.slice(start, end)).toBe(text[at]);
          expect([originalStart(edits, start), originalEnd(edits, end)]).toEqual([at, at + 1]);
        }
      }),
    );
  });

  it('take every range to one that holds all that became of it, and no more than whole edits besides', () => {
    fc.assert(
      fc.property(rewritten, fc.nat(24), fc.nat(24), ([text, edits], one, other) => {
        const [from, to] = [Math.min(one, other, text.length), Math.min(Math.max(one, other), text.length)];
        if (from === to) return;
        const touched = edits.filter(({ start, end }) => start < to && end > from);
        const widened = {
          start: Math.min(from, ...touched.map(({ start }) => start)),
          end: Math.max(to, ...touched.map(({ end }) => end)),
        };
        const within = touched.map((edit) => ({
          ...edit,
          start: edit.start - widened.start,
          end: edit.end - widened.start,
        }));
        const became = apply(text.slice(widened.start, widened.end), within, '?');
        const last = apply(text, edits, '?');
        expect(last.slice(rewrittenStart(edits, from), rewrittenEnd(edits, to))).toBe(became);
      }),
    );
  });

  it('of nothing leave offsets as they are', () => {
    expect([originalStart([], 7), originalEnd([], 7), rewrittenStart([], 7), rewrittenEnd([], 7)]).toEqual([
      7, 7, 7, 7,
    ]);
    expect([composeEdits([], []), composeEdits(edits, [])]).toEqual([[], edits]);
  });

  it('are put together in one pass', () => {
    let looks = 0;
    const many = Array.from({ length: 500 }, (_, at) => ({ start: 4 * at, end: 4 * at + 2, length: 2 }));
    const counted = new Proxy(many, {
      get(target, name) {
        looks += 1;
        return Reflect.get(target, name);
      },
    });
    expect(composeEdits(counted, many)).toEqual(many);
    expect(looks).toBeLessThan(20 * many.length);
  });

  it('one behind the other are one list: outside of it nothing changed, and the lengths agree', () => {
    const two = rewritten.chain(([text, first]) =>
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
