import { afterEach, describe, expect, it } from 'vitest';
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
import { verifyLog } from '../verify/verify-log.ts';
import { parseCheckpoint, toCheckpoint } from './checkpoint.ts';
import {
  type CheckpointSink,
  type JournalSource,
  type LogEntry,
  ObjectKeptError,
  type ObjectStore,
} from './contracts.ts';
import { createMemoryHeads, createMemoryObjects, signer } from './log-fixture.suite.ts';
import { EMPTY_HEAD, parseLogHead, toHeadBytes } from './log-head.ts';
import { createLogReader } from './log-reader.ts';
import { appendToFrontier, leafHash, rootOf } from './merkle.ts';
import { parseSegment, parseSegmentPath } from './segment.ts';
import { createSequencer, type Sequencer } from './sequencer.ts';
import { signNote, toVerifierKey, verifyNote } from './signed-note.ts';
import { parseBundle } from './tile.ts';

afterEach(cleanUp);

/** A journal with `count` exchanges of two tenants, and what sequences it. */
async function createScene(count: number, { fileBytes = 4000, batchBytes = 6000 } = {}) {
  const place = createPlace();
  const journal = await place.open({ fileBytes });
  const source = createJournalSource({ disk: localDisk, directory: place.directory });
  const objects = createMemoryObjects();
  const staging = createMemoryObjects();
  const heads = createMemoryHeads();
  const expected: LogEntry[] = [];
  async function append(n: number) {
    const caller = n % 3 === 0 ? callerOf('app', 'other') : callerOf();
    await journal.append(requestOf(requestIdOf(n)), caller);
    await journal.append(responseOf(requestIdOf(n)), caller);
  }
  async function remember() {
    const own = createJournalSource({ disk: localDisk, directory: place.directory });
    expected.push(...(await readAll(own, expected.length)));
  }
  await Promise.all(Array.from({ length: count }, (_, n) => append(n)));
  await remember();
  const sequencerOn = (parts: Partial<Parameters<typeof createSequencer>[0]> = {}) =>
    createSequencer({ source, heads, objects, staging, signer, sinks: [], batchBytes, ...parts });
  return {
    journal,
    append: async (n: number) => append(n).then(remember),
    objects,
    staging,
    heads,
    expected,
    sequencerOn,
    source,
  };
}

/** The entries of a journal with one writer, from `from` on. */
async function readAll(source: JournalSource, from: number): Promise<readonly LogEntry[]> {
  const [writer = ''] = await source.writers();
  return (await source.read(writer, from, 1e9)).entries;
}

type Scene = Awaited<ReturnType<typeof createScene>>;

async function drain(sequencer: Sequencer): Promise<void> {
  while ((await sequencer.run()).hasMore);
}

/** Puts a checkpoint of other leaves, and so many entries less, in the place of the published one. */
async function putBack(objects: Scene['objects'], { content }: Scene['heads'], fewer: number): Promise<void> {
  const { size } = parseLogHead(content ?? new Uint8Array());
  const text = toCheckpoint({ origin: signer.name, size: size - fewer, root: new Uint8Array(32) });
  objects.objects.set('checkpoint', Buffer.from(await signNote(text, [signer])));
}

/** Leaves of the log of eight entries what it was before the last two. */
async function putBackup({ objects }: Scene['objects']): Promise<void> {
  const older = new Map([...objects].filter(([path]) => !path.endsWith('.p/8')));
  const { frontier } = appendToFrontier(
    { size: 0, frontier: [] },
    parseBundle(older.get('tile/entries/000.p/6') ?? Buffer.of()).map(leafHash),
  );
  const text = toCheckpoint({ origin: signer.name, size: 6, root: rootOf(frontier) });
  older.set('checkpoint', Buffer.from(await signNote(text, [signer])));
  objects.clear();
  for (const [path, bytes] of older) objects.set(path, bytes);
}

/** Flips the last bit of a byte of the published checkpoint. */
function flip(objects: Scene['objects'], at: number): void {
  const note = Buffer.from(objects.objects.get('checkpoint') ?? Buffer.of());
  note.writeUInt8(note.readUInt8(at) ^ 1, at);
  objects.objects.set('checkpoint', note);
}

/** What is published is one log of all the journal had, whole, once, under a checkpoint that is signed and right. */
async function expectWhole({ objects, staging, expected, heads }: Scene, entries: number): Promise<void> {
  const reader = createLogReader(objects);
  const published = await reader.checkpoint();
  const keys = [toVerifierKey(signer.name, signer.publicKey)];
  const { text } = verifyNote(published?.note ?? '', keys);
  const { size, root, origin } = parseCheckpoint(text);
  expect({ size, origin }).toEqual({ size: entries, origin: signer.name });
  const leaves: Uint8Array[] = [];
  while (leaves.length < size) leaves.push(...(await reader.leaves(leaves.length, size)));
  for (const one of [leaves, expected.map(({ leaf }) => leaf)]) expect(one).toHaveLength(entries);
  const places = new Map(leaves.map((leaf, index) => [Buffer.from(leaf).toString('hex'), index]));
  const order = expected.map(({ leaf }) => places.get(Buffer.from(leaf).toString('hex')) ?? -1);
  expect(order.every((place) => place >= 0)).toBe(true);
  const { frontier } = appendToFrontier({ size: 0, frontier: [] }, leaves.map(leafHash));
  expect(Buffer.compare(rootOf(frontier), root)).toBe(0);
  const placed = new Map<number, Uint8Array>();
  for (const [path, bytes] of objects.objects) {
    if (parseSegmentPath(path) === undefined) continue;
    for (const { index, sealed } of parseSegment(bytes)) {
      expect(placed.has(index)).toBe(false);
      placed.set(index, sealed);
    }
  }
  expect([...placed.keys()].toSorted((a, b) => a - b)).toEqual(expected.map((_, index) => index));
  for (const [at, { sealed }] of expected.entries()) {
    expect(Buffer.compare(placed.get(order[at] ?? -1) ?? Buffer.of(), sealed)).toBe(0);
  }
  expect([...staging.objects.keys()]).toEqual([]);
  expect(heads.content === undefined ? 0 : parseLogHead(heads.content).size).toBe(size);
}

describe('the sequencer', () => {
  it('takes all the journal has into one log, and lets go of it there', async () => {
    const scene = await createScene(20);
    const sequencer = scene.sequencerOn();
    await drain(sequencer);
    await expectWhole(scene, 40);
    expect(await sequencer.run()).toMatchObject({ size: 40, added: 0, hasMore: false, sinkFaults: [] });
    await scene.append(20);
    await scene.journal.close();
    expect(await sequencer.run()).toMatchObject({ size: 42, added: 2 });
    await expectWhole(scene, 42);
    expect(await scene.source.writers()).toEqual([]);
  });

  it('believes a head that is neither the old nor its own, whatever the store says of its write', async () => {
    const scene = await createScene(3);
    const other = toHeadBytes({ ...EMPTY_HEAD, size: 1, frontier: [new Uint8Array(32)] });
    const heads = {
      read: () => scene.heads.read(),
      async replace() {
        scene.heads.content = other;
        throw new Error('timed out');
      },
    };
    expect(await scene.sequencerOn({ heads }).run()).toMatchObject({ added: 0, hasMore: true });
    expect([...scene.staging.objects.keys()]).toEqual([]);
  });

  it.each<[string, (scene: Scene, earlier: Uint8Array | undefined) => unknown]>([
    ['that was put back from a backup', ({ heads }, content) => Object.assign(heads, { content })],
    ['that was lost', ({ heads }) => Object.assign(heads, { content: undefined })],
    ['whose log is another of its size', ({ objects, heads }) => putBack(objects, heads, 0)],
    ['whose log is another, and older', ({ objects, heads }) => putBack(objects, heads, 2)],
    ['whose log was put back from a backup', ({ objects }) => putBackup(objects)],
    ['whose log has no checkpoint', ({ objects }) => objects.objects.delete('checkpoint')],
  ])('does not go on from a head %s', async (_name, change) => {
    const scene = await createScene(3);
    const sequencer = scene.sequencerOn();
    await drain(sequencer);
    const earlier = scene.heads.content;
    await scene.append(3);
    await drain(sequencer);
    await change(scene, earlier);
    const [objects, head] = [new Map(scene.objects.objects), scene.heads.content];
    await scene.append(4);
    for (const one of [sequencer, scene.sequencerOn()]) {
      await expect(one.run()).rejects.toMatchObject({ name: 'StaleHeadError' });
    }
    expect(scene.objects.objects).toEqual(objects);
    expect(scene.heads.content).toEqual(head);
    expect([...scene.staging.objects.keys()]).toEqual([]);
  });

  it('stops at a published checkpoint of which any byte was changed, and leaves it for evidence', async () => {
    const scene = await createScene(3);
    await drain(scene.sequencerOn());
    await scene.append(3);
    const whole = scene.objects.objects.get('checkpoint') ?? Buffer.of();
    for (let at = 0; at < whole.length; at += 1) {
      flip(scene.objects, at);
      const changed = scene.objects.objects.get('checkpoint');
      await expect(scene.sequencerOn().run()).rejects.toMatchObject({ name: 'LogConflictError', path: 'checkpoint' });
      expect(scene.objects.objects.get('checkpoint')).toBe(changed);
      scene.objects.objects.set('checkpoint', whole);
    }
    await drain(scene.sequencerOn());
    await expectWhole(scene, 8);
  });

  it('stops there too where a batch was staged before, and publishes that once the checkpoint is put back', async () => {
    const scene = await createScene(3);
    await drain(scene.sequencerOn());
    await scene.append(3);
    const failing = { ...scene.objects, replace: () => Promise.reject(new Error('EIO')) };
    await expect(scene.sequencerOn({ objects: failing }).run()).rejects.toThrow('EIO');
    const whole = scene.objects.objects.get('checkpoint') ?? Buffer.of();
    for (const at of [0, whole.length - 5]) {
      flip(scene.objects, at);
      await expect(scene.sequencerOn().run()).rejects.toMatchObject({ name: 'LogConflictError', path: 'checkpoint' });
      scene.objects.objects.set('checkpoint', whole);
    }
    await drain(scene.sequencerOn());
    await expectWhole(scene, 8);
  });

  it('goes on under another name from a checkpoint that its own key signed', async () => {
    const scene = await createScene(3);
    await drain(scene.sequencerOn({ signer: { ...signer, name: 'former' } }));
    await scene.append(3);
    await drain(scene.sequencerOn());
    await expectWhole(scene, 8);
  });

  it('puts back the checkpoint where another that was overtaken replaced it with its own', async () => {
    const scene = await createScene(3);
    await drain(scene.sequencerOn());
    const older = scene.objects.objects.get('checkpoint') ?? Buffer.of();
    await scene.append(3);
    await drain(scene.sequencerOn());
    scene.objects.objects.set('checkpoint', older);
    await scene.append(4);
    await drain(scene.sequencerOn());
    await expectWhole(scene, 10);
  });

  it('leaves to another what that has staged of the same entries and was first with', async () => {
    const scene = await createScene(3);
    const heads = {
      read: () => scene.heads.read(),
      async replace(_old: Uint8Array | undefined, next: Uint8Array) {
        // The other ends here, before it has published anything.
        scene.heads.content = next;
        return false;
      },
    };
    expect(await scene.sequencerOn({ heads }).run()).toMatchObject({ added: 0, hasMore: true });
    expect(scene.staging.objects.size).toBe(1);
    await drain(scene.sequencerOn());
    await expectWhole(scene, 6);
    expect(scene.staging.objects.size).toBe(0);
  });

  it('goes on where another moved head and log while it read them', async () => {
    const scene = await createScene(3);
    await drain(scene.sequencerOn());
    await scene.append(3);
    const other = scene.sequencerOn();
    let isFirst = true;
    const objects: ObjectStore = {
      ...scene.objects,
      async read(path) {
        if (path === 'checkpoint' && isFirst) {
          isFirst = false;
          await drain(other);
        }
        return scene.objects.read(path);
      },
    };
    const slow = scene.sequencerOn({ objects });
    expect(await slow.run()).toMatchObject({ added: 0, hasMore: true });
    await drain(slow);
    await expectWhole(scene, 8);
  });

  it('has nothing to say of a journal without entries', async () => {
    const scene = await createScene(0);
    expect(await scene.sequencerOn().run()).toMatchObject({ size: 0, added: 0, hasMore: false, sinkFaults: [] });
    expect([...scene.objects.objects.keys()]).toEqual([]);
  });

  it('takes in several writers, each in its order', async () => {
    const scene = await createScene(5);
    const place = createPlace();
    const other = await place.open();
    for (let n = 0; n < 5; n += 1) await other.append(requestOf(requestIdOf(100 + n)), callerOf());
    const second = createJournalSource({ disk: localDisk, directory: place.directory });
    scene.expected.push(...(await readAll(second, 0)));
    const sources = [scene.source, second];
    const source = {
      writers: async () => (await Promise.all(sources.map((one) => one.writers()))).flat(),
      async read(writer: string, counter: number, maxBytes: number) {
        for (const one of sources) {
          if (!(await one.writers()).includes(writer)) continue;
          return one.read(writer, counter, maxBytes);
        }
        return { entries: [], hasMore: false };
      },
      discard: async () => {},
    };
    await drain(scene.sequencerOn({ source }));
    await expectWhole(scene, 15);
    await other.close();
  });

  it('takes no more writers into a batch that is full', async () => {
    const { source } = await createScene(2);
    const [writer = ''] = await source.writers();
    const { entries } = await source.read(writer, 0, 1e6);
    const asked: string[] = [];
    const several = {
      writers: async () => [writer, 'next'],
      async read(name: string) {
        asked.push(name);
        return { entries, hasMore: false };
      },
      discard: async () => {},
    };
    const parts = { objects: createMemoryObjects(), staging: createMemoryObjects(), heads: createMemoryHeads() };
    const sequencer = createSequencer({ ...parts, source: several, signer, sinks: [], batchBytes: 100 });
    expect(await sequencer.run()).toMatchObject({ added: 4, hasMore: true });
    expect(asked).toEqual([writer]);
  });

  it('keeps a batch to about its bytes', async () => {
    const scene = await createScene(20);
    const { added } = await scene.sequencerOn({ batchBytes: 3000 }).run();
    expect(added).toBeGreaterThan(1);
    expect(added).toBeLessThan(8);
  });

  it('of two that run at once makes one log, and the loser leaves nothing behind', async () => {
    const scene = await createScene(30);
    const sequencers = [scene.sequencerOn(), scene.sequencerOn(), scene.sequencerOn()];
    for (let round = 0; round < 25; round += 1) await Promise.all(sequencers.map((sequencer) => sequencer.run()));
    await expectWhole(scene, 60);
  });

  it('removes a partial tile once it is full', async () => {
    const scene = await createScene(130, { fileBytes: 1e6, batchBytes: 40_000 });
    await drain(scene.sequencerOn());
    await expectWhole(scene, 260);
    const partial = [...scene.objects.objects.keys()].filter((path) => path.includes('.p/'));
    expect(partial.every((path) => /^tile\/(entries|0)\/001\.p\/|^tile\/1\/000\.p\//.test(path))).toBe(true);
  });

  it('goes on where nothing may be removed, and nothing that stays is wrong', async () => {
    const scene = await createScene(130, { fileBytes: 1e6, batchBytes: 40_000 });
    const remove = (path: string) => Promise.reject(new ObjectKeptError(path));
    await drain(scene.sequencerOn({ objects: { ...scene.objects, remove } }));
    await expectWhole(scene, 260);
    expect([...scene.objects.objects.keys()].some((path) => path.startsWith('tile/0/000.p/'))).toBe(true);
    const keys = [toVerifierKey(signer.name, signer.publicKey)];
    expect(await verifyLog({ objects: scene.objects, keys })).toMatchObject({ size: 260, faults: [] });
  });

  it('is not done before a partial tile is removed that can be', async () => {
    const scene = await createScene(130, { fileBytes: 1e6, batchBytes: 40_000 });
    const remove = () => Promise.reject(new Error('EIO'));
    await expect(drain(scene.sequencerOn({ objects: { ...scene.objects, remove } }))).rejects.toThrow('EIO');
    await drain(scene.sequencerOn());
    await expectWhole(scene, 260);
  });

  it('refuses entries that do not go on where the writer was, and a batch that is not what its head names', async () => {
    const scene = await createScene(3);
    const source = {
      ...scene.source,
      async read() {
        const { entries, hasMore } = await scene.source.read(...(await firstOf(scene)));
        return { entries: entries.slice(1), hasMore };
      },
    };
    await expect(scene.sequencerOn({ source }).run()).rejects.toMatchObject({ name: 'BrokenChainError' });
    const stale: ObjectStore = { ...scene.staging, read: async () => Buffer.from('other') };
    const failing = { ...scene.objects, create: () => Promise.reject(new Error('EIO')) };
    await expect(scene.sequencerOn({ objects: failing }).run()).rejects.toThrow('EIO');
    await expect(scene.sequencerOn({ staging: stale }).run()).rejects.toThrow('not what its head names');
  });

  it('refuses to go on without the partial tiles it grows from', async () => {
    const scene = await createScene(3);
    await drain(scene.sequencerOn());
    await scene.append(3);
    for (const path of scene.objects.objects.keys()) if (path.includes('.p/')) scene.objects.objects.delete(path);
    await expect(scene.sequencerOn().run()).rejects.toThrow('the log lacks');
  });

  it('tells each sink of every checkpoint, and one that failed again', async () => {
    const scene = await createScene(10);
    const kept: number[] = [];
    let isBroken = true;
    const good: CheckpointSink = { name: 'good', publish: async (_, size) => void kept.push(size) };
    const bad: CheckpointSink = {
      name: 'bad',
      async publish(_, size) {
        if (isBroken) throw new Error('unreachable');
        kept.push(-size);
      },
    };
    const sequencer = scene.sequencerOn({ sinks: [good, bad], batchBytes: 1e6 });
    expect(await sequencer.run()).toMatchObject({ size: 20, sinkFaults: [{ sink: 'bad' }] });
    isBroken = false;
    expect(await sequencer.run()).toMatchObject({ size: 20, sinkFaults: [] });
    expect(kept).toEqual([20, -20]);
  });
});

describe('a log that has witnesses', () => {
  const good = { name: 'good', cosign: async () => '— good R29vZEdvb2Q=\n' };
  const bad = { name: 'bad', cosign: () => Promise.reject(new Error('unreachable')) };
  const noteOf = (scene: Scene) => Buffer.from(scene.objects.objects.get('checkpoint') ?? Buffer.of()).toString();

  it('publishes a checkpoint with the cosignatures that it gets', async () => {
    const scene = await createScene(3);
    await drain(scene.sequencerOn({ witnesses: { witnesses: [good, bad], required: 1 } }));
    expect(noteOf(scene)).toMatch(/\n— good R29vZEdvb2Q=\n$/);
    await expectWhole(scene, 6);
  });

  it('publishes none, and goes no further, while too few cosign', async () => {
    const scene = await createScene(3);
    const strict = scene.sequencerOn({ witnesses: { witnesses: [good, bad], required: 2 } });
    for (let round = 0; round < 3; round += 1) {
      await expect(strict.run()).rejects.toMatchObject({
        name: 'UnwitnessedError',
        message: '1 of 2 witnesses cosigned',
      });
      expect(noteOf(scene)).toBe('');
    }
    await drain(scene.sequencerOn({ witnesses: { witnesses: [good], required: 1 } }));
    await expectWhole(scene, 6);
  });
});

async function firstOf({ source }: Scene): Promise<[string, number, number]> {
  const [writer = ''] = await source.writers();
  return [writer, 0, 1e6];
}

const faults = ['fails', 'lands but fails'] as const;
const writes = ['stage', 'swap', 'publish', 'replace', 'unstage', 'discard'] as const;
type Write = (typeof writes)[number];

/** The parts of a sequencer, of which the `nth` write of a kind goes wrong. */
function faulty(scene: Scene, { write, nth, fault }: { write: Write; nth: number; fault: (typeof faults)[number] }) {
  let count = 0;
  async function attempt<Result>(kind: Write, perform: () => Promise<Result>): Promise<Result> {
    if (kind === write) count += 1;
    if (kind !== write || count !== nth) return perform();
    if (fault === 'lands but fails') await perform();
    throw new Error('EIO');
  }
  const { objects, staging, heads, source } = scene;
  return {
    objects: {
      ...objects,
      create: (...given: Parameters<ObjectStore['create']>) => attempt('publish', () => objects.create(...given)),
      replace: (...given: Parameters<ObjectStore['replace']>) => attempt('replace', () => objects.replace(...given)),
    },
    staging: {
      ...staging,
      create: (...given: Parameters<ObjectStore['create']>) => attempt('stage', () => staging.create(...given)),
      remove: (path: string) => attempt('unstage', () => staging.remove(path)),
    },
    heads: {
      read: () => heads.read(),
      replace: (old: Uint8Array | undefined, next: Uint8Array) => attempt('swap', () => heads.replace(old, next)),
    },
    source: {
      ...source,
      discard: (writer: string, counter: number) => attempt('discard', () => source.discard(writer, counter)),
    },
  };
}

const rows = writes.flatMap((write) => [1, 2, 4].flatMap((nth) => faults.map((fault) => ({ write, nth, fault }))));

describe('a sequencer whose stores go wrong', () => {
  it.each(rows)('at $write number $nth, which $fault, makes one whole log when it goes on', async (row) => {
    const scene = await createScene(12);
    const { source, ...parts } = faulty(scene, row);
    const remembered = scene.sequencerOn();
    const sequencer = scene.sequencerOn(parts);
    let failures = 0;
    for (let hasMore = true; hasMore; ) {
      try {
        hasMore = (await sequencer.run()).hasMore;
      } catch {
        failures += 1;
      }
    }
    expect(failures).toBeLessThanOrEqual(1);
    await drain(remembered);
    await drain(scene.sequencerOn({ source: { ...source, read: scene.source.read } }));
    // A batch that was staged and whose head was never offered is nobody's: it is looked for by no one.
    for (const name of scene.staging.objects.keys()) {
      if (row.write === 'stage' || row.write === 'swap' || row.write === 'unstage') await scene.staging.remove(name);
    }
    await expectWhole(scene, 24);
  });

  it.each(rows)('at $write number $nth, which $fault, leaves to a successor all it needs', async (row) => {
    const scene = await createScene(12);
    const sequencer = scene.sequencerOn(faulty(scene, row));
    for (let round = 0; round < 12; round += 1) {
      const isFailed = await sequencer.run().then(
        () => false,
        () => true,
      );
      if (isFailed) break;
    }
    await drain(scene.sequencerOn());
    for (const name of scene.staging.objects.keys()) {
      if (row.write !== 'publish' && row.write !== 'replace') await scene.staging.remove(name);
    }
    await expectWhole(scene, 24);
  });
});
