import { afterEach, describe, expect, it } from 'vitest';
import type { IndexedRecord, RecordIndex } from '../../core/index.ts';
import { localDisk } from '../journal/disk-store.ts';
import {
  callerOf,
  cleanUp,
  createPlace,
  requestIdOf,
  requestOf,
  responseOf,
} from '../journal/journal-fixture.suite.ts';
import { createJournalSource } from '../journal/journal-source.ts';
import { createKeyWrapping } from '../record/key-wrapping.ts';
import { createRecordKeyFinder, createTenantAliases } from '../record/record-keys.ts';
import { createIndexer } from './indexer.ts';
import { createMemoryHeads, createMemoryObjects, signer } from './log-fixture.suite.ts';
import { createLogReader } from './log-reader.ts';
import { parseSegment } from './segment.ts';
import { createSequencer } from './sequencer.ts';

afterEach(cleanUp);

/** An index by contract, in memory. */
function createMemoryIndex(): RecordIndex & { readonly rows: IndexedRecord[] } {
  const rows: IndexedRecord[] = [];
  let position = 0;
  return {
    rows,
    position: async () => position,
    async add(records, from, until) {
      if (from !== position) return false;
      rows.push(...records);
      position = until;
      return true;
    },
    list: async () => rows,
    find: async () => [],
    async replace(records, places) {
      if (places.some((place) => place >= position)) return false;
      const others = rows.filter(({ index }) => !places.includes(index));
      rows.splice(0, rows.length, ...[...others, ...records].toSorted((one, other) => one.index - other.index));
      return true;
    },
    async cut(size) {
      rows.splice(0, rows.length, ...rows.filter(({ index }) => index < size));
      position = Math.min(position, size);
    },
    forget: async () => {},
    expired: async () => [],
    forgetSegment: async () => {},
  };
}

async function createScene() {
  const place = createPlace();
  const journal = await place.open();
  const objects = createMemoryObjects();
  const source = createJournalSource({ disk: localDisk, directory: place.directory });
  const parts = { source, heads: createMemoryHeads(), staging: createMemoryObjects(), sinks: [] };
  const sequencer = createSequencer({ ...parts, objects, signer, batchBytes: 10_000 });
  const index = createMemoryIndex();
  const naming = {
    store: place.keys,
    wrapping: createKeyWrapping(place.keyRing),
    toAlias: createTenantAliases(place.keyRing),
  };
  const indexerOf = (own: RecordIndex) =>
    createIndexer({ reader: createLogReader(objects), index: own, openKeys: () => createRecordKeyFinder(naming) });
  const indexer = () => indexerOf(index);
  async function add(count: number, from = 0) {
    for (let n = from; n < from + count; n += 1) {
      const caller = n % 2 === 0 ? callerOf() : callerOf('web', 'other');
      await journal.append(requestOf(requestIdOf(n)), caller);
      await journal.append(responseOf(requestIdOf(n)), caller);
    }
    while ((await sequencer.run()).hasMore);
  }
  /** Flips a bit in the last record of the first segment. */
  function damage() {
    const [path = '', bytes = Buffer.of()] = [...objects.objects].find(([name]) => name.startsWith('segments')) ?? [];
    const changed = Buffer.from(bytes);
    const at = changed.length - 20;
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    objects.objects.set(path, changed);
    return { path, place: parseSegment(changed).at(-1)?.index ?? -1 };
  }
  return { ...place, objects, index, indexer, indexerOf, add, damage };
}

describe('the indexer', () => {
  it('has nothing to do in a log without entries, and then adds what is new', async () => {
    const { indexer, index, add } = await createScene();
    const own = indexer();
    expect(await own.run()).toEqual({ records: 0, damaged: 0 });
    await add(150);
    expect(await own.run()).toEqual({ records: 300, damaged: 0 });
    expect(index.rows.map((row) => row.index)).toEqual(Array.from({ length: 300 }, (_, at) => at));
    expect(index.rows[2]).toMatchObject({ type: 'request', tenant: 'other', principal: 'web' });
    expect(await own.run()).toEqual({ records: 0, damaged: 0 });
    await add(1, 150);
    expect(await own.run()).toEqual({ records: 2, damaged: 0 });
  });

  it.each(['fails', 'lands but fails'] as const)(
    'has each record once where a write of the index %s, and it runs again',
    async (fault) => {
      const { index, indexerOf, add } = await createScene();
      await add(200);
      let writes = 0;
      const wrong = {
        ...index,
        async add(...given: Parameters<typeof index.add>) {
          writes += 1;
          if (writes !== 2) return index.add(...given);
          if (fault === 'lands but fails') await index.add(...given);
          throw new Error('EIO');
        },
      };
      await expect(indexerOf(wrong).run()).rejects.toThrow('EIO');
      await indexerOf(wrong).run();
      expect(index.rows.map((row) => row.index)).toEqual(Array.from({ length: 400 }, (_, at) => at));
    },
  );

  it('leaves out what cannot be read any more, and goes on behind it', async () => {
    const { indexer, index, add, objects, keys } = await createScene();
    await add(20);
    keys.keys.delete('other/web');
    const [gone = ''] = [...objects.objects.keys()].filter((path) => path.startsWith('segments'));
    objects.objects.delete(gone);
    const { records: added } = await indexer().run();
    expect(added).toBeLessThan(20);
    expect(added).toBe(index.rows.length);
    expect(await index.position()).toBe(40);
    expect(index.rows.every(({ tenant }) => tenant === 'acme')).toBe(true);
  });

  it('goes on where another was first', async () => {
    const { indexer, index, add } = await createScene();
    await add(150);
    const added = await Promise.all([indexer().run(), indexer().run()]);
    expect(added[0].records + added[1].records).toBe(300);
    expect(index.rows).toHaveLength(300);
  });

  it('leaves out a record that does not open, says which, and goes on behind it', async () => {
    const { indexer, index, add, damage } = await createScene();
    await add(150);
    const { path, place } = damage();
    const { records, damaged, damage: why } = await indexer().run();
    expect({ records, damaged }).toEqual({ records: 299, damaged: 1 });
    expect(why).toMatchObject({ name: 'LogDamageError', index: place, path });
    expect(why?.message).toBe(
      `entry ${place}, ${path}: its record does not decrypt in its place; run \`audit verify\``,
    );
    expect(await index.position()).toBe(300);
    expect(index.rows.map((row) => row.index)).not.toContain(place);
  });

  it('leaves out all of a segment that is none, and says the first of them', async () => {
    const { indexer, objects, add } = await createScene();
    await add(20);
    const [path = ''] = [...objects.objects.keys()].filter((name) => name.startsWith('segments'));
    objects.objects.set(path, Buffer.from('nothing'));
    const { records, damaged, damage } = await indexer().run();
    expect(damaged).toBeGreaterThan(1);
    expect(records + damaged).toBe(40);
    expect(damage?.message).toContain(`${path}: its segment cannot be read`);
  });

  it('adds nothing while keys cannot be unwrapped or leaves cannot be read', async () => {
    const { index, add, objects, indexer } = await createScene();
    await add(20);
    const openKeys = () => () => Promise.reject(new Error('KMS is down'));
    const locked = createIndexer({ reader: createLogReader(objects), index, openKeys });
    await expect(locked.run()).rejects.toThrow('KMS is down');
    for (const path of objects.objects.keys()) {
      if (path.startsWith('tile/entries')) objects.objects.set(path, Buffer.of(0, 9));
    }
    await expect(indexer().run()).rejects.toMatchObject({ name: 'LogDamageError', index: 0 });
    expect(await index.position()).toBe(0);
  });

  it('makes the index anew, whatever was in it', async () => {
    const { indexer, index, add } = await createScene();
    await add(150);
    await indexer().run();
    const right = structuredClone(index.rows);
    index.rows.splice(10, 5);
    index.rows[0] = { ...(right[0] as IndexedRecord), tenant: 'wrong' };
    await add(1, 150);
    expect(await indexer().renew()).toEqual({ records: 302, damaged: 0 });
    expect(index.rows.slice(0, 300)).toEqual(right);
    expect(await index.position()).toBe(302);
  });

  it('keeps what the index has of a record that does not open any more', async () => {
    const { indexer, index, add, damage } = await createScene();
    await add(150);
    await indexer().run();
    const rows = structuredClone(index.rows);
    const { place } = damage();
    expect(await indexer().renew()).toMatchObject({ records: 299, damaged: 1, damage: { index: place } });
    expect(index.rows).toEqual(rows);
  });

  it('takes out of the index what the log does not have', async () => {
    const { indexer, index, add } = await createScene();
    await add(20);
    await indexer().run();
    const [last] = index.rows;
    await index.add([{ ...(last as IndexedRecord), index: 40 }], 40, 41);
    expect(await indexer().renew()).toEqual({ records: 40, damaged: 0 });
    expect(index.rows).toHaveLength(40);
    expect(await index.position()).toBe(40);
  });
});
