import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classesOf, OTHER } from './character-class.ts';
import { foldCodePoint } from './fold.ts';
import { createView, PADDING, type View } from './view.ts';

function append(view: View, text: string): void {
  for (let at = 0; at < text.length; ) at = view.append(text, at, classesOf(text));
}

const texts = fc.array(
  fc.oneof(
    fc.string({ maxLength: 8 }),
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom('é', 'e\u0301', '🙂', 'ﬃ', '𝐀𝐁', '\u200b', '\ufdfa', 'абв', '\u{e0041}', '\ud800'),
  ),
  { maxLength: 6 },
);

describe('the view of a text', () => {
  it('is its code points folded, each unit with the place it came from', () => {
    fc.assert(
      fc.property(texts, fc.nat(20), (pieces, discarded) => {
        const view = createView();
        const whole = pieces.filter((piece) => !/[\ud800-\udbff]$/.test(piece)).join('');
        for (const piece of pieces) if (!/[\ud800-\udbff]$/.test(piece)) append(view, piece);
        const expected: { unit: string; start: number; end: number }[] = [];
        let at = 0;
        for (const character of whole) {
          for (const unit of foldCodePoint(character.codePointAt(0) ?? 0).split('')) {
            expected.push({ unit, start: at, end: at + character.length });
          }
          at += character.length;
        }
        const cut = Math.min(discarded, expected.length);
        view.discard(cut);
        const rest = expected.slice(cut);
        expect(view.reading(false).text).toBe(rest.map(({ unit }) => unit).join(''));
        for (const [index, { start, end }] of rest.entries()) {
          expect([view.rawStart(index), view.rawEnd(index)]).toEqual([start, end]);
        }
        expect(view.rawStart(rest.length)).toBe(whole.length);
        expect(view.consumed()).toBe(whole.length);
      }),
      { numRuns: 500 },
    );
  });

  it('names the classes that occur in it', () => {
    const view = createView();
    append(view, 'a');
    expect(view.reading(false).classes).toBe(0);
    append(view, '４é');
    expect(view.reading(false).classes).toBe(classesOf('4'));
    view.discard(3);
    expect(view.reading(true)).toEqual({ text: '', classes: 0, isEnd: true });
    expect(classesOf('\u0007') & classesOf('é')).toBe(OTHER);
  });

  it('folds long text of long expansions', () => {
    const view = createView();
    append(view, '\ufdfa'.repeat(1_000));
    expect(view.reading(false).text.length).toBe(18_000);
    expect(view.rawStart(17_999)).toBe(999);
  });

  it('stops each time that it has left out so much', () => {
    const view = createView();
    const text = `a${'\u200b'.repeat(3 * PADDING)}b`;
    expect(view.append(text, 0, OTHER)).toBe(1 + PADDING);
    expect(view.isPadded()).toBe(true);
    expect(view.append(text, 1 + PADDING, OTHER)).toBe(1 + 2 * PADDING);
    append(view, text.slice(1 + 2 * PADDING));
    expect(view.isPadded()).toBe(false);
    expect(view.reading(false).text).toBe('ab');
  });

  it('takes what an escape stands for, with the place of the escape', () => {
    const view = createView();
    append(view, 'a');
    view.appendEscaped('é', 6);
    view.appendEscaped('\ufb03', 8);
    view.appendEscaped('\u200b', 6);
    append(view, 'b');
    expect(view.reading(false).text).toBe('aeffib');
    expect([0, 1, 2, 3, 4, 5, 6].map((index) => view.rawStart(index))).toEqual([0, 1, 7, 7, 7, 21, 22]);
    expect([0, 1, 2, 3, 4, 5].map((index) => view.rawEnd(index))).toEqual([1, 7, 15, 15, 15, 22]);
    expect(view.consumed()).toBe(22);
  });

  it('goes on apart from its fork', () => {
    const view = createView();
    append(view, 'ab４');
    view.discard(1);
    const fork = view.fork();
    append(view, 'c');
    append(fork, 'dé');
    expect(view.reading(false).text).toBe('b4c');
    expect(fork.reading(false).text).toBe('b4de');
    expect([fork.rawStart(0), fork.rawStart(3), fork.consumed()]).toEqual([1, 4, 5]);
  });
});
