import { deflateRawSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { unpackTable } from './sparse-table.ts';

const pack = (...bytes: readonly number[]) => deflateRawSync(Uint8Array.from(bytes)).toString('base64');

it('gives each place its row, and each row what stands in the columns', () => {
  // Places 5, 5 + 300 and 5 + 300 + 1.
  const { rowOf, cells } = unpackTable({ rows: 3, columns: 2, packed: pack(5, 0xac, 2, 1, 10, 20, 30, 11, 21, 31) });
  expect([rowOf[5], rowOf[305], rowOf[306], rowOf[4]]).toEqual([1, 2, 3, 0]);
  expect([...cells]).toEqual([10, 11, 20, 21, 30, 31]);
});

it('refuses what is shorter or longer than it says', () => {
  expect(() => unpackTable({ rows: 2, columns: 1, packed: pack(5, 1, 10) })).toThrow(RangeError);
  expect(() => unpackTable({ rows: 1, columns: 1, packed: pack(5, 10, 11) })).toThrow(RangeError);
});
