import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FrameKind, readFrame, sha256, toFrame } from './frame.ts';

const kinds: readonly FrameKind[] = ['head', 'mark', 'entry', 'seal'];
const payloads = fc.uint8Array({ maxLength: 200 });

describe('a frame', () => {
  it('is read back as it was written, wherever it stands', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), payloads, payloads, (kind, payload, before) => {
        const file = Buffer.concat([before, toFrame(kind, payload), before]);
        const frame = readFrame(file, before.length);
        if (frame.kind === 'broken' || frame.kind === 'incomplete') throw new Error(frame.kind);
        expect(frame.kind).toBe(kind);
        expect(Buffer.compare(frame.payload, payload)).toBe(0);
        expect(Buffer.compare(frame.digest, sha256(payload))).toBe(0);
        expect(frame.end).toBe(file.length - before.length);
      }),
    );
  });

  it('is incomplete at every length but its own', () => {
    const frame = toFrame('entry', Buffer.from('payload'));
    for (let length = 0; length < frame.length; length += 1) {
      expect(readFrame(frame.subarray(0, length), 0)).toEqual({ kind: 'incomplete' });
    }
  });

  it('is broken, and never merely incomplete, with any one bit flipped', () => {
    const frame = toFrame('entry', Buffer.from('payload'));
    for (let bit = 0; bit < frame.length * 8; bit += 1) {
      const flipped = Buffer.from(frame);
      flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      expect(readFrame(flipped, 0)).toEqual({ kind: 'broken' });
    }
  });
});
