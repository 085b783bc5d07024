import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../record/leaf.ts';
import { frameLength, readFrame, toFrame } from './frame.ts';
import { requestIdOf, toEntryFrame } from './journal-fixture.suite.ts';

const kinds = ['head', 'mark', 'seal'] as const;
const entry = toEntryFrame({
  type: 'request',
  time: 5,
  tenantAlias: new Uint8Array(16),
  writer: new Uint8Array(8),
  counter: 7,
  previous: new Uint8Array(32),
  sealed: Buffer.from(requestIdOf(1)),
});
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
    for (const frame of [toFrame('seal', Buffer.from('payload')), entry]) {
      for (let length = 0; length < frame.length; length += 1) {
        expect(readFrame(frame.subarray(0, length), 0)).toEqual({ kind: 'incomplete' });
      }
    }
  });

  it('is broken, and never merely incomplete, with any one bit flipped', () => {
    for (const frame of [toFrame('seal', Buffer.from('payload')), entry]) {
      for (let bit = 0; bit < frame.length * 8; bit += 1) {
        const flipped = Buffer.from(frame);
        flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
        expect(readFrame(flipped, 0)).toEqual({ kind: 'broken' });
      }
    }
  });

  it('tells how long it is by its first eight bytes', () => {
    expect(frameLength(entry)).toBe(entry.length);
    expect(frameLength(entry.subarray(0, 8))).toBe(entry.length);
    expect(frameLength(entry.subarray(0, 7))).toBeUndefined();
    expect(frameLength(Buffer.alloc(8, 1))).toBeUndefined();
  });
});
