import { describe, expect, it } from 'vitest';
import { StateError } from '../state-error.ts';
import { readBytes, readNumber, readText, readTexts, toItem } from './item.ts';

const item = toItem({ text: 'a', number: 1.5, bytes: Uint8Array.of(1), texts: ['b', 'c'], absent: undefined });

describe('an item', () => {
  it('gives back what was put into it, and has no attribute for what is absent', () => {
    expect(readText(item, 'text')).toBe('a');
    expect(readNumber(item, 'number')).toBe(1.5);
    expect(readBytes(item, 'bytes')).toStrictEqual(Uint8Array.of(1));
    expect(readTexts(item, 'texts')).toEqual(['b', 'c']);
    expect(Object.keys(item)).not.toContain('absent');
  });

  it('that is not as it was written is told by the attribute, and not by what is in it', () => {
    for (const read of [readNumber, readBytes, readTexts]) {
      expect(() => read(item, 'text')).toThrow(new StateError('an item of the state has no `text`'));
    }
    expect(() => readText(item, 'absent')).toThrow('no `absent`');
    expect(() => readTexts({ mixed: { L: [{ N: '1' }] } }, 'mixed')).toThrow('no `mixed`');
  });
});
