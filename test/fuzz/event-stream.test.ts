import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/core/index.ts';
import { createFrameReader, encodeFrames, type Frame } from '../../src/protocols/bedrock/event-stream.ts';
import { encodeHeaders, type HeaderValue } from '../../src/protocols/bedrock/frame-headers.ts';
import { byteChanges, changeBytes, FUZZ_TIMEOUT_MS, fuzz, inPieces } from './fuzzing.ts';

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const headerValue: fc.Arbitrary<HeaderValue> = fc.oneof(
  fc.boolean().map((value) => ({ type: 'boolean' as const, value })),
  fc.integer({ min: -128, max: 127 }).map((value) => ({ type: 'byte' as const, value })),
  fc.integer({ min: -32_768, max: 32_767 }).map((value) => ({ type: 'short' as const, value })),
  fc.integer().map((value) => ({ type: 'integer' as const, value })),
  int64.map((value) => ({ type: 'long' as const, value })),
  int64.map((value) => ({ type: 'timestamp' as const, value })),
  fc.uint8Array({ maxLength: 40 }).map((value) => ({ type: 'blob' as const, value: Buffer.from(value) })),
  fc.string({ unit: 'grapheme', maxLength: 20 }).map((value) => ({ type: 'string' as const, value })),
  fc.uuid().map((value) => ({ type: 'uuid' as const, value })),
);
const frame: fc.Arbitrary<Frame> = fc.record({
  headers: fc
    .uniqueArray(fc.tuple(fc.string({ minLength: 1, maxLength: 20 }), headerValue), {
      selector: ([name]) => name,
      maxLength: 5,
    })
    .map((entries) => new Map(entries)),
  payload: fc.uint8Array({ maxLength: 200 }),
});

const encode = (frames: readonly Frame[]) =>
  encodeFrames(frames.map(({ headers, payload }) => ({ headers: encodeHeaders(headers), payload })));

interface Gathered {
  readonly frames: readonly Frame[];
  readonly fault: string | undefined;
}

/** What a reader makes of bytes; any error but the gateway's own fails the run. */
function gather(pieces: readonly Uint8Array[]): Gathered {
  const frames: Frame[] = [];
  try {
    const reader = createFrameReader();
    for (const piece of pieces) {
      for (const { headers, payload } of reader.push(piece))
        frames.push({ headers, payload: Uint8Array.from(payload) });
    }
    reader.end();
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { frames, fault: error.code };
  }
  return { frames, fault: undefined };
}

const cut = (bytes: Uint8Array) => inPieces(bytes);

describe('the reader of event streams', () => {
  it(
    'gives the frames that were written, however the bytes are cut',
    () => {
      const cases = fc
        .array(frame, { maxLength: 4 })
        .chain((frames) => cut(encode(frames)).map((pieces) => ({ frames, pieces })));
      return fuzz(
        fc.property(cases, ({ frames, pieces }) => {
          expect(gather(pieces)).toEqual({ frames, fault: undefined });
        }),
        300,
      );
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'finds every change of bytes: no frame is given that was not written',
    () => {
      const cases = fc
        .tuple(fc.array(frame, { minLength: 1, maxLength: 3 }), byteChanges)
        .chain(([frames, changes]) => {
          const written = encode(frames);
          const changed = changeBytes(written, changes);
          return cut(changed).map((pieces) => ({ frames, pieces, isSame: changed.equals(written) }));
        });
      return fuzz(
        fc.property(cases, ({ frames, pieces, isSame }) => {
          const got = gather(pieces);
          for (const [at, one] of got.frames.entries()) {
            // A frame may be cut out or stand twice as a whole; what there is of it is as it was written.
            expect(frames, `frame ${at}`).toContainEqual(one);
          }
          if (!isSame && got.frames.length === frames.length)
            expect(got.fault).toMatch(/^upstream(Failed|Interrupted)$/);
        }),
        1_000,
      );
    },
    FUZZ_TIMEOUT_MS,
  );

  it(
    'takes any bytes without another error than its own',
    () => {
      const lengths = fc.constantFrom(0, 1, 12, 15, 16, 17, 100, 2 ** 24, 2 ** 31, 2 ** 32 - 1);
      const announced = fc.tuple(lengths, lengths, fc.uint8Array({ maxLength: 60 })).map(([total, headers, rest]) => {
        const prelude = Buffer.alloc(8);
        prelude.writeUInt32BE(total, 0);
        prelude.writeUInt32BE(headers, 4);
        return Buffer.concat([prelude, rest]);
      });
      const cases = fc.oneof(fc.uint8Array({ maxLength: 120 }), announced).chain(cut);
      return fuzz(
        fc.property(cases, (pieces) => void gather(pieces)),
        1_000,
      );
    },
    FUZZ_TIMEOUT_MS,
  );
});
