import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { paddedLength } from './padding.ts';
import { fromPlaintext, type RecordContent, toPlaintext } from './record-content.ts';

const salts = new Uint8Array(64).fill(9);
const contentOf = (header: string, body: string): RecordContent => ({
  header: Buffer.from(header),
  body: Buffer.from(body),
  salts,
});

describe("a record's plaintext", () => {
  it('gives back what was put into it, and is padded', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3000 }), fc.string({ maxLength: 3000 }), (header, body) => {
        const plaintext = toPlaintext(contentOf(header, body));
        const read = fromPlaintext(plaintext);
        expect(Buffer.from(read.header).toString()).toBe(Buffer.from(header).toString());
        expect(Buffer.from(read.body).toString()).toBe(Buffer.from(body).toString());
        expect(Buffer.compare(read.salts, salts)).toBe(0);
        expect(paddedLength(plaintext.length)).toBe(plaintext.length);
      }),
    );
  });

  it('is compressed where that makes it shorter', () => {
    expect(toPlaintext(contentOf('{}', 'word '.repeat(2000))).length).toBe(512);
    const random = Buffer.from(crypto.getRandomValues(new Uint8Array(3000)));
    const plain = toPlaintext({ header: Buffer.from('{}'), body: random, salts });
    expect(plain[0]).toBe(0);
    expect(plain.includes(random)).toBe(true);
  });

  it.each<[string, (plaintext: Buffer) => Buffer]>([
    ['it is shorter than its beginning', (plaintext) => plaintext.subarray(0, 68)],
    ['it says it is longer than it is', (plaintext) => set(plaintext, 1, 0xff)],
    ['its form is unknown', (plaintext) => set(plaintext, 0, 2)],
    ['its header is longer than it is', (plaintext) => set(plaintext, 69, 0xff)],
    ['it holds less than a length', (plaintext) => set(plaintext, 4, 3)],
  ])('is refused where %s', (_, change) => {
    expect(() => fromPlaintext(change(toPlaintext(contentOf('{"a":1}', '{}'))))).toThrow('not a record');
  });
});

function set(bytes: Buffer, at: number, value: number): Buffer {
  bytes[at] = value;
  return bytes;
}
