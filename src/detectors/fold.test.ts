import { describe, expect, it } from 'vitest';
import { lookalikes } from './fold.data.ts';
import { foldCodePoint } from './fold.ts';

const fold = (text: string) => Array.from(text, (character) => foldCodePoint(character.codePointAt(0) ?? 0)).join('');

describe('folding a code point', () => {
  it.each([
    ['letters with marks, joined or apart', 'é ñ ü ç é', 'e n u c e'],
    ['letters of other alphabets', 'раураl Ωmega ΑΒΓ оԛ', 'paypal Ωmega ABΓ oq'],
    ['letters of mathematics, in circles and in frames', '𝐀𝓫ℂ ⓐⒷ 🅰🇺🇸 ﬁ', 'AbC aB AUS fi'],
    ['full width and half width', 'Ａ１＠．：／－＿', 'A1@.:/-_'],
    ['digits of any script', '٤٢ ४२ ４２ 𝟒𝟐 ④', '42 42 42 42 4'],
    ['dashes, dots and quotation marks', '‐‑–—−﹘ 。․· “”‘’', '------ ... ""\'\''],
    ['spaces', '\u00a0\u2003\u3000\u2028\u0085⠀', '      '],
    ['what cannot be seen', 'a\u200b\u200d\u2060\ufeff\u00ad\u202e\ufe0f\u{e0041}\u{e0100}\u3164b', 'ab'],
    ['marks by themselves', 'z\u0301\u0489\u20dd', 'z'],
    ['control characters other than white space', 'a\u0000\u0007\u007f\u009bb\t\n\r', 'ab\t\n\r'],
    ['sharp s and ligatures', 'ß ẞ æ Œ', 'ss SS ae OE'],
    ['nothing of what it does not know', '漢字 한국 かな 🙂 €', '漢字 한국 かな 🙂 €'],
  ])('folds %s', (_name, text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it('leaves printable ASCII as it is', () => {
    const ascii = String.fromCharCode(...Array.from({ length: 95 }, (_, at) => 32 + at));
    expect(fold(ascii)).toBe(ascii);
  });

  it('keeps a lone surrogate', () => {
    expect(foldCodePoint(0xd800)).toBe('\ud800');
  });

  it('folds every lookalike of the table to what stands for it', () => {
    for (const [ascii, characters] of lookalikes) {
      expect(fold(characters), characters).toBe(ascii.repeat(Array.from(characters).length));
    }
  });
});
