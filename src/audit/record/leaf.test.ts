import { decode, encode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginLeaf, boundPartOf, endLeaf, type Leaf, leafLength, parseLeaf, sealedHashOf } from './leaf.ts';

const leaf: Leaf = {
  type: 'release',
  time: 1_764_000_000_000,
  tenantAlias: new Uint8Array(16).fill(7),
  writer: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  counter: 300,
  previous: new Uint8Array(32).fill(9),
  headerCommitment: new Uint8Array(32).fill(1),
  bodyCommitment: new Uint8Array(32).fill(2),
  sealedHash: new Uint8Array(32).fill(3),
};

function written(given: Leaf): Uint8Array {
  const bytes = Buffer.alloc(leafLength(given));
  const target = { bytes, at: 0 };
  beginLeaf(target, given);
  expect(boundPartOf(bytes).length).toBe(target.at);
  endLeaf(target, given.sealedHash);
  expect(target.at).toBe(bytes.length);
  return bytes;
}

/** The items as docs/reference/record-format.md gives them, by another encoder. */
function itemsOf({ type, time, tenantAlias, writer, counter, previous, ...rest }: Leaf): unknown[] {
  const { headerCommitment, bodyCommitment, sealedHash } = rest;
  const number = { request: 0, release: 1, response: 2 }[String(type)] ?? 3;
  return [1, number, time, tenantAlias, writer, counter, previous, headerCommitment, bodyCommitment, sealedHash];
}

describe('a leaf', () => {
  it('is the bytes that another encoder of deterministic CBOR gives, and is read back', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const leaves = fc.record({
      type: fc.constantFrom('request', 'release', 'response', 'administration'),
      time: fc.maxSafeNat(),
      tenantAlias: bytes(16),
      writer: bytes(8),
      counter: fc.maxSafeNat(),
      previous: bytes(32),
      headerCommitment: bytes(32),
      bodyCommitment: bytes(32),
      sealedHash: bytes(32),
    });
    fc.assert(
      fc.property(leaves, (given) => {
        const encoded = written(given);
        expect(Buffer.compare(encoded, encode(itemsOf(given)))).toBe(0);
        expect(parseLeaf(Uint8Array.from(encoded))).toEqual(given);
        expect(Buffer.compare(sealedHashOf(encoded), given.sealedHash)).toBe(0);
      }),
    );
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('of the time %d is not written', (time) => {
    expect(() => written({ ...leaf, time })).toThrow(RangeError);
  });

  it.each([
    ['another version', 0, 2],
    ['an unknown type', 1, 9],
    ['a type that is no number', 1, 'request'],
    ['a time that is no count', 2, -1],
    ['an alias of another length', 3, new Uint8Array(15)],
    ['a writer of another length', 4, new Uint8Array(7)],
    ['a counter that is no count', 5, 1.5],
    ['a predecessor of another length', 6, new Uint8Array(31)],
    ['a header commitment of another length', 7, new Uint8Array(31)],
    ['a body commitment of another length', 8, new Uint8Array(33)],
    ['a hash of another length', 9, new Uint8Array(31)],
    ['one item too many', 10, 0],
  ])('with %s is refused', (_, index, value) => {
    const items: unknown[] = decode(written(leaf));
    items[index] = value;
    expect(() => parseLeaf(encode(items))).toThrow('not a leaf');
  });

  it('that is no array, is cut off or goes on is refused', () => {
    const whole = written(leaf);
    expect(() => parseLeaf(encode({}))).toThrow('not a leaf');
    expect(() => parseLeaf(Buffer.concat([whole, Buffer.of(0)]))).toThrow('not a leaf');
    for (let length = 0; length < whole.length; length += 1) {
      expect(() => parseLeaf(whole.subarray(0, length))).toThrow('not a leaf');
    }
  });

  it.each([
    ['a longer head than it needs', Buffer.from('8a1801', 'hex')],
    ['a head that CBOR reserves', Buffer.from('8a1c', 'hex')],
    ['a number beyond what is exact', Buffer.from('8a01001bffffffffffffffff', 'hex')],
  ])('with %s is refused', (_, start) => {
    expect(() => parseLeaf(Buffer.concat([start, written(leaf).subarray(start.length)]))).toThrow('not a leaf');
  });
});
