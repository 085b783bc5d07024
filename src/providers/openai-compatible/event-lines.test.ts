import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventLines } from './event-lines.ts';

/** The data that the reads bring, one after the other. */
function dataOf(...reads: readonly (string | Uint8Array)[]): readonly string[] {
  const data: string[] = [];
  const feed = createEventLines((line) => data.push(line));
  for (const read of reads) feed(Buffer.from(read));
  return data;
}

describe('the lines of an event stream', () => {
  it('give the data of each event', () => {
    expect(dataOf('data: one\n\ndata:two\n\ndata:  three \n\n')).toEqual(['one', 'two', ' three ']);
  });

  it('may end as lines of HTTP do', () => {
    expect(dataOf('data: one\r\n\r\ndata: two\r\n\r\n')).toEqual(['one', 'two']);
    expect(dataOf('data: one\r', '\n\r\n')).toEqual(['one']);
  });

  it('hold comments and fields without data', () => {
    expect(dataOf(': ping\n\nevent: message\nid: 1\nretry: 10\ndata: one\n\n')).toEqual(['one']);
  });

  it('say nothing before their end', () => {
    expect(dataOf('data: one\n\ndata: [DONE]')).toEqual(['one']);
  });

  it('are the same however the reads fall', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 16 }).map((text) => `data: ${text.replaceAll(/[\r\n]/g, '')}`),
      fc.constantFrom('', ': ping', 'event: message'),
    );
    const stream = fc.array(fc.tuple(line, fc.constantFrom('\n', '\r\n')), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(stream, fc.array(fc.nat(), { maxLength: 8 }), (lines, cuts) => {
        const bytes = Buffer.from(lines.flat().join(''));
        const at = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
        const reads = [...at, bytes.length].map((end, index) => bytes.subarray(at[index - 1] ?? 0, end));
        const expected = lines.flatMap(([text]) => (text.startsWith('data: ') ? [text.slice(6)] : []));
        expect(dataOf(...reads)).toEqual(expected);
        expect(dataOf(bytes)).toEqual(expected);
      }),
    );
  });

  it.each([
    ['malformed UTF-8', Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a])],
    ['a character that is never finished', Buffer.from([0x64, 0x61, 0x74, 0x61, 0x3a, 0xc3, 0x0a])],
    ['a field of their own', 'error: {"message":"broken"}\n\n'],
    ['no fields at all', '{"error":"broken"}\n'],
    ['a byte order mark', '\ufeffdata: one\n\n'],
    ['a carriage return within', 'event: a\rdata: one\n\n'],
  ])('are refused with %s', (_, bytes) => {
    expect(() => dataOf(bytes)).toThrow(expect.objectContaining({ code: 'upstreamFailed' }));
  });

  it('are refused over a length of 1 MiB, in one read or in many', () => {
    const line = Buffer.alloc(1024 * 1024 + 1, 'a');
    expect(() => dataOf(line)).toThrow(expect.objectContaining({ code: 'upstreamFailed' }));
    const feed = createEventLines(() => {});
    const piece = Buffer.alloc(64 * 1024, 'a');
    for (let read = 0; read < 16; read += 1) feed(piece);
    expect(() => feed(piece)).toThrow(expect.objectContaining({ code: 'upstreamFailed' }));
  });
});
