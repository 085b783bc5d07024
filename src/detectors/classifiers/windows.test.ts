import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWindowReader, LONGEST_WINDOW, windowsOf } from './windows.ts';

const sentence = 'This sentence has fifty units, and it ends just so.';
const text = `${sentence} `.repeat(30).trim();
const read = (whole: string) => windowsOf(whole).map(({ start, end }) => whole.slice(start, end));

describe('windows', () => {
  it('are one of a short text, and none of an empty one', () => {
    expect(windowsOf('Hello.')).toEqual([{ start: 0, end: 6 }]);
    expect(windowsOf('')).toEqual([]);
  });

  it('end with sentences, and begin with the last sentence of the window before', () => {
    const windows = read(text);
    expect(windows.length).toBeGreaterThan(3);
    for (const window of windows) {
      expect(window.trim().startsWith('This')).toBe(true);
      expect(window.endsWith('.')).toBe(true);
    }
    const [first, second] = windowsOf(text);
    expect(text.slice(second?.start, first?.end).trim()).toBe(sentence);
  });

  it('are at most as long as is said, whatever the text', () => {
    expect(LONGEST_WINDOW).toBe(600);
    for (const hostile of [
      'a'.repeat(5_000),
      '. '.repeat(5_000),
      `${'b'.repeat(199)}. `.repeat(50),
      '\n'.repeat(5_000),
    ]) {
      for (const window of read(hostile)) expect(window.length).toBeLessThanOrEqual(LONGEST_WINDOW);
    }
  });

  it('are the same however the text comes, and cover it', () => {
    const piece = fc.oneof(fc.constantFrom('. ', '\n', '。', `${sentence} `, 'x'.repeat(150)), fc.string());
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const whole = pieces.join('');
        const reader = createWindowReader();
        const windows = [...pieces.flatMap((each) => reader.push(each)), ...reader.end()];
        expect(windows).toEqual(windowsOf(whole));
        let covered = 0;
        for (const { start, end } of windows) {
          expect(start).toBeLessThanOrEqual(covered);
          expect(end).toBeGreaterThan(covered);
          covered = end;
        }
        expect(covered).toBe(whole.length);
      }),
    );
  });

  it('say up to where a stream is decided, and which of it is no longer needed', () => {
    const reader = createWindowReader();
    expect([reader.complete(), reader.needed()]).toEqual([0, 0]);
    let given = 0;
    for (const unit of text) {
      for (const { start, end } of reader.push(unit)) {
        expect(start).toBeLessThanOrEqual(given);
        given = end;
      }
      expect(reader.complete()).toBe(given);
      expect(reader.needed()).toBeLessThanOrEqual(given);
    }
    const [last] = reader.end();
    expect(last?.end).toBe(text.length);
    expect(reader.complete()).toBe(text.length);
  });
});
