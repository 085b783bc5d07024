import { describe, expect, it } from 'vitest';
import { toJsonLine } from './json-line.ts';

describe('a line of JSON', () => {
  it('is one line for every reader, and says what was said', () => {
    const value = { text: 'a\n\r\u007f\u0085\u009b\u2028\u2029\ud800ä' };
    const line = toJsonLine(value);
    expect(line).toMatch(/^\{[ -~ä]*\}\n$/);
    expect(JSON.parse(line)).toEqual(value);
  });
});
