import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode } from 'cborg';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Entry, entryStartLength, headItemsLength, parseEntry, writeEntryStart } from './entry.ts';
import { requestIdOf, toEntryPayload } from './journal-fixture.suite.ts';

const entry: Entry = {
  writer: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
  counter: 300,
  previous: new Uint8Array(32).fill(9),
  time: 1_764_000_000_000,
  requestId: requestIdOf(7),
  type: 'release',
  keyId: new Uint8Array(16).fill(5),
  ciphertext: Uint8Array.of(0xaa),
};

/** The payload as the journal writes it. */
function written(given: Entry): Uint8Array {
  const length = given.ciphertext.length;
  const bytes = Buffer.alloc(entryStartLength(given, length));
  const target = { bytes, at: 0 };
  expect(writeEntryStart(target, given, length).length).toBe(headItemsLength(given));
  expect(target.at).toBe(bytes.length);
  return Buffer.concat([bytes, given.ciphertext]);
}

describe('an entry', () => {
  it('is written as docs/reference/journal-format.md gives it', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/reference/journal-format.md'), 'utf8');
    const [, example = ''] = /```text\n([0-9a-f\n]+)```/.exec(page) ?? [];
    expect(Buffer.from(written(entry)).toString('hex')).toBe(example.replaceAll('\n', ''));
  });

  it.each(['request', 'release', 'response'] as const)('of type %s is read back as it was written', (type) => {
    const read = parseEntry(written({ ...entry, type }));
    expect(Buffer.compare(read.ciphertext, entry.ciphertext)).toBe(0);
    expect(read).toMatchObject({ counter: 300, time: entry.time, requestId: entry.requestId, type });
  });

  it('is the bytes that another encoder of deterministic CBOR gives', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
    const entries = fc.record({
      writer: bytes(8),
      counter: fc.maxSafeNat(),
      previous: bytes(32),
      time: fc.maxSafeNat(),
      requestId: fc.nat().map(requestIdOf),
      type: fc.constantFrom('request', 'release', 'response'),
      keyId: bytes(16),
      ciphertext: fc.uint8Array({ maxLength: 70_000, size: 'max' }),
    });
    fc.assert(
      fc.property(entries, (given) => {
        expect(Buffer.compare(written(given), toEntryPayload(given))).toBe(0);
      }),
    );
  });

  it.each([-1, 0.5, Number.NaN, 2 ** 53])('of the time %d is not written', (time) => {
    expect(() => written({ ...entry, time })).toThrow(RangeError);
  });

  it.each([
    ['another version', 0, 2],
    ['a writer of another length', 1, new Uint8Array(7)],
    ['a negative counter', 2, -1],
    ['a counter that is no integer', 2, 1.5],
    ['a hash of another length', 3, new Uint8Array(31)],
    ['a time that is no number', 4, 'now'],
    ['an id that is no bytes', 5, 'id'],
    ['an id that is no UUIDv7', 5, new Uint8Array(16)],
    ['an unknown type', 6, 3],
    ['a type that is no number', 6, 'request'],
    ['a key id of another length', 7, new Uint8Array(15)],
    ['no ciphertext', 8, null],
    ['one item too many', 9, 0],
  ])('with %s is refused', (_, index, value) => {
    const items: unknown[] = decode(written(entry));
    items[index] = value;
    expect(() => parseEntry(encode(items))).toThrow();
  });

  it('that is no array is refused', () => {
    expect(() => parseEntry(encode({}))).toThrow('not an entry');
  });
});
