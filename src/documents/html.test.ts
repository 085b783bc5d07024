import { describe, expect, it } from 'vitest';
import { createBudget } from './budget.ts';
import { readHtml } from './html.ts';

const budget = (textUnits = 1_000) => createBudget({ expandedBytes: 1_000, textUnits });
const refused = (refusal: string) => expect.objectContaining({ refusal });

describe('an HTML document', () => {
  it('is what a reader sees, then what hides', () => {
    const html = '\ufeff<p>card <b>4111 1111</b> 1111 1111</p><!-- call &#43;1 --><img alt="a &amp; b photo">';
    expect(readHtml(Buffer.from(html), budget())).toEqual({
      pieces: ['card 4111 1111 1111 1111', 'call &#43;1', 'a & b photo'],
      hasUninspected: false,
    });
  });

  it('is damaged where it is not UTF-8', () => {
    expect(() => readHtml(Buffer.from([0x3c, 0xff]), budget())).toThrow(refused('damaged'));
  });

  it('has no more text than a document may', () => {
    expect(() => readHtml(Buffer.from(`<p>${'x'.repeat(20)}`), budget(19))).toThrow(refused('tooMuchText'));
  });
});
