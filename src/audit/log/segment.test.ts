import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSegment, parseSegmentPath, toSegment, toSegmentPath } from './segment.ts';

const tenantAlias = '00112233445566778899aabbccddeeff';

describe('a segment', () => {
  it('gives back its records, to the last byte of it', () => {
    const records = fc.uniqueArray(fc.record({ index: fc.maxSafeNat(), sealed: fc.uint8Array({ maxLength: 50 }) }), {
      selector: ({ index }) => index,
      maxLength: 5,
    });
    fc.assert(
      fc.property(records, (given) => {
        const sorted = given.toSorted((one, other) => one.index - other.index);
        const read = parseSegment(toSegment(sorted));
        expect(read.map(({ index }) => index)).toEqual(sorted.map(({ index }) => index));
        for (const [at, { sealed }] of sorted.entries()) {
          expect(Buffer.compare(read[at]?.sealed ?? Buffer.of(1), sealed)).toBe(0);
        }
      }),
    );
  });

  it('is refused at every other length, with other records, and with other beginnings', () => {
    const segment = toSegment([
      { index: 4, sealed: Buffer.from('one') },
      { index: 9, sealed: Buffer.from('two') },
    ]);
    for (let length = 0; length < segment.length; length += 1) {
      expect(() => parseSegment(segment.subarray(0, length)), `length ${length}`).toThrow('not a segment');
    }
    expect(() => parseSegment(Buffer.concat([segment, Buffer.of(0)]))).toThrow('not a segment');
    for (let at = 0; at < 12; at += 1) {
      const changed = Buffer.from(segment);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      expect(() => parseSegment(changed), `byte ${at}`).toThrow('not a segment');
    }
    const backwards = toSegment([
      { index: 9, sealed: Buffer.of() },
      { index: 9, sealed: Buffer.of() },
    ]);
    expect(() => parseSegment(backwards)).toThrow('not a segment');
  });
});

describe("a segment's path", () => {
  it('names tenant and first record, and sorts as the records do', () => {
    expect(toSegmentPath({ tenantAlias, first: 1_234_567 })).toBe(`segments/${tenantAlias}/000/000/001/234/567`);
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (one, other) => {
        const [a, b] = [one, other].map((first) => toSegmentPath({ tenantAlias, first }));
        expect(parseSegmentPath(a ?? '')).toEqual({ tenantAlias, first: one });
        expect(Math.sign((a ?? '').localeCompare(b ?? ''))).toBe(Math.sign(one - other));
      }),
    );
  });

  it.each([
    '',
    'segments',
    `segments/${tenantAlias}/000`,
    `segments/X/000/000/000/000/000`,
    `x/${tenantAlias}/000/000/000/000/000`,
  ])('is not %j', (path) => {
    expect(parseSegmentPath(path)).toBeUndefined();
  });
});
