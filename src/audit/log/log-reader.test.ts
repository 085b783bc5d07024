import { describe, expect, it, vi } from 'vitest';
import { toCheckpoint } from './checkpoint.ts';
import { createMemoryObjects, signer } from './log-fixture.suite.ts';
import { createLogReader } from './log-reader.ts';
import { toSegment, toSegmentPath } from './segment.ts';
import { signNote } from './signed-note.ts';
import { tilesOf } from './tile.ts';

const alias = new Uint8Array(16).fill(7);
const tenantAlias = Buffer.from(alias).toString('hex');
const segmentAt = (first: number) => toSegmentPath({ tenantAlias, first });

describe('reading a log', () => {
  it('has no checkpoint where none was published, and then the one that was', async () => {
    const objects = createMemoryObjects();
    const reader = createLogReader(objects);
    expect(await reader.checkpoint()).toBeUndefined();
    const note = await signNote(toCheckpoint({ origin: 'log', size: 7, root: new Uint8Array(32) }), [signer]);
    objects.objects.set('checkpoint', Buffer.from(note));
    expect(await reader.checkpoint()).toEqual({ note, size: 7 });
  });

  it('gives the leaves of a bundle from one on, also where it has been filled since', async () => {
    const objects = createMemoryObjects();
    const leaves = Array.from({ length: 300 }, (_, at) => Buffer.from(String(at)));
    for (const { path, bytes } of tilesOf({ oldSize: 0, leaves, partials: new Map() }))
      objects.objects.set(path, bytes);
    const reader = createLogReader(objects);
    const texts = async (from: number, size: number) =>
      (await reader.leaves(from, size)).map((leaf) => Buffer.from(leaf).toString());
    expect(await texts(250, 300)).toEqual(['250', '251', '252', '253', '254', '255']);
    expect(await texts(298, 300)).toEqual(['298', '299']);
    expect(await texts(2, 5)).toEqual(['2', '3', '4']);
    await expect(reader.leaves(600, 700)).rejects.toThrow('the log lacks `tile/entries/002.p/188`');
  });

  it('says which object is not what it should be', async () => {
    const objects = createMemoryObjects();
    const reader = createLogReader(objects);
    objects.objects.set('checkpoint', Buffer.from('x'));
    const message = 'checkpoint: it is no checkpoint; run `audit verify`';
    await expect(reader.checkpoint()).rejects.toMatchObject({ name: 'LogDamageError', path: 'checkpoint', message });
    objects.objects.set('tile/entries/000.p/3', Buffer.of(0, 1, 7));
    await expect(reader.leaves(0, 3)).rejects.toThrow(
      'entry 0, tile/entries/000.p/3: its leaf cannot be read; run `audit verify`',
    );
    objects.objects.set(segmentAt(0), Buffer.from('x'));
    await expect(reader.sealed({ index: 0, tenantAlias: alias }, 3)).rejects.toThrow(
      `entry 0, ${segmentAt(0)}: its segment cannot be read; run \`audit verify\``,
    );
  });

  /** A log of one tenant, and what its reader asks of the store. */
  function createSegments() {
    const objects = createMemoryObjects();
    const put = (first: number, ...indexes: readonly number[]) =>
      objects.objects.set(
        segmentAt(first),
        toSegment(indexes.map((index) => ({ index, sealed: Buffer.from(String(index)) }))),
      );
    put(3, 3, 5);
    put(9, 9);
    objects.objects.set(`segments/${tenantAlias}/notes`, Buffer.of());
    const list = vi.spyOn(objects, 'list');
    const read = vi.spyOn(objects, 'read');
    const reader = createLogReader(objects);
    const find = async (index: number, { size = 10, ...more }: { size?: number; segment?: string } = {}) => {
      const found = await reader.sealed({ index, tenantAlias: alias, ...more }, size);
      return found === undefined ? undefined : [Buffer.from(found.sealed).toString(), found.path];
    };
    return { objects, put, list, read, find };
  }

  it('finds records in their order without a list, and reads each segment once', async () => {
    const { put, list, read, find } = createSegments();
    expect(await find(3)).toEqual(['3', segmentAt(3)]);
    expect(await find(5)).toEqual(['5', segmentAt(3)]);
    expect(await find(9)).toEqual(['9', segmentAt(9)]);
    put(10, 10, 11);
    expect(await find(10, { size: 12 })).toEqual(['10', segmentAt(10)]);
    expect(await find(11, { size: 12 })).toEqual(['11', segmentAt(10)]);
    expect(read).toHaveBeenCalledTimes(3);
    expect(list).not.toHaveBeenCalled();
  });

  it('finds a record by a list of segments, once for a size, and tells of those that are gone', async () => {
    const { objects, put, list, find } = createSegments();
    expect(await find(5)).toEqual(['5', segmentAt(3)]);
    expect(await find(4)).toBeUndefined();
    expect(await find(2)).toBeUndefined();
    expect(list).toHaveBeenCalledTimes(1);
    await find(9);
    objects.objects.delete(segmentAt(3));
    expect(await find(5)).toBeUndefined();
    put(10, 10, 11);
    expect(await find(11)).toBeUndefined();
    expect(list).toHaveBeenCalledTimes(1);
    expect(await find(11, { size: 12 })).toEqual(['11', segmentAt(10)]);
    expect(list).toHaveBeenCalledTimes(2);
  });

  it('looks first into the segment that a record is said to be in, and believes only what is there', async () => {
    const { objects, put, list, find } = createSegments();
    put(6, 6, 7, 8);
    expect(await find(7, { segment: segmentAt(6) })).toEqual(['7', segmentAt(6)]);
    expect(list).not.toHaveBeenCalled();
    expect(await find(5, { segment: segmentAt(6) })).toEqual(['5', segmentAt(3)]);
    objects.objects.delete(segmentAt(6));
    await find(9);
    expect(await find(7, { segment: segmentAt(6) })).toBeUndefined();
  });
});
