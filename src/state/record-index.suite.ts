import { expect, it } from 'vitest';
import { type IndexedRecord, parseRequestId, type RecordIndex } from '../core/index.ts';

const idOf = (n: number) => parseRequestId(`019ab2c4-7d00-7a5c-9f1e-${n.toString(16).padStart(12, '0')}`);

function record(index: number, given: Partial<IndexedRecord> = {}): IndexedRecord {
  return {
    index,
    time: 1_764_000_000_000 + index,
    type: index % 2 === 0 ? 'request' : 'response',
    requestId: idOf(Math.floor(index / 2)),
    tenant: index % 4 < 2 ? 'bank' : 'other',
    principal: 'app',
    decision: 'pass',
    findings: [],
    segment: 'segments/a',
    ...given,
  };
}

const records = (from: number, until: number) => Array.from({ length: until - from }, (_, at) => record(from + at));
const places = (found: readonly IndexedRecord[]) => found.map(({ index }) => index);

/** What every record index does. `open` gives two handles on the same new, empty storage. */
export function itIndexesRecords(open: () => Promise<readonly [RecordIndex, RecordIndex]>): void {
  it('lists what was added, the newest first, page by page', async () => {
    const [index, other] = await open();
    expect(await index.position()).toBe(0);
    expect(await index.list({ limit: 10 })).toEqual([]);
    expect(await index.add(records(0, 8), 0, 9)).toBe(true);
    expect(await other.position()).toBe(9);
    expect(await index.add(records(9, 12), 9, 12)).toBe(true);
    const first = await other.list({ limit: 5 });
    expect(places(first)).toEqual([11, 10, 9, 7, 6]);
    expect(places(await other.list({ limit: 100, below: 6 }))).toEqual([5, 4, 3, 2, 1, 0]);
    expect(first[4]).toStrictEqual(record(6));
  });

  it('keeps every member of a record, and leaves out what it has not', async () => {
    const [index] = await open();
    const full = record(0, { model: 'm', action: 'InvokeModel', findings: ['EMAIL', 'PHONE'] });
    const { decision, ...bare } = record(1, { tenant: '-', principal: 'gateway' });
    expect(decision).toBe('pass');
    await index.add([full, bare], 0, 2);
    expect(await index.list({ limit: 2 })).toStrictEqual([bare, full]);
  });

  it('finds by each filter, and by all of them together', async () => {
    const [index] = await open();
    const odd = record(8, { principal: 'web', model: 'nova', decision: 'block', findings: ['US_PHONE', 'EMAIL'] });
    await index.add([...records(0, 8), odd], 0, 9);
    expect(places(await index.list({ tenant: 'other', limit: 9 }))).toEqual([7, 6, 3, 2]);
    expect(places(await index.list({ type: 'response', limit: 9 }))).toEqual([7, 5, 3, 1]);
    expect(places(await index.list({ from: record(3).time, until: record(5).time, limit: 9 }))).toEqual([4, 3]);
    for (const query of [{ principal: 'web' }, { model: 'nova' }, { decision: 'block' }, { finding: 'EMAIL' }]) {
      expect(places(await index.list({ ...query, limit: 9 }))).toEqual([8]);
    }
    expect(await index.list({ finding: 'PHONE', limit: 9 })).toEqual([]);
    expect(await index.list({ finding: '%', limit: 9 })).toEqual([]);
    expect(
      places(await index.list({ tenant: 'bank', type: 'request', below: 8, from: record(1).time, limit: 9 })),
    ).toEqual([4]);
    expect(await index.list({ tenant: "x' OR 1=1 --", limit: 9 })).toEqual([]);
  });

  it('finds all of a request, in the order of the log', async () => {
    const [index] = await open();
    await index.add(records(0, 8), 0, 8);
    expect(places(await index.find(idOf(2)))).toEqual([4, 5]);
    expect(await index.find(idOf(99))).toEqual([]);
  });

  it('takes nothing that does not go on where it is, and one of those that add at once', async () => {
    const [index, other] = await open();
    expect(await index.add(records(1, 3), 1, 3)).toBe(false);
    expect(await index.list({ limit: 9 })).toEqual([]);
    const added = await Promise.all([index.add(records(0, 3), 0, 3), other.add(records(0, 4), 0, 4)]);
    expect(added.filter(Boolean)).toHaveLength(1);
    expect(await index.position()).toBe(added[0] ? 3 : 4);
  });

  it('has other records in the place of those it had, and all else as it was', async () => {
    const [index, other] = await open();
    await index.add(records(0, 6), 0, 6);
    const changed = record(2, { principal: 'web' });
    expect(await other.replace([changed], [1, 2, 3])).toBe(true);
    expect(places(await index.list({ limit: 9 }))).toEqual([5, 4, 2, 0]);
    expect(await index.list({ principal: 'web', limit: 9 })).toEqual([changed]);
    expect(await index.position()).toBe(6);
    expect(await index.replace([], [])).toBe(true);
  });

  it('replaces nothing where a place is behind its position', async () => {
    const [index] = await open();
    expect(await index.replace([record(0)], [0])).toBe(false);
    await index.add(records(0, 4), 0, 4);
    expect(await index.replace([record(4)], [3, 4])).toBe(false);
    expect(places(await index.list({ limit: 9 }))).toEqual([3, 2, 1, 0]);
  });

  it('goes on where it was cut', async () => {
    const [index] = await open();
    await index.cut(0);
    expect(await index.position()).toBe(0);
    await index.add(records(0, 6), 0, 6);
    await index.cut(9);
    expect(await index.position()).toBe(6);
    await index.cut(4);
    expect(places(await index.list({ limit: 9 }))).toEqual([3, 2, 1, 0]);
    expect(await index.position()).toBe(4);
    expect(await index.add(records(4, 6), 4, 6)).toBe(true);
  });

  it('forgets a subject, a tenant or a segment, and no other', async () => {
    const [index] = await open();
    const of = (place: number, tenant: string, principal: string, segment = 's') =>
      record(place, { tenant, principal, segment });
    await index.add([of(0, 'a', 'x'), of(1, 'a', 'y'), of(2, 'b', 'x'), of(3, 'b', 'x', 't')], 0, 4);
    await index.forget('a', 'x');
    expect(places(await index.list({ limit: 9 }))).toEqual([3, 2, 1]);
    await index.forgetSegment('t');
    expect(places(await index.list({ limit: 9 }))).toEqual([2, 1]);
    await index.forget('a');
    expect(places(await index.list({ limit: 9 }))).toEqual([2]);
    expect(await index.position()).toBe(4);
  });

  it('knows the segments that are all past a time, and hold nothing of a held subject', async () => {
    const [index] = await open();
    const of = (place: number, time: number, given: Partial<IndexedRecord>) =>
      record(place, { time, tenant: 'a', ...given });
    await index.add(
      [
        of(0, 1, { segment: 'old' }),
        of(1, 2, { segment: 'old', principal: 'web' }),
        of(2, 3, { segment: 'mixed' }),
        of(3, 9, { segment: 'mixed' }),
        of(4, 2, { segment: 'other', tenant: 'b' }),
      ],
      0,
      5,
    );
    expect(await index.expired('a', 5, [])).toEqual(['old']);
    expect(await index.expired('a', 2, [])).toEqual([]);
    expect((await index.expired('a', 10, ['nobody'])).toSorted()).toEqual(['mixed', 'old']);
    expect(await index.expired('a', 10, ['web'])).toEqual(['mixed']);
  });

  it.each([0, 1_001, Number.NaN])('lists no %d at once', async (limit) => {
    const [index] = await open();
    await expect(index.list({ limit })).rejects.toThrow(RangeError);
  });
}
