import { describe, expect, it } from 'vitest';
import { textOf } from './exchange.ts';
import { createPartList } from './part.ts';

describe('textOf', () => {
  it('gives the text at a position and throws for a position there is none at', () => {
    const list = createPartList();
    const index = list.add({ kind: 'text', origin: 'user', path: '', text: 'hello' });
    expect(textOf(list, index)).toBe('hello');
    expect(() => textOf({ parts: [] }, index)).toThrow(RangeError);
  });
});
