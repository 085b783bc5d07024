import { describe, expect, it } from 'vitest';
import { counted, toJson, toTable } from './output.ts';

describe('results', () => {
  it('hold bytes as hex in JSON', () => {
    expect(JSON.parse(toJson({ bytes: new Uint8Array([0, 255]), text: 'a' }))).toEqual({ bytes: '00ff', text: 'a' });
  });

  it('are counted in words', () => {
    expect([0, 1, 2].map((count) => counted(count, 'key'))).toEqual(['0 keys', '1 key', '2 keys']);
    expect(counted(2, 'policy', 'policies')).toBe('2 policies');
  });

  it('are columns under their names, without lines or colours', () => {
    const lines = toTable(
      ['ID', 'KIND'],
      [
        ['a', 'long one'],
        ['bcd', 'x'],
      ],
    ).split('\n');
    expect(lines.map((line) => line.trimEnd())).toEqual(['ID   KIND', 'a    long one', 'bcd  x']);
    expect(toTable(['ID'], []).trim()).toBe('ID');
  });
});
