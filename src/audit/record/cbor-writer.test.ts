import { encode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headLength, writeBytes, writeHead } from './cbor-writer.ts';

function written(length: number, write: (target: { readonly bytes: Buffer; at: number }) => void): Buffer {
  const target = { bytes: Buffer.alloc(length), at: 0 };
  write(target);
  expect(target.at).toBe(length);
  return target.bytes;
}

const edges = [0, 23, 24, 255, 256, 65_535, 65_536, 2 ** 32 - 1, 2 ** 32, 2 ** 48, Number.MAX_SAFE_INTEGER];
const numbers = fc.oneof(fc.constantFrom(...edges), fc.maxSafeNat(), fc.nat());
const lengths = fc.oneof(fc.constantFrom(0, 23, 24, 255, 256, 65_535, 65_536), fc.nat({ max: 2000 }));

describe('the CBOR writer', () => {
  it('writes integers as another encoder of deterministic CBOR does', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        const length = headLength(number);
        const unsigned = written(length, (target) => writeHead(target, 'unsigned', number));
        expect(Buffer.compare(unsigned, encode(number))).toBe(0);
      }),
    );
  });

  it('writes byte strings and arrays as another encoder of deterministic CBOR does', () => {
    fc.assert(
      fc.property(lengths, (count) => {
        const size = headLength(count);
        const bytes = new Uint8Array(count).fill(7);
        expect(
          Buffer.compare(
            written(size + count, (to) => writeBytes(to, bytes)),
            encode(bytes),
          ),
        ).toBe(0);
        const array = written(size + count, (to) => {
          writeHead(to, 'array', count);
          for (let at = 0; at < count; at += 1) writeHead(to, 'unsigned', 0);
        });
        expect(Buffer.compare(array, encode(new Array(count).fill(0)))).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses %d', (number) => {
    expect(() => written(9, (target) => writeHead(target, 'unsigned', number))).toThrow(RangeError);
  });

  it('writes nothing past the end of its buffer that would go unseen', () => {
    const target = { bytes: Buffer.alloc(4), at: 0 };
    expect(() => writeBytes(target, new Uint8Array(9))).toThrow(RangeError);
    expect(() => writeHead({ ...target, at: 3 }, 'unsigned', 70_000)).toThrow(RangeError);
  });
});
