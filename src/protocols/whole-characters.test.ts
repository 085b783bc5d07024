import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWholeCharacters } from './whole-characters.ts';

describe('whole characters', () => {
  it('keep half a character back until the other half comes', () => {
    const characters = createWholeCharacters();
    expect(['a\ud83d', '\ude00b', '\ud83d', '', '\ude00'].map(characters.push)).toEqual(['a', '😀b', '', '', '😀']);
    expect(characters.flush()).toBe('');
  });

  it('give up a half that stays alone, once', () => {
    const characters = createWholeCharacters();
    expect(characters.push('a\ud83d')).toBe('a');
    expect(characters.flush()).toBe('\ud83d');
    expect(characters.flush()).toBe('');
  });

  it('lose nothing, however a text is cut', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(12)), (text, cuts) => {
        const characters = createWholeCharacters();
        const pieces = cuts.map((cut, index) => {
          const start = cuts.slice(0, index).reduce((sum, size) => sum + size, 0);
          return characters.push(text.slice(start, start + cut));
        });
        const taken = cuts.reduce((sum, size) => sum + size, 0);
        pieces.push(characters.push(text.slice(taken)), characters.flush());
        for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
        expect(pieces.join('')).toBe(text);
      }),
    );
  });
});
