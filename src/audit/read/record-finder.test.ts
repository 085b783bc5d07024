import { afterEach, describe, expect, it } from 'vitest';
import type { IndexedRecord, RecordIndex } from '../../core/index.ts';
import { localDisk } from '../journal/disk-store.ts';
import {
  callerOf,
  cleanUp,
  createPlace,
  releaseOf,
  requestIdOf,
  requestOf,
  responseOf,
} from '../journal/journal-fixture.suite.ts';
import { findEntries } from '../journal/journal-reader.ts';
import { createJournalSource } from '../journal/journal-source.ts';
import { createMemoryHeads, createMemoryObjects, signer } from '../log/log-fixture.suite.ts';
import { createLogReader } from '../log/log-reader.ts';
import { toSegment } from '../log/segment.ts';
import { createSequencer } from '../log/sequencer.ts';
import { toBundle } from '../log/tile.ts';
import { createKeyWrapping } from '../record/key-wrapping.ts';
import { createRecordKeyFinder, createTenantAliases } from '../record/record-keys.ts';
import { createRecordFinder } from './record-finder.ts';

afterEach(cleanUp);

const id = requestIdOf(1);

/** A journal and its log, found in with an index that covers the first `indexed` entries. */
async function createScene(indexed = 0) {
  const place = createPlace();
  const journal = await place.open();
  const objects = createMemoryObjects();
  const source = createJournalSource({ disk: localDisk, directory: place.directory });
  const parts = { source, heads: createMemoryHeads(), staging: createMemoryObjects(), sinks: [] };
  const sequencer = createSequencer({ ...parts, objects, signer });
  const naming = {
    store: place.keys,
    wrapping: createKeyWrapping(place.keyRing),
    toAlias: createTenantAliases(place.keyRing),
  };
  const places: number[] = [];
  const index: Pick<RecordIndex, 'position' | 'find'> = {
    position: async () => indexed,
    find: async () => places.map((found) => ({ index: found }) as IndexedRecord),
  };
  const finder = createRecordFinder({
    reader: createLogReader(objects),
    index: index as RecordIndex,
    findEntries: (requestId) => findEntries(localDisk, place.directory, requestId),
    openKeys: () => createRecordKeyFinder(naming),
    keys: place.keys,
  });
  const kinds = async () => (await finder.find(id)).map(({ record, index: at }) => [record.kind, at]);
  return { ...place, journal, objects, finder, places, kinds, sequence: () => sequencer.run() };
}

describe('finding records', () => {
  it('finds them in the journal, in the log and in both, once', async () => {
    const { journal, sequence, kinds } = await createScene();
    await journal.append(requestOf(requestIdOf(2)), callerOf('web'));
    await journal.append(requestOf(id), callerOf());
    expect(await kinds()).toEqual([['request', undefined]]);
    await sequence();
    expect(await kinds()).toEqual([['request', 1]]);
    await journal.append(releaseOf(id, 0), callerOf());
    await journal.append(responseOf(id), callerOf());
    expect(await kinds()).toEqual([
      ['request', 1],
      ['release', undefined],
      ['response', undefined],
    ]);
  });

  it('believes the index as far as it goes', async () => {
    const { journal, sequence, finder, kinds, places } = await createScene(2);
    await journal.append(requestOf(id), callerOf());
    await journal.append(requestOf(requestIdOf(2)), callerOf());
    await journal.append(responseOf(id), callerOf());
    await journal.close();
    await sequence();
    places.push(0);
    expect(await kinds()).toEqual([
      ['request', 0],
      ['response', 2],
    ]);
    expect(await finder.at(2)).toMatchObject({ index: 2, record: { kind: 'response' } });
  });

  it('gives the record at a place, and nothing where there is none or its segment was removed', async () => {
    const { journal, sequence, finder, objects, kinds, places } = await createScene(1);
    expect(await finder.at(0)).toBeUndefined();
    await journal.append(requestOf(id), callerOf());
    await journal.append(responseOf(id), callerOf());
    await journal.close();
    await sequence();
    expect(await finder.at(2)).toBeUndefined();
    places.push(0);
    for (const path of objects.objects.keys()) if (path.startsWith('segments')) objects.objects.delete(path);
    expect(await kinds()).toEqual([]);
  });

  it('says which leaf or record behind the index it cannot read', async () => {
    const { journal, sequence, finder, objects, kinds } = await createScene();
    await journal.append(requestOf(id), callerOf());
    await journal.close();
    await sequence();
    const damaged = async (part: string, bytes: Uint8Array, what: string) => {
      const [path = '', whole = Buffer.of()] = [...objects.objects].find(([name]) => name.startsWith(part)) ?? [];
      objects.objects.set(path, bytes);
      await expect(kinds()).rejects.toMatchObject({ name: 'LogDamageError', index: 0, message: expect.any(String) });
      await expect(finder.at(0)).rejects.toThrow(what);
      objects.objects.set(path, whole);
    };
    await damaged('tile/entries', toBundle([Buffer.from('x')]), 'its leaf cannot be read');
    await damaged('tile/entries', Buffer.of(0, 9), 'its leaf cannot be read');
    await damaged('segments', toSegment([{ index: 0, sealed: Buffer.from('x') }]), 'does not decrypt');
  });

  it('says that a record was erased, or does not open in its place', async () => {
    const { journal, sequence, finder, keys, kinds, objects } = await createScene();
    await journal.append(requestOf(id), callerOf());
    await journal.append(responseOf(id), callerOf());
    await journal.close();
    await sequence();
    const [path = '', segment = Buffer.of()] = [...objects.objects].find(([name]) => name.startsWith('segments')) ?? [];
    const changed = Buffer.from(segment);
    changed.writeUInt8(changed.readUInt8(300) ^ 1, 300);
    objects.objects.set(path, changed);
    await expect(finder.at(0)).rejects.toMatchObject({
      name: 'LogDamageError',
      message: `entry 0, ${path}: its record does not decrypt in its place; run \`audit verify\``,
    });
    for (const { keyId } of [...keys.keys.values()]) await keys.destroy(keyId, 1);
    await expect(kinds()).rejects.toMatchObject({ name: 'RecordErasedError' });
  });
});
