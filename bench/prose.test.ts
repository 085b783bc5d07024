import { expect, it } from 'vitest';
import { toProse } from './prose.ts';

it.each([1, 2, 300, 1_024, 65_536])('writes exactly %i characters of ASCII', (length) => {
  const text = toProse(1, length);
  expect(Buffer.byteLength(text)).toBe(length);
  expect(text).toMatch(/^[\x20-\x7e]*$/);
});

it('writes the same for the same seed and something else for another', () => {
  expect(toProse(7, 1_024)).toBe(toProse(7, 1_024));
  expect(new Set(Array.from({ length: 64 }, (_, seed) => toProse(seed, 1_024))).size).toBe(64);
});

it('writes nothing that a detector looks for', () => {
  expect(toProse(3, 65_536)).not.toMatch(/[0-9@:/_=+-]/);
});
