import { expect, it } from 'vitest';
import { DocumentRefused } from '../refusal.ts';
import { decodeLzw } from './lzw.ts';

const MOST = 1_000_000;

/** LZW with the table cleared wherever it is full, written out a second time. */
function encode(bytes: Uint8Array, isEarly: boolean): Buffer {
  let bits = '';
  let table = new Map<string, number>();
  let next = 258;
  const put = (code: number) => {
    const top = next - 1 + (isEarly ? 1 : 0);
    bits += code.toString(2).padStart(top > 2047 ? 12 : top > 1023 ? 11 : top > 511 ? 10 : 9, '0');
  };
  put(256);
  let run = '';
  const codeOf = (text: string) => (text.length === 1 ? text.charCodeAt(0) : (table.get(text) ?? 0));
  for (const character of Buffer.from(bytes).toString('latin1')) {
    if (run === '' || table.has(run + character)) {
      run += character;
      continue;
    }
    put(codeOf(run));
    table.set(run + character, next);
    next += 1;
    run = character;
    if (next < 4095) continue;
    put(codeOf(run));
    next += 1;
    put(256);
    [table, next, run] = [new Map(), 258, ''];
  }
  if (run !== '') put(codeOf(run));
  next += 1;
  put(257);
  return Buffer.from(
    (bits.padEnd(Math.ceil(bits.length / 8) * 8, '0').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)),
  );
}

it('gives the text of the example in the standard (ISO 32000-2, 7.4.4.2)', () => {
  const encoded = Buffer.from('800b6050220c0c8501', 'hex');
  expect(Buffer.from(decodeLzw(encoded, true, MOST)).toString('hex')).toBe('2d2d2d2d2d412d2d2d42');
});

it.each([true, false])('gives back what was encoded, through every width of code (early: %s)', (isEarly) => {
  const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * index * 31 + (index >> 3)) & 0xff));
  expect(Buffer.from(decodeLzw(encode(bytes, isEarly), isEarly, MOST)).equals(bytes)).toBe(true);
});

it('refuses codes that mean nothing, and more than it may give', () => {
  expect(() => decodeLzw(Buffer.from([0x80, 0x7f, 0xff]), true, MOST)).toThrow(DocumentRefused);
  expect(() => decodeLzw(encode(Buffer.alloc(5_000), true), true, 4_000)).toThrow('expands');
});
