import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decode, encode } from 'cborg';
import { describe, expect, it } from 'vitest';
import { type Entry, parseEntry, toEntryPayload } from './entry.ts';
import { requestIdOf } from './journal-fixture.suite.ts';

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
const payload = () => toEntryPayload(entry, entry.ciphertext);

describe('an entry', () => {
  it('is written as docs/reference/journal-format.md gives it', () => {
    const page = readFileSync(join(import.meta.dirname, '../../docs/reference/journal-format.md'), 'utf8');
    const [, example = ''] = /```text\n([0-9a-f\n]+)```/.exec(page) ?? [];
    expect(Buffer.from(payload()).toString('hex')).toBe(example.replaceAll('\n', ''));
  });

  it.each(['request', 'release', 'response'] as const)('of type %s is read back as it was written', (type) => {
    const read = parseEntry(toEntryPayload({ ...entry, type }, entry.ciphertext));
    expect(read).toEqual({ ...entry, type });
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
    const items: unknown[] = decode(payload());
    items[index] = value;
    expect(() => parseEntry(encode(items))).toThrow();
  });

  it('that is no array is refused', () => {
    expect(() => parseEntry(encode({}))).toThrow('not an entry');
  });
});
