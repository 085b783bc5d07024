import { describe, expect, it } from 'vitest';
import { toJson, toTable } from './output.ts';

describe('results', () => {
  it('hold bytes as hex in JSON', () => {
    expect(JSON.parse(toJson({ bytes: new Uint8Array([0, 255]), text: 'a' }))).toEqual({ bytes: '00ff', text: 'a' });
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
