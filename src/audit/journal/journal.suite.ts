import { expect, it, vi } from 'vitest';
import type { JournalRecord, RequestId, WrappedKey, WrappedKeyStore } from '../../core/index.ts';
import type { JournalSource } from '../log/contracts.ts';
import { leafHash } from '../log/merkle.ts';
import { parseLeaf, sealedHashOf, sha256 } from '../record/leaf.ts';
import type { OpenedJournal } from './journal.ts';
import { callerOf, releaseOf, requestIdOf, requestOf, responseOf } from './journal-fixture.suite.ts';

/** A place of journals, new and empty. */
export interface JournalScene {
  open(given?: { readonly queueBytes?: number; readonly isBehind?: () => boolean }): Promise<OpenedJournal>;
  readonly source: JournalSource;
  /** Has the source let go of what is below these counters, by writer. */
  discard(positions: ReadonlyMap<string, number>): Promise<void>;
  readonly keys: WrappedKeyStore & { readonly keys: Map<string, WrappedKey> };
  /** The records as they were given. */
  find(id: RequestId): Promise<readonly JournalRecord[]>;
}

const id = requestIdOf(1);
const caller = callerOf();
const WHOLE = 2 ** 24;

/** All that a source gives from these counters on, by writer; its chains checked. */
export async function readAll(source: JournalSource, from: ReadonlyMap<string, number> = new Map(), maxBytes = WHOLE) {
  const counters = new Map<string, number[]>();
  for (const writer of await source.writers()) {
    const known: number[] = [];
    let previous: Uint8Array | undefined;
    for (let hasMore = true; hasMore; ) {
      const next = (from.get(writer) ?? 0) + known.length;
      const read = await source.read(writer, next, maxBytes);
      ({ hasMore } = read);
      for (const entry of read.entries) {
        const leaf = parseLeaf(entry.leaf);
        expect(Buffer.from(leaf.writer).toString('hex')).toBe(writer);
        expect(leafHash(entry.leaf)).toEqual(Buffer.from(entry.leafHash));
        expect(Buffer.compare(sha256(entry.sealed), sealedHashOf(entry.leaf))).toBe(0);
        if (previous !== undefined) expect(Buffer.compare(leaf.previous, previous)).toBe(0);
        previous = entry.leafHash;
        known.push(leaf.counter);
      }
    }
    if (known.length > 0) counters.set(writer, known);
  }
  return counters;
}

const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, at) => from + at);

/** What every journal does, and the sequencer's view of it. */
export function itKeepsRecords(createScene: () => Promise<JournalScene>): void {
  it('gives back the records of an exchange in the order they were written, also while it is open', async () => {
    const scene = await createScene();
    const journal = await scene.open();
    const records = [requestOf(id), releaseOf(id, 0), releaseOf(id, 1), responseOf(id)];
    for (const [at, record] of records.entries()) {
      await journal.append(record, caller);
      expect(await scene.find(id)).toMatchObject(records.slice(0, at + 1));
    }
    expect(await scene.find(requestIdOf(2))).toEqual([]);
    await journal.close();
    expect(await scene.find(id)).toMatchObject(records);
  });

  it("links what comes of a request to the request's leaf", async () => {
    const scene = await createScene();
    const journal = await scene.open();
    const { leafHash: parent } = await journal.append(requestOf(id), caller);
    await journal.append(releaseOf(id, 0), caller);
    await journal.append(responseOf(id), caller);
    const hex = Buffer.from(parent).toString('hex');
    expect((await scene.find(id)).slice(1)).toMatchObject([{ parent: hex }, { parent: hex }]);
    await journal.close();
  });

  it('keeps the order of calls when nobody waits between them, keys at hand or not', async () => {
    const scene = await createScene();
    const journal = await scene.open();
    const records = [requestOf(id), ...upTo(20).map((n) => releaseOf(id, n)), responseOf(id)];
    await Promise.all(records.map((record) => journal.append(record, caller)));
    expect(await scene.find(id)).toMatchObject(records);
    await journal.close();
  });

  it('takes no request while the log is behind, but the end of what was begun', async () => {
    const scene = await createScene();
    let isBehind = false;
    const journal = await scene.open({ isBehind: () => isBehind });
    await journal.append(requestOf(id), caller);
    isBehind = true;
    expect(journal.isAvailable()).toBe(false);
    const refused = journal.append(requestOf(requestIdOf(2)), caller);
    await expect(refused).rejects.toMatchObject({ code: 'journalUnavailable' });
    await journal.append(responseOf(id), caller);
    isBehind = false;
    await journal.append(requestOf(requestIdOf(2)), caller);
    await journal.close();
  });

  it('refuses a record while too much waits, and goes on when less does', async () => {
    const scene = await createScene();
    const journal = await scene.open({ queueBytes: 1 });
    await journal.append(requestOf(id), caller);
    const waiting = journal.append(releaseOf(id, 0), caller);
    await expect(journal.append(releaseOf(id, 1), caller)).rejects.toMatchObject({ code: 'journalUnavailable' });
    await waiting;
    await journal.append(releaseOf(id, 1), caller);
    await journal.close();
    expect(await scene.find(id)).toHaveLength(3);
  });

  it('refuses a record that cannot be written down, and leaves no gap', async () => {
    const scene = await createScene();
    const journal = await scene.open();
    await journal.append(requestOf(id), caller);
    const wrong = journal.append({ ...requestOf(requestIdOf(2)), time: -1 }, caller);
    await expect(wrong).rejects.toMatchObject({ code: 'journalUnavailable' });
    await journal.append(responseOf(id), caller);
    expect([...(await readAll(scene.source)).values()]).toEqual([[0, 1]]);
    await journal.close();
  });

  it('refuses a record whose key cannot be had, and takes it when it can', async () => {
    const scene = await createScene();
    const journal = await scene.open();
    vi.spyOn(scene.keys, 'find').mockRejectedValueOnce(new Error('no database'));
    await expect(journal.append(requestOf(id), caller)).rejects.toMatchObject({ code: 'journalUnavailable' });
    await journal.append(requestOf(id), caller);
    expect(journal.isAvailable()).toBe(true);
    await journal.close();
  });

  it('refuses records once it is closed, those still waiting for a key too', async () => {
    const scene = await createScene();
    const journal = await scene.open();
    const refused = { code: 'journalUnavailable' };
    const waiting = expect(journal.append(requestOf(id), caller)).rejects.toMatchObject(refused);
    await journal.close();
    await waiting;
    expect(journal.isAvailable()).toBe(false);
    await expect(journal.append(requestOf(id), caller)).rejects.toMatchObject(refused);
    expect(await scene.find(id)).toEqual([]);
  });

  it('makes durable what was appended before it is closed', async () => {
    const scene = await createScene();
    const journal = await scene.open();
    await journal.append(requestOf(id), caller);
    const appended = Promise.all(upTo(30).map((n) => journal.append(releaseOf(id, n), caller)));
    await journal.close();
    await appended;
    expect(await scene.find(id)).toHaveLength(31);
  });

  it('lets go of a key that another process destroyed, once that is heeded', async () => {
    const scene = await createScene();
    const journal = await scene.open();
    await journal.append(requestOf(id), caller);
    const [{ keyId = Buffer.of() } = {}] = scene.keys.keys.values();
    await scene.keys.destroy(keyId, 1);
    const looked = vi.spyOn(scene.keys, 'destroyedSince').mockResolvedValue([keyId]);
    await journal.refresh();
    expect(looked).not.toHaveBeenCalled();
    journal.forget(keyId);
    await journal.append(requestOf(requestIdOf(2)), caller);
    expect(await scene.find(requestIdOf(2))).toHaveLength(1);
    await expect(scene.find(id)).rejects.toMatchObject({ name: 'RecordErasedError' });
    await journal.close();
  });

  it('takes a key that is gone for lost, not for destroyed', async () => {
    const scene = await createScene();
    const journal = await scene.open();
    await journal.append(requestOf(id), caller);
    scene.keys.keys.clear();
    await expect(scene.find(id)).rejects.toMatchObject({ name: 'RecordKeyLostError' });
    await journal.close();
  });

  it('is empty at first for the sequencer, and knows nothing of other writers', async () => {
    const { source } = await createScene();
    expect(await source.writers()).toEqual([]);
    expect(await source.read('0'.repeat(16), 0, WHOLE)).toMatchObject({ entries: [], hasMore: false });
    await source.discard('0'.repeat(16), 9);
  });

  it('gives the sequencer every writer without a gap, in pieces of any size, and what comes later', async () => {
    const { open, source } = await createScene();
    const [one, other] = [await open(), await open()];
    for (let n = 1; n <= 4; n += 1) {
      await one.append(requestOf(requestIdOf(n)), caller);
      await one.append(responseOf(requestIdOf(n)), caller);
      await other.append(requestOf(requestIdOf(n + 10)), caller);
    }
    for (const maxBytes of [1, 700, 5_000, WHOLE]) {
      const all = await readAll(source, new Map(), maxBytes);
      expect([...all.values()].toSorted((a, b) => a.length - b.length)).toEqual([upTo(4), upTo(8)]);
    }
    const ends = new Map([...(await readAll(source))].map(([writer, { length }]) => [writer, length]));
    expect(await readAll(source, ends)).toEqual(new Map());
    await one.append(requestOf(requestIdOf(5)), caller);
    expect([...(await readAll(source, ends)).values()]).toEqual([[8]]);
    await Promise.all([one.close(), other.close()]);
  });

  it('lets go of what is in the log, once all that was begun has its end', async () => {
    const { open, source, discard } = await createScene();
    const journal = await open();
    await journal.append(requestOf(id), caller);
    await journal.append(requestOf(requestIdOf(2)), caller);
    await journal.append(responseOf(id), caller);
    const [writer = ''] = await source.writers();
    await discard(new Map([[writer, 3]]));
    expect(await source.writers()).toEqual([writer]);
    expect(await readAll(source, new Map([[writer, 3]]))).toEqual(new Map());
    await journal.append(responseOf(requestIdOf(2)), caller);
    await journal.close();
    await discard(new Map([[writer, 3]]));
    expect([...(await readAll(source, new Map([[writer, 3]]))).values()]).toEqual([[3]]);
    await discard(new Map([[writer, 4]]));
    expect(await source.writers()).toEqual([]);
  });
}
