import { afterEach, describe, expect, it } from 'vitest';
import type { ActRecord } from '../../core/index.ts';
import { gatewayOwner } from '../../core/index.ts';
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
import { toCheckpoint } from '../log/checkpoint.ts';
import { createMemoryHeads, createMemoryObjects, signer } from '../log/log-fixture.suite.ts';
import { appendToFrontier, leafHash, rootOf } from '../log/merkle.ts';
import { toSegment, toSegmentPath } from '../log/segment.ts';
import { createSequencer } from '../log/sequencer.ts';
import { noteText, signNote, toSignatureLine, toVerifierKey } from '../log/signed-note.ts';
import { parseBundle, tilesOf, toBundle } from '../log/tile.ts';
import { createKeyWrapping } from '../record/key-wrapping.ts';
import { parseLeaf, sealedHashOf, sha256 } from '../record/leaf.ts';
import { createRecordKeyFinder, createTenantAliases } from '../record/record-keys.ts';
import { type VerifyLogOptions, verifyLog } from './verify-log.ts';

afterEach(cleanUp);

const keys = [toVerifierKey(signer.name, signer.publicKey)];

/** A log of exchanges of two tenants, and what verifies it. */
async function createScene(exchanges = 20, { batchBytes = 12_000 } = {}) {
  const place = createPlace();
  const journal = await place.open({ fileBytes: 1e6 });
  const objects = createMemoryObjects();
  const source = createJournalSource({ disk: localDisk, directory: place.directory });
  const parts = { source, heads: createMemoryHeads(), staging: createMemoryObjects(), sinks: [] };
  const sequencer = createSequencer({ ...parts, objects, signer, batchBytes });
  async function append(n: number) {
    const caller = n % 3 === 0 ? callerOf('app', 'other') : callerOf();
    await journal.append(requestOf(requestIdOf(n)), caller);
    await journal.append(responseOf(requestIdOf(n)), caller);
  }
  async function sequence() {
    while ((await sequencer.run()).hasMore);
  }
  await Promise.all(Array.from({ length: exchanges }, (_, n) => append(n)));
  await sequence();
  const wrapping = createKeyWrapping(place.keyRing);
  const reading = () => ({
    findKey: createRecordKeyFinder({ store: place.keys, wrapping, toAlias: createTenantAliases(place.keyRing) }),
  });
  const verify = (options: Partial<VerifyLogOptions> = {}) => verifyLog({ objects, keys, ...options });
  return { ...place, journal, objects, append, sequence, verify, reading };
}

function actOf(given: Partial<ActRecord>): ActRecord {
  const base = { kind: 'retention', requestId: requestIdOf(9_999), time: 5, operator: 'olga', act: 'test' } as const;
  return { ...base, details: {}, ...given };
}

const note = (objects: ReturnType<typeof createMemoryObjects>) =>
  Buffer.from(objects.objects.get('checkpoint') ?? Buffer.of()).toString();

describe('verifying a log', () => {
  it('finds nothing amiss in one that is as it was written, with keys and without', async () => {
    const scene = await createScene(160, { batchBytes: 30_000 });
    const seen: number[] = [];
    const verified = await scene.verify({ onProgress: (done, size) => seen.push(done, size) });
    expect(verified).toMatchObject({
      origin: signer.name,
      size: 320,
      faults: [],
      faultCount: 0,
      kept: 0,
      anchors: 0,
      erased: 0,
    });
    expect(verified.signers).toEqual([signer.name]);
    expect([...verified.writers.values()].map(({ counter }) => counter)).toEqual([320]);
    expect(seen).toEqual([256, 320, 320, 320]);
    expect((await scene.verify({ reading: scene.reading() })).faults).toEqual([]);
  });

  it('finds nothing amiss where the clock went back, and keeps the order of the entries', async () => {
    const scene = await createScene(0);
    const times = [5_000, 9_000, 1_000, 1_000, 7_000];
    for (const [n, time] of times.entries()) {
      await scene.journal.append(actOf({ requestId: requestIdOf(n), time }), gatewayOwner);
      await scene.sequence();
    }
    expect(await scene.verify({ reading: scene.reading() })).toMatchObject({ size: times.length, faults: [] });
    const leaves = parseBundle(scene.objects.objects.get(`tile/entries/000.p/${times.length}`) ?? Buffer.of());
    expect(leaves.map((leaf) => parseLeaf(leaf).time)).toEqual(times);
  });

  it('takes a log without a checkpoint for an empty one', async () => {
    expect(await verifyLog({ objects: createMemoryObjects(), keys })).toMatchObject({ size: 0, faults: [] });
  });

  it('finds every byte that is changed, and every object that is cut, missing or too much', async () => {
    const scene = await createScene(9, { batchBytes: 4_000 });
    const { objects } = scene.objects;
    for (const [path, whole] of [...objects]) {
      for (let at = 0; at < whole.length; at += path.startsWith('segments') ? 97 : 7) {
        const changed = Uint8Array.from(whole);
        changed[at] = (changed[at] ?? 0) ^ 0x10;
        objects.set(path, changed);
        const { faults } = await scene.verify();
        expect(faults.length, `${path} at ${at}`).toBeGreaterThan(0);
        if (path !== 'checkpoint')
          expect(faults.some((fault) => fault.path === path || fault.index !== undefined)).toBe(true);
      }
      objects.set(path, whole.subarray(0, -1));
      expect((await scene.verify()).faults.length, `${path} cut`).toBeGreaterThan(0);
      objects.delete(path);
      // A partial tile that a wider one has superseded may go.
      const isNeeded = !path.includes('.p/') || (await isOfLast(scene, path));
      if (path !== 'checkpoint' && isNeeded) {
        expect((await scene.verify()).faults.length, `${path} missing`).toBeGreaterThan(0);
      }
      objects.set(path, whole);
    }
    objects.set('notes.txt', Buffer.from('x'));
    expect((await scene.verify()).faults).toEqual([{ path: 'notes.txt', message: 'it is no part of a log' }]);
    objects.delete('notes.txt');
    expect((await scene.verify()).faults).toEqual([]);
  });

  it('names the first entry that is not as it was', async () => {
    const scene = await createScene(20, { batchBytes: 1e6 });
    const [path = '', segment = Buffer.of()] =
      [...scene.objects.objects].filter(([name]) => name.startsWith('segments')).at(0) ?? [];
    const changed = Uint8Array.from(segment);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    scene.objects.objects.set(path, changed);
    const { faults } = await scene.verify();
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({ path, message: 'its record is not the one its leaf commits to' });
    expect(faults[0]?.index).toBeGreaterThan(20);
  });

  it('refuses a checkpoint that no known key has signed', async () => {
    const scene = await createScene(2);
    const other = [toVerifierKey(signer.name, new Uint8Array(32).fill(1))];
    expect((await scene.verify({ keys: other })).faults.at(-1)).toMatchObject({ path: 'checkpoint' });
  });

  it('tells which witnesses cosigned, and takes no cosignature that is wrong', async () => {
    const scene = await createScene(2);
    const witness = toVerifierKey('witness', signer.publicKey, 'cosignature');
    expect((await scene.verify({ witnesses: [witness] })).cosigners).toEqual([]);
    const own = note(scene.objects);
    const time = Buffer.alloc(8, 0);
    const signature = await signer.sign(Buffer.from(`cosignature/v1\ntime 0\n${noteText(own)}`));
    const lines = (bytes: Uint8Array) => toSignatureLine({ ...witness, bytes });
    scene.objects.objects.set('checkpoint', Buffer.from(own + lines(Buffer.concat([time, signature]))));
    expect(await scene.verify({ witnesses: [witness] })).toMatchObject({ faults: [], cosigners: ['witness'] });
    expect(await scene.verify()).toMatchObject({ faults: [], cosigners: [] });
    scene.objects.objects.set('checkpoint', Buffer.from(own + lines(Buffer.alloc(72))));
    expect((await scene.verify({ witnesses: [witness] })).faults[0]?.message).toContain(
      'a signature on the note is wrong',
    );
  });

  it('is anchored by checkpoints that were kept, at any size, and finds a log that was rolled back or forked', async () => {
    const scene = await createScene(5);
    const early = { source: 'the sink', note: note(scene.objects) };
    const before = new Map(scene.objects.objects);
    for (let n = 5; n < 150; n += 1) await scene.append(n);
    await scene.sequence();
    const late = { source: 'the other sink', note: note(scene.objects) };
    expect(await scene.verify({ kept: [early, late] })).toMatchObject({ faults: [], kept: 2, anchors: 2 });
    for (const path of scene.objects.objects.keys()) scene.objects.objects.delete(path);
    for (const [path, bytes] of before) scene.objects.objects.set(path, bytes);
    const rolledBack = await scene.verify({ kept: [early, late] });
    expect(rolledBack).toMatchObject({
      kept: 2,
      anchors: 1,
      faults: [{ message: expect.stringContaining('the log was cut') }],
    });
    const fork = await createScene(5);
    expect((await fork.verify({ kept: [early] })).faults[0]?.message).toContain('has another log');
    expect((await fork.verify({ kept: [{ source: 'x', note: 'y' }] })).faults[0]?.message).toContain(
      'x: not a signed note',
    );
  });

  it('counts what an erasure took, and finds a key that is gone without one', async () => {
    const scene = await createScene(6);
    const key = scene.keys.keys.get('acme/app');
    scene.keys.keys.delete('acme/app');
    expect((await scene.verify({ reading: scene.reading() })).faults).toMatchObject([
      { message: 'its key is missing, and no record of an erasure says why' },
    ]);
    const erasedKeys = [Buffer.from(key?.keyId ?? Buffer.of()).toString('hex')];
    await scene.journal.append(actOf({ kind: 'erasure', disclosed: { erasedKeys } }), gatewayOwner);
    await scene.sequence();
    expect(await scene.verify({ reading: scene.reading() })).toMatchObject({ faults: [], erased: 8 });
    expect((await scene.verify()).faults).toEqual([]);
  });

  it('counts what retention took, and finds a segment that is gone without it', async () => {
    const scene = await createScene(6, { batchBytes: 3_000 });
    const [removed = ''] = [...scene.objects.objects.keys()].filter((path) => path.startsWith('segments'));
    scene.objects.objects.delete(removed);
    expect((await scene.verify()).faults[0]?.message).toContain('no record of retention');
    await scene.journal.append(actOf({ disclosed: { removedSegments: [removed, 'elsewhere'] } }), gatewayOwner);
    await scene.sequence();
    const verified = await scene.verify();
    expect(verified.faults).toEqual([]);
    expect(verified.removed).toBeGreaterThan(0);
  });

  it("refuses another tenant's key under a record's key id", async () => {
    const scene = await createScene(4);
    const { findKey } = scene.reading();
    const reading = {
      async findKey(keyId: Uint8Array) {
        const key = await findKey(keyId);
        return key === undefined ? undefined : { ...key, tenantAlias: new Uint8Array(16) };
      },
    };
    expect((await scene.verify({ reading })).faultCount).toBe(8);
  });

  it('goes on where an object is taken away while it verifies, and tells where it was needed', async () => {
    const scene = await createScene(9, { batchBytes: 3_000 });
    const without = (gone: string) => ({
      ...scene.objects,
      read: async (path: string) => (path === gone ? undefined : scene.objects.read(path)),
    });
    const paths = [...scene.objects.objects.keys()];
    const superseded = paths.find((path) => path.startsWith('tile/0/') && !path.endsWith('.p/18')) ?? '';
    expect((await scene.verify({ objects: without(superseded) })).faults).toEqual([]);
    const segment = paths.find((path) => path.startsWith('segments')) ?? '';
    const { faults } = await scene.verify({ objects: without(segment) });
    expect(faults.some(({ path, message }) => path === segment && message.includes('gone since'))).toBe(true);
  });

  it('finds a segment of records that no leaf is of, and a bundle that is none', async () => {
    const scene = await createScene(3);
    const tenantAlias = '00'.repeat(16);
    const path = toSegmentPath({ tenantAlias, first: 2 });
    scene.objects.objects.set(path, toSegment([{ index: 2, sealed: Buffer.of(1) }]));
    expect((await scene.verify()).faults).toEqual([{ index: 2, path, message: 'no leaf is of its records' }]);
    scene.objects.objects.delete(path);
    scene.objects.objects.set('tile/entries/000.p/6', Buffer.of(0xff, 0xff));
    expect((await scene.verify()).faults[0]).toMatchObject({ index: 0, message: 'it is no bundle of entries' });
  });

  it('holds full tiles of every level against the leaves', async () => {
    const objects = createMemoryObjects();
    const leaves = Array.from({ length: 65_800 }, (_, at) => Buffer.from(String(at)));
    for (const { path, bytes } of tilesOf({ oldSize: 0, leaves, partials: new Map() }))
      objects.objects.set(path, bytes);
    const { frontier } = appendToFrontier({ size: 0, frontier: [] }, leaves.map(leafHash));
    const text = toCheckpoint({ origin: signer.name, size: leaves.length, root: rootOf(frontier) });
    objects.objects.set('checkpoint', Buffer.from(await signNote(text, [signer])));
    // None of them is a leaf of ours, which is all there is to find.
    expect((await verifyLog({ objects, keys })).faultCount).toBe(leaves.length);
    const tile = Uint8Array.from(objects.objects.get('tile/1/000') ?? Buffer.of());
    tile[40] = 1;
    objects.objects.set('tile/1/000', tile);
    expect((await verifyLog({ objects, keys })).faultCount).toBe(leaves.length + 1);
  });

  it('goes no further where a bundle has too few entries', async () => {
    const scene = await createScene(3);
    const bundle = scene.objects.objects.get('tile/entries/000.p/6') ?? Buffer.of();
    scene.objects.objects.set('tile/entries/000.p/6', toBundle(parseBundle(bundle).slice(0, 4)));
    expect((await scene.verify()).faults).toContainEqual({
      index: 4,
      path: 'tile/entries/000.p/6',
      message: 'entries are missing',
    });
  });

  it('finds a leaf that is none, in a log that is otherwise in order', async () => {
    const objects = createMemoryObjects();
    const leaves = [Buffer.from('no leaf'), Buffer.from('another')];
    for (const { path, bytes } of tilesOf({ oldSize: 0, leaves, partials: new Map() }))
      objects.objects.set(path, bytes);
    const { frontier } = appendToFrontier({ size: 0, frontier: [] }, leaves.map(leafHash));
    const text = toCheckpoint({ origin: signer.name, size: 2, root: rootOf(frontier) });
    objects.objects.set('checkpoint', Buffer.from(await signNote(text, [signer])));
    expect((await verifyLog({ objects, keys })).faults).toEqual(
      [0, 1].map((index) => ({ index, message: 'its leaf cannot be read' })),
    );
  });

  it('finds what is no record, though its leaf commits to it', async () => {
    const scene = await createScene(1);
    const [first = Buffer.of()] = parseBundle(scene.objects.objects.get('tile/entries/000.p/2') ?? Buffer.of());
    const leaf = Uint8Array.from(first);
    const sealed = Buffer.from('no record');
    sealedHashOf(leaf).set(sha256(sealed));
    const objects = createMemoryObjects();
    for (const { path, bytes } of tilesOf({ oldSize: 0, leaves: [leaf], partials: new Map() })) {
      objects.objects.set(path, bytes);
    }
    const tenantAlias = Buffer.from(parseLeaf(leaf).tenantAlias).toString('hex');
    const path = toSegmentPath({ tenantAlias, first: 0 });
    objects.objects.set(path, toSegment([{ index: 0, sealed }]));
    const text = toCheckpoint({ origin: signer.name, size: 1, root: leafHash(leaf) });
    objects.objects.set('checkpoint', Buffer.from(await signNote(text, [signer])));
    for (const more of [{}, { reading: scene.reading() }]) {
      const { faults } = await verifyLog({ objects, keys, ...more });
      expect(faults).toEqual([{ index: 0, path, message: 'it holds what is no record' }]);
    }
  });

  it('misses a tile of which nothing is left', async () => {
    const scene = await createScene(3, { batchBytes: 1e6 });
    scene.objects.objects.delete('tile/0/000.p/6');
    expect((await scene.verify()).faults).toEqual([{ index: 0, path: 'tile/0/000.p/6', message: 'it is missing' }]);
  });

  it('leaves alone what is being published behind the checkpoint', async () => {
    const scene = await createScene(5);
    const checkpoint = scene.objects.objects.get('checkpoint') ?? Buffer.of();
    await scene.append(6);
    await scene.sequence();
    scene.objects.objects.set('checkpoint', checkpoint);
    const verified = await scene.verify();
    expect(verified).toMatchObject({ size: 10, faults: [] });
    expect(verified.pending).toBeGreaterThan(0);
  });
});

async function isOfLast(scene: Awaited<ReturnType<typeof createScene>>, path: string): Promise<boolean> {
  return path.endsWith(`.p/${(await scene.verify()).size}`);
}
