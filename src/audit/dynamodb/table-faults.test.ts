import { describe, expect, it } from 'vitest';
import { readAll } from '../journal/journal.suite.ts';
import { callerOf, releaseOf, requestIdOf, requestOf, responseOf } from '../journal/journal-fixture.suite.ts';
import { JOURNAL_SHARDS, journalTable, toBatchKey } from './journal-table.ts';
import { createTableScene, describeWithTables, type TableFault } from './table-fixture.suite.ts';

const caller = callerOf();
const other = callerOf('app', 'bank');
const [one, two, three] = [requestIdOf(1), requestIdOf(2), requestIdOf(3)];
const unavailable = { code: 'journalUnavailable' };
const kinds: readonly TableFault[] = ['failed', 'lost', 'throttled'];
const EVERY_TRY = 3;

const countersOf = async (scene: Awaited<ReturnType<typeof createTableScene>>) =>
  [...(await readAll(scene.source)).values()].toSorted((a, b) => b.length - a.length);

describeWithTables('a batch on its way into the table', () => {
  it.each(kinds)('that %s once is written by a later try', async (fault) => {
    const scene = await createTableScene();
    const journal = await scene.open();
    scene.fail('PutItemCommand', fault);
    await journal.append(requestOf(one), caller);
    expect(journal.isAvailable()).toBe(true);
    await journal.append(responseOf(one), caller);
    expect(await countersOf(scene)).toEqual([[0, 1]]);
  });

  it.each(kinds)('that %s at every try ends its chain; the next begins another', async (fault) => {
    const scene = await createTableScene();
    const journal = await scene.open();
    const { leafHash } = await journal.append(requestOf(one), caller);
    await journal.append(requestOf(requestIdOf(9)), other);
    scene.fail('PutItemCommand', fault, EVERY_TRY);
    const lost = [journal.append(requestOf(two), caller), journal.append(releaseOf(one, 0), caller)];
    for (const append of lost) await expect(append).rejects.toMatchObject(unavailable);
    expect([journal.isAvailable(), journal.hasFailed()]).toEqual([false, true]);
    await expect(journal.append(requestOf(three), other)).rejects.toMatchObject(unavailable);
    // What was begun is still recorded to its end, and names its beginning in the other chain.
    await journal.append(responseOf(one), caller);
    scene.clock.time += 1_000;
    expect([journal.isAvailable(), journal.hasFailed()]).toEqual([true, false]);
    await journal.append(requestOf(three), caller);
    const landed = fault === 'lost' ? [0, 1, 2] : [0];
    expect(await countersOf(scene)).toEqual([landed, [0, 1], [0]].toSorted((a, b) => b.length - a.length));
    const end = (await scene.find(one)).find(({ kind }) => kind === 'response');
    expect(end).toMatchObject({ parent: Buffer.from(leafHash).toString('hex') });
  });

  it('is refused where another stands in its place', async () => {
    const scene = await createTableScene();
    await (await scene.open()).append(requestOf(one), caller);
    const [batch] = await scene.table.pending();
    if (batch === undefined) throw new Error('expected a batch');
    const stored = await scene.table.get(batch);
    if (stored === undefined) throw new Error('expected a batch');
    await scene.table.put(stored);
    await expect(scene.table.put({ ...stored, frames: Buffer.from('x') })).rejects.toThrow('conditional');
    const large = { ...stored, elsewhere: new Uint8Array(32) };
    await expect(scene.table.put(large)).rejects.toThrow('conditional');
    expect(await countersOf(scene)).toEqual([[0]]);
  });

  it.each(kinds)('goes to the object store first where it is too large, and %s there or here once', async (fault) => {
    const scene = await createTableScene();
    const journal = await scene.open();
    // Of what no compression makes less.
    const text = Array.from({ length: 60_000 }, () => Math.random().toString(36).slice(2)).join('');
    scene.fail('PutItemCommand', fault);
    await journal.append(requestOf(one, text), caller);
    await journal.append(responseOf(one), caller);
    expect([...scene.large.objects.keys()]).toEqual([expect.stringMatching(/^journal\/[0-9a-f]{16}\/0{16}$/)]);
    expect(await countersOf(scene)).toEqual([[0, 1]]);
    expect(await scene.find(one)).toMatchObject([{ original: [{ text }] }, { kind: 'response' }]);
    const [path = ''] = scene.large.objects.keys();
    const [writer = ''] = await scene.source.writers();
    const whole = scene.large.objects.get(path);
    scene.large.objects.set(path, Buffer.from('other'));
    await expect(scene.source.read(writer, 0, 9)).rejects.toMatchObject({ name: 'JournalDamageError', file: path });
    scene.large.objects.delete(path);
    await expect(scene.source.read(writer, 0, 9)).rejects.toMatchObject({ name: 'JournalDamageError', file: path });
    scene.large.objects.set(path, whole ?? Buffer.of());
    await scene.discard(new Map([[writer, 2]]));
    expect(scene.large.objects.size).toBe(0);
    expect(await scene.source.writers()).toEqual([]);
  });

  it('that the object store does not take ends its chain', async () => {
    const scene = await createTableScene();
    const create = () => Promise.reject(new Error('no bucket'));
    const journal = await scene.open({ large: { create } });
    const text = Array.from({ length: 60_000 }, () => Math.random().toString(36).slice(2)).join('');
    await expect(journal.append(requestOf(one, text), caller)).rejects.toMatchObject(unavailable);
    expect(await countersOf(scene)).toEqual([]);
  });

  it('shares the table with what comes while one is under way, in items of no more than DynamoDB takes', async () => {
    const scene = await createTableScene();
    const journal = await scene.open();
    const text = Array.from({ length: 6_000 }, () => Math.random().toString(36).slice(2)).join('');
    await journal.append(requestOf(one), caller);
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => journal.append(requestOf(requestIdOf(10 + n), text), caller)),
    );
    const items = await scene.items();
    expect(items.length).toBeGreaterThan(3);
    expect(items.length).toBeLessThan(12);
    expect(new Set(items.map(({ pk }) => pk?.S)).size).toBeGreaterThan(1);
    expect(await countersOf(scene)).toEqual([Array.from({ length: 21 }, (_, n) => n)]);
  });
});

describeWithTables('letting go of batches', () => {
  it.each(kinds)('is done by a later try where it %s', async (fault) => {
    const scene = await createTableScene();
    const journal = await scene.open();
    await journal.append(requestOf(one), caller);
    await journal.append(responseOf(one), caller);
    const [writer = ''] = await scene.source.writers();
    for (const times of [1, EVERY_TRY]) {
      scene.fail('UpdateItemCommand', fault, times);
      const discarded = scene.discard(new Map([[writer, 2]]));
      if (times === 1) await discarded;
      else if ((await scene.table.pending()).length > 0) await expect(discarded).rejects.toThrow();
    }
    await scene.discard(new Map([[writer, 2]]));
    expect(await scene.source.writers()).toEqual([]);
    expect((await scene.items()).map(({ ttl, u }) => [Number(ttl?.N) - scene.clock.time / 1000, u])).toEqual([
      [604_800, undefined],
      [604_800, undefined],
    ]);
  });

  it('sets a time to live then only, and makes no item of one that is gone', async () => {
    const scene = await createTableScene();
    await (await scene.open()).append(requestOf(one), caller);
    expect((await scene.items()).map((item) => 'ttl' in item)).toEqual([false]);
    await scene.table.finish({ tenant: 'acme', writer: '0'.repeat(16), first: 0 });
    expect(await scene.items()).toHaveLength(1);
  });

  it('rejects where the table does not answer', async () => {
    const scene = await createTableScene();
    scene.fail('UpdateItemCommand', 'failed', EVERY_TRY);
    await expect(scene.table.finish({ tenant: 'acme', writer: '0'.repeat(16), first: 0 })).rejects.toThrow('cut off');
  });
});

describe('the table', () => {
  it('spreads one chain of a tenant over all its shards', () => {
    const keys = Array.from({ length: 500 }, (_, n) =>
      toBatchKey({ tenant: 'acme', writer: 'ab'.repeat(8), first: n }),
    );
    expect(new Set(keys.map(({ pk }) => pk.S)).size).toBe(JOURNAL_SHARDS);
    expect(keys[255]?.sk.S).toBe(`${'ab'.repeat(8)}#00000000000000ff`);
    expect(keys.every(({ pk }) => /^t#acme#[0-9a-f]$/.test(pk.S))).toBe(true);
  });

  it('has an index of what is not done with alone, without what was said', () => {
    const [index] = journalTable.GlobalSecondaryIndexes;
    expect(index?.Projection).toEqual({ ProjectionType: 'INCLUDE', NonKeyAttributes: ['n', 'b', 't', 'o', 'c', 'h'] });
  });
});
