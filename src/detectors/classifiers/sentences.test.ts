import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSentenceReader, sentencesOf } from './sentences.ts';

const LONGEST = 40;
const read = (text: string) => sentencesOf(text, LONGEST).map(({ start, end }) => text.slice(start, end));

describe('sentences', () => {
  it.each([
    ['One. Two! Three? Four', ['One.', ' Two!', ' Three?', ' Four']],
    ['He said "Go." Then he went.', ['He said "Go."', ' Then he went.']],
    ['Version 3.5 costs 1.200 euros', ['Version 3.5 costs 1.200 euros']],
    ['First line\nsecond line\n\n\nthird', ['First line\n', 'second line\n', '\n\nthird']],
    ['你好。再见！真的？好', ['你好。', '再见！', '真的？', '好']],
    ['', []],
    ['   ', ['   ']],
  ])('of %j', (text, sentences) => {
    expect(read(text)).toEqual(sentences);
  });

  it('are cut at a space where they are too long, and within a word where there is none', () => {
    expect(read('twelve words that go on and on without any sign of an end in sight')).toEqual([
      'twelve words that go on and on without',
      ' any sign of an end in sight',
    ]);
    expect(read('a'.repeat(90)).map(({ length }) => length)).toEqual([40, 40, 10]);
  });

  it('are not cut within a character', () => {
    const text = `a${'😀'.repeat(30)}`;
    for (const sentence of read(text)) expect(sentence.isWellFormed()).toBe(true);
  });

  it('are the same however the text comes, cover it, and are none of them too long', () => {
    const piece = fc.oneof(
      fc.constantFrom('. ', '! ', '\n', '。', '"', ' ', 'word', '😀', 'x'.repeat(50)),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const text = pieces.join('');
        const reader = createSentenceReader(LONGEST);
        const inPieces = [...pieces.flatMap((each) => reader.push(each)), ...reader.end()];
        expect(inPieces).toEqual(sentencesOf(text, LONGEST));
        expect(read(text).join('')).toBe(text);
        for (const { start, end } of inPieces) {
          expect(end - start).toBeGreaterThan(0);
          expect(end - start).toBeLessThanOrEqual(LONGEST);
        }
      }),
    );
  });
});
