import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { EventStreamCodec } from '@smithy/eventstream-codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createFrameReader, encodeFrames, encodeStringHeaders, type Frame } from './event-stream.ts';
import { encodeHeaders, type FrameHeaders, type HeaderValue } from './frame-headers.ts';

const vectors = join(import.meta.dirname, '../../../../shared/vectors/event-stream');

const header = z.object({ name: z.string(), type: z.string(), value: z.unknown() });
const decoded = z.object({
  headers: z.array(header),
  payloadUtf8: z.string().optional(),
  payloadBase64: z.string().optional(),
});
const frameFile = z.object({
  tests: z.array(
    z.object({
      id: z.string(),
      events: z.array(z.object({ bytes: z.string().optional(), decoded: decoded.optional() })).optional(),
    }),
  ),
});
const vectorFile = z.object({
  vectors: z.array(
    z.object({
      name: z.string(),
      expect: z.enum(['ok', 'error']),
      hex: z.string().optional(),
      hexPrefix: z.string().optional(),
      fill: z.object({ hex: z.string(), count: z.number() }).optional(),
      hexSuffix: z.string().optional(),
      ...decoded.partial().shape,
    }),
  ),
});

function read(name: string): unknown {
  return JSON.parse(readFileSync(join(vectors, name), 'utf8'));
}

function decode(...chunks: readonly Uint8Array[]): readonly Frame[] {
  const reader = createFrameReader();
  const frames = chunks.flatMap((chunk) => [...reader.push(chunk)]);
  reader.end();
  return frames;
}

function encode({ headers, payload }: Frame): Buffer {
  return Buffer.from(encodeFrames([{ headers: encodeHeaders(headers), payload }]));
}

function plain(headers: FrameHeaders): unknown {
  return [...headers].map(([name, { type, value }]) => {
    if (typeof value === 'bigint') return { name, type, value: String(value) };
    return { name, type, value: value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value };
  });
}

describe.skipIf(!existsSync(vectors))('published event-stream vectors', () => {
  const frames = existsSync(vectors)
    ? frameFile
        .parse(read('frames.json'))
        .tests.flatMap(({ id, events }) =>
          (events ?? []).flatMap(({ bytes, decoded }) => (bytes === undefined ? [] : [{ id, bytes, decoded }])),
        )
    : [];
  const low = existsSync(vectors) ? vectorFile.parse(read('vectors.json')).vectors : [];

  it('has all of them', () => {
    expect(frames).toHaveLength(92);
    expect(low).toHaveLength(25);
  });

  it.each(frames)('reads the frame of $id and writes the same bytes', ({ bytes, decoded }) => {
    const wire = Buffer.from(bytes, 'base64');
    const [frame, ...more] = decode(wire);
    expect(more).toEqual([]);
    if (frame === undefined || decoded === undefined) throw new Error('no frame');
    expect(plain(frame.headers)).toEqual(decoded.headers);
    expect(encode(frame)).toEqual(wire);
  });

  it('reads the same frames however the stream is cut in two', () => {
    const wire = Buffer.concat(frames.slice(0, 6).map(({ bytes }) => Buffer.from(bytes, 'base64')));
    const whole = decode(wire);
    expect(whole).toHaveLength(6);
    for (let at = 0; at <= wire.length; at += 1) {
      expect(decode(wire.subarray(0, at), wire.subarray(at))).toEqual(whole);
    }
  });

  it('reads each frame the same however it is cut in two', () => {
    for (const { bytes } of frames) {
      const wire = Buffer.from(bytes, 'base64');
      const whole = decode(wire);
      for (let at = 1; at < wire.length; at += 1)
        expect(decode(wire.subarray(0, at), wire.subarray(at))).toEqual(whole);
    }
  });

  it.each(low.filter((vector) => vector.expect === 'ok'))('reads $name', (vector) => {
    const wire = Buffer.from(vector.hex ?? '', 'hex');
    const [frame] = decode(wire);
    if (frame === undefined) throw new Error('no frame');
    expect(plain(frame.headers)).toEqual(vector.headers);
    expect(Buffer.from(frame.payload).toString()).toBe(vector.payloadUtf8);
    expect(encode(frame)).toEqual(wire);
  });

  it.each(low.filter((vector) => vector.expect === 'error'))('refuses $name', (vector) => {
    const fill = vector.fill === undefined ? '' : vector.fill.hex.repeat(vector.fill.count);
    const hex = vector.hex ?? `${vector.hexPrefix}${fill}${vector.hexSuffix}`;
    expect(() => decode(Buffer.from(hex, 'hex'))).toThrow(/provider (failed|broke off)/);
  });
});

const word = fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom('a', 'b', ':', '-', 'é') });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const value: fc.Arbitrary<HeaderValue> = fc.oneof(
  fc.record({ type: fc.constant('boolean'), value: fc.boolean() }),
  fc.record({ type: fc.constant('byte'), value: fc.integer({ min: -128, max: 127 }) }),
  fc.record({ type: fc.constant('short'), value: fc.integer({ min: -32768, max: 32767 }) }),
  fc.record({ type: fc.constant('integer'), value: fc.integer() }),
  fc.record({ type: fc.constantFrom('long', 'timestamp'), value: int64 }),
  fc.record({ type: fc.constant('blob'), value: fc.uint8Array({ maxLength: 300 }) }),
  fc.record({ type: fc.constant('string'), value: fc.string({ unit: 'binary', maxLength: 100 }) }),
  fc.record({ type: fc.constant('uuid'), value: fc.uuid() }),
);
const frame = fc.record({
  headers: fc.array(fc.tuple(word, value), { maxLength: 6 }).map((entries): FrameHeaders => new Map(entries)),
  payload: fc.uint8Array({ maxLength: 200 }),
});

describe('frames', () => {
  it('are read back as they were written, however the stream is divided', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 5 }), fc.array(fc.nat(40)), (frames, cuts) => {
        const wire = Buffer.concat(frames.map(encode));
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(wire.subarray(at, at + cut));
          at += cut;
        }
        chunks.push(wire.subarray(at));
        const read = decode(...chunks);
        expect(read.map(({ headers }) => plain(headers))).toEqual(frames.map(({ headers }) => plain(headers)));
        expect(read.map(({ payload }) => [...payload])).toEqual(frames.map(({ payload }) => [...payload]));
      }),
    );
  });

  it('are the bytes that the Smithy codec writes', () => {
    const codec = new EventStreamCodec(
      (bytes) => Buffer.from(typeof bytes === 'string' ? bytes : bytes).toString(),
      (text) => Buffer.from(text),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const headers = { ':event-type': 'chunk', ':message-type': 'event' };
        const ours = encodeFrames([{ headers: encodeStringHeaders(headers), payload: text }]);
        const theirs = codec.encode({
          headers: {
            ':event-type': { type: 'string', value: 'chunk' },
            ':message-type': { type: 'string', value: 'event' },
          },
          body: Buffer.from(text),
        });
        expect(Buffer.from(ours).equals(theirs)).toBe(true);
      }),
    );
  });

  it('are refused once any byte is flipped', () => {
    const headers = encodeStringHeaders({ ':event-type': 'chunk' });
    const wire = encodeFrames([{ headers, payload: '{"a":1}' }]);
    for (let at = 0; at < wire.length; at += 1) {
      const broken = Uint8Array.from(wire);
      broken[at] = (broken[at] ?? 0) ^ 1;
      expect(() => decode(broken)).toThrow(/provider failed/);
    }
  });

  it('are refused when the headers do not fit, repeat or have no known type, though the checksums are right', () => {
    const cases = ['01610700', '0161070002', '01', '0161', '01610a', '016100016100', '05'];
    for (const hex of cases) {
      const wire = encodeFrames([{ headers: Buffer.from(hex, 'hex'), payload: '' }]);
      expect(() => decode(wire), hex).toThrow(/provider failed: an event-stream frame of which a header/);
    }
  });

  it.each([
    ['the lengths do not agree', 0x10, 0x20],
    ['the headers are too long', 0x100_0000, 128 * 1024 + 1],
    ['the payload is too long', 24 * 1024 * 1024 + 17, 0],
  ])('are refused as soon as %s, before any more is read', (why, total, headers) => {
    const prelude = Buffer.alloc(12);
    prelude.writeUInt32BE(total, 0);
    prelude.writeUInt32BE(headers, 4);
    prelude.writeUInt32BE(crc32(prelude.subarray(0, 8)), 8);
    expect(() => [...createFrameReader().push(prelude)]).toThrow(why);
  });

  it('are missed when the stream ends inside one', () => {
    const wire = encodeFrames([{ headers: encodeStringHeaders({ a: 'b' }), payload: 'text' }]);
    expect(() => decode(wire.subarray(0, -1))).toThrow('broke off its answer: the stream ended inside a frame');
    expect(() => decode(wire.subarray(0, 3))).toThrow('the stream ended inside a frame');
    expect(decode()).toEqual([]);
  });
});
