import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { encodeEvent, encodeFrame } from './scripted-server.suite.ts';
import { createStreamEventReader, type StreamEvent } from './stream-events.ts';

const vectors = join(import.meta.dirname, '../../../../shared/vectors/event-stream');

function decode(...chunks: readonly Uint8Array[]): readonly StreamEvent[] {
  const reader = createStreamEventReader();
  const frames = chunks.flatMap((chunk) => [...reader.push(chunk)]);
  reader.end();
  return frames;
}

const corrupt = expect.objectContaining({ code: 'upstreamFailed' });

describe('frames', () => {
  it('say what they are, and carry their payload as text', () => {
    const exception = { ':message-type': 'exception', ':exception-type': 'throttlingException' };
    const error = { ':message-type': 'error', ':error-code': 'InternalError' };
    expect(
      decode(encodeEvent('messageStart', { é: '😀' }), encodeFrame(exception, '{}'), encodeFrame(error, '')),
    ).toEqual([
      { kind: 'event', type: 'messageStart', payload: '{"é":"😀"}' },
      { kind: 'exception', type: 'throttlingException', payload: '{}' },
      { kind: 'error', type: 'InternalError', payload: '' },
    ]);
  });

  it('come out the same however the bytes are divided', () => {
    const bytes = Buffer.concat([
      encodeEvent('a', { text: '😀'.repeat(20) }),
      encodeEvent('b', {}),
      encodeEvent('c', 1),
    ]);
    const whole = decode(bytes);
    expect(whole).toHaveLength(3);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
        const ends = [...cuts, bytes.length].sort((one, other) => one - other);
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        expect(decode(...chunks)).toEqual(whole);
      }),
    );
  });

  it('give those before a corrupt one', () => {
    const bad = encodeEvent('b', {});
    bad.set([0xff], bad.length - 1);
    const frames: StreamEvent[] = [];
    const reading = () => {
      for (const frame of createStreamEventReader().push(Buffer.concat([encodeEvent('a', {}), bad])))
        frames.push(frame);
    };
    expect(reading).toThrow(corrupt);
    expect(frames).toHaveLength(1);
  });

  it('are refused with any byte flipped', () => {
    const bytes = encodeEvent('messageStart', { role: 'assistant' });
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Buffer.from(bytes);
      flipped.writeUInt8(flipped.readUInt8(at) ^ 1, at);
      expect(() => decode(flipped), `byte ${at}`).toThrow();
    }
  });

  it('are refused where they announce more than the format allows', () => {
    expect(() => decode(Buffer.from('ffffffff0000000000000000', 'hex'))).toThrow(corrupt);
    expect(() => decode(Buffer.from('000000010000000000000000', 'hex'))).toThrow(corrupt);
  });

  it('are refused where they say not what they are', () => {
    expect(() => decode(encodeFrame({ ':event-type': 'messageStart' }, '{}'))).toThrow(corrupt);
    expect(() => decode(encodeFrame({ ':message-type': 'rumour' }, '{}'))).toThrow(corrupt);
  });

  it('are missed where the stream ends inside one', () => {
    const bytes = encodeEvent('messageStart', {});
    const cut = expect.objectContaining({ code: 'upstreamInterrupted' });
    expect(() => decode(bytes.subarray(0, 3))).toThrow(cut);
    expect(() => decode(bytes.subarray(0, -1))).toThrow(cut);
  });
});

const eventFile = z.object({
  tests: z.array(
    z.object({
      id: z.string(),
      events: z
        .array(
          z.object({
            bytes: z.string().optional(),
            headers: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
            decoded: z.object({ payloadUtf8: z.string().optional() }).optional(),
          }),
        )
        .optional(),
    }),
  ),
});
const vectorFile = z.object({
  vectors: z.array(z.object({ name: z.string(), expect: z.enum(['ok', 'error']), hex: z.string().optional() })),
});

describe.skipIf(!existsSync(vectors))('published frames', () => {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(vectors, name), 'utf8'));

  it('are read', () => {
    let count = 0;
    for (const { id, events = [] } of eventFile.parse(read('frames.json')).tests) {
      for (const { bytes, headers = {}, decoded } of events) {
        const kind = headers[':message-type']?.string;
        if (bytes === undefined || (kind !== 'event' && kind !== 'exception')) continue;
        count += 1;
        const type = headers[`:${kind}-type`]?.string;
        const frame = Buffer.from(bytes, 'base64');
        const payload = decoded?.payloadUtf8 === undefined ? {} : { payload: decoded.payloadUtf8 };
        if (type === undefined) expect(() => decode(frame), id).toThrow(corrupt);
        else expect(decode(frame), id).toMatchObject([{ kind, type, ...payload }]);
      }
    }
    expect(count).toBeGreaterThan(70);
  });

  it('are refused where they are corrupt', () => {
    const broken = vectorFile.parse(read('vectors.json')).vectors.filter((vector) => vector.expect === 'error');
    for (const { name, hex } of broken) {
      if (hex !== undefined) expect(() => decode(Buffer.from(hex, 'hex')), name).toThrow();
    }
    expect(broken.length).toBeGreaterThan(5);
  });
});
