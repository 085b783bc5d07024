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
    clear: async () => {},
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
  const indexer = () =>
    createIndexer({ reader: createLogReader(objects), index, openKeys: () => createRecordKeyFinder(naming) });
  async function add(count: number, from = 0) {
    for (let n = from; n < from + count; n += 1) {
      const caller = n % 2 === 0 ? callerOf() : callerOf('web', 'other');
      await journal.append(requestOf(requestIdOf(n)), caller);
      await journal.append(responseOf(requestIdOf(n)), caller);
    }
    while ((await sequencer.run()).hasMore);
  }
  return { ...place, objects, index, indexer, add };
}

describe('the indexer', () => {
  it('has nothing to do in a log without entries, and then adds what is new', async () => {
    const { indexer, index, add } = await createScene();
    const own = indexer();
    expect(await own.run()).toBe(0);
    await add(150);
    expect(await own.run()).toBe(300);
    expect(index.rows.map((row) => row.index)).toEqual(Array.from({ length: 300 }, (_, at) => at));
    expect(index.rows[2]).toMatchObject({ type: 'request', tenant: 'other', principal: 'web' });
    expect(await own.run()).toBe(0);
    await add(1, 150);
    expect(await own.run()).toBe(2);
  });

  it('leaves out what cannot be read any more, and goes on behind it', async () => {
    const { indexer, index, add, objects, keys } = await createScene();
    await add(20);
    keys.keys.delete('other/web');
    const [gone = ''] = [...objects.objects.keys()].filter((path) => path.startsWith('segments'));
    objects.objects.delete(gone);
    const added = await indexer().run();
    expect(added).toBeLessThan(20);
    expect(added).toBe(index.rows.length);
    expect(await index.position()).toBe(40);
    expect(index.rows.every(({ tenant }) => tenant === 'acme')).toBe(true);
  });

  it('goes on where another was first', async () => {
    const { indexer, index, add } = await createScene();
    await add(150);
    const added = await Promise.all([indexer().run(), indexer().run()]);
    expect(added[0] + added[1]).toBe(300);
    expect(index.rows).toHaveLength(300);
  });
});
