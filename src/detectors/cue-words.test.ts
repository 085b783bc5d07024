import { describe, expect, it } from 'vitest';
import { classesOf } from './character-class.ts';
import { createWordFinder } from './cue-words.ts';

const findWords = createWordFinder([
  ['pin', 1],
  ['pi', 2],
  ['passport', 3],
  ["i'm", 4],
  ['pin', 5],
]);

function wordsOf(text: string, from = 0) {
  const found: (readonly [start: number, values: readonly number[], isOpen: boolean])[] = [];
  const rest = findWords({ text, classes: classesOf(text) }, from, (start, { values, isOpen }) => {
    found.push([start, values, isOpen]);
    return true;
  });
  expect(rest).toBe(text.length);
  return found;
}

describe('the finder of words', () => {
  it('finds what a word begins with, shorter beginnings first', () => {
    expect(wordsOf('a pint, PINS. pie_pin ')).toEqual([
      [2, [2, 1, 5], false],
      [8, [2, 1, 5], false],
      [14, [2], false],
      [18, [2, 1, 5], false],
    ]);
  });

  it('begins a word behind what is no letter, and at a capital behind a small letter', () => {
    expect(wordsOf('spin myPin MYPIN 2pin my-pin ')).toEqual([
      [7, [2, 1, 5], false],
      [18, [2, 1, 5], false],
      [25, [2, 1, 5], false],
    ]);
  });

  it('takes an apostrophe for a part of a word', () => {
    expect(wordsOf("I'm im ")).toEqual([[0, [4], false]]);
  });

  it('says where the end of the text leaves open what a word is', () => {
    expect(wordsOf('x pas')).toEqual([[2, [], true]]);
    expect(wordsOf('x pi')).toEqual([[2, [2], true]]);
    expect(wordsOf('x pid')).toEqual([[2, [2], false]]);
    expect(wordsOf('x pad')).toEqual([]);
  });

  it('goes on from anywhere, and looks at what stands in front', () => {
    expect(wordsOf('spin pin ', 1)).toEqual([[5, [2, 1, 5], false]]);
    expect(wordsOf('pin pin ', 1)).toEqual([[4, [2, 1, 5], false]]);
  });

  it('reads text beyond ASCII, of any length', () => {
    expect(wordsOf('é pin ŀpin 今pin ')).toEqual([
      [2, [2, 1, 5], false],
      [7, [2, 1, 5], false],
      [12, [2, 1, 5], false],
    ]);
    const long = `${'x '.repeat(20_000)}é pin `;
    expect(wordsOf(long)).toEqual([[long.length - 4, [2, 1, 5], false]]);
  });

  it('stops where it is told to', () => {
    const rest = findWords({ text: 'pin pin ', classes: 0 }, 0, (start) => start < 4);
    expect(rest).toBe(4);
  });
});
