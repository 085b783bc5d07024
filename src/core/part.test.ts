import { describe, expect, it } from 'vitest';
import { createPartList, type Part } from './part.ts';

describe('a part list', () => {
  it('keeps parts in reading order and gives each its position', () => {
    const list = createPartList();
    const first: Part = { kind: 'text', origin: 'user', path: '/messages/0', text: 'a' };
    const second: Part = { kind: 'json', origin: 'toolCall', path: '/messages/1', text: '{}' };
    expect([list.add(first), list.add(second)]).toEqual([0, 1]);
    expect(list.parts).toEqual([first, second]);
    expect(list.parts[0]).toBe(first);
  });
});
