import type { DynamoDB } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import { readAll } from '../journal/journal.suite.ts';
import {
  callerOf,
  releaseOf,
  requestIdOf,
  requestOf,
  responseOf,
  toEntryFrame,
} from '../journal/journal-fixture.suite.ts';
import { type PendingBatch, toBatchKey } from './journal-table.ts';
import { createJournalTable } from './journal-table-store.ts';
import { createTableScene, describeWithTables } from './table-fixture.suite.ts';
import { findTableEntries, scanTableJournal } from './table-reader.ts';
import { createTableSource } from './table-source.ts';

const caller = callerOf();
const WHOLE = 2 ** 24;
const upTo = (end: number, from = 0) => Array.from({ length: end - from }, (_, at) => from + at);

/** A table with a chain of `length` batches of an entry each, and a source whose index lacks what `hides` says. */
async function createChainScene(length: number) {
  const scene = await createTableScene();
  const journal = await scene.open();
  for (let n = 0; n < length; n += 1) {
    await journal.append(n % 2 === 0 ? requestOf(requestIdOf(n + 1)) : responseOf(requestIdOf(n)), caller);
  }
  let hides = (_: PendingBatch) => false;
  const table = { ...scene.table, pending: async () => (await scene.table.pending()).filter((batch) => !hides(batch)) };
  const [{ writer = '' } = {}] = await scene.table.pending();
  const source = createTableSource({ table, large: scene.large });
  return {
    ...scene,
    journal,
    table,
    source,
    writer,
    hide: (test: (batch: PendingBatch) => boolean) => {
      hides = test;
    },
    read: async (counter = 0) => (await readAll(source, new Map([[writer, counter]]))).get(writer) ?? [],
    remove: (first: number) =>
      scene.client.deleteItem({ TableName: scene.name, Key: toBatchKey({ tenant: 'acme', writer, first }) }),
    scan: () => scanTableJournal({ table, large: scene.large }),
  };
}

describeWithTables('the index of what is not sequenced', () => {
  it('may lack the newest, which come in the next run, and any other, which are found by their key', async () => {
    const scene = await createChainScene(7);
    scene.hide(({ first }) => first >= 5);
    expect(await scene.read()).toEqual(upTo(5));
    scene.hide(({ first }) => first === 0 || first === 2 || first === 3);
    expect(await scene.read()).toEqual(upTo(7));
    expect(await scene.read(3)).toEqual(upTo(7, 3));
    scene.hide(() => true);
    expect(await scene.read(5)).toEqual([]);
    scene.hide(() => false);
    expect(await scene.read(5)).toEqual([5, 6]);
  });

  it('is not believed where the table lacks what it names, or lies between: that is damage', async () => {
    for (const first of [0, 2, 4]) {
      const scene = await createChainScene(5);
      await scene.remove(first);
      const damage = { name: 'JournalDamageError', message: expect.stringContaining('entries are missing') };
      if (first < 4) await expect(scene.read()).rejects.toMatchObject(damage);
      // The newest of a chain can be removed unseen, as from the end of a file.
      else expect(await scene.read()).toEqual(upTo(4));
      expect((await scene.scan()).faults).toEqual([]);
    }
    const scene = await createChainScene(3);
    await scene.source.writers();
    await scene.remove(2);
    await expect(scene.source.read(scene.writer, 0, WHOLE)).rejects.toThrow('entries are missing');
  });

  it('may still have what another let go of a moment ago', async () => {
    const scene = await createChainScene(4);
    const before = await scene.table.pending();
    await scene.discard(new Map([[scene.writer, 4]]));
    const stale = createTableSource({ table: { ...scene.table, pending: async () => before }, large: scene.large });
    expect((await readAll(stale, new Map([[scene.writer, 4]]))).size).toBe(0);
    scene.asked.length = 0;
    await stale.settle(new Map([[scene.writer, { counter: 4 }]]));
    await stale.writers();
    await stale.settle(new Map([[scene.writer, { counter: 4 }]]));
    expect(scene.asked.filter((command) => command === 'UpdateItemCommand')).toHaveLength(4);
    expect(await scene.items()).toHaveLength(4);
  });

  it('goes on with a writer that the head has forgotten behind what of it is in the log', async () => {
    const scene = await createChainScene(4);
    await scene.discard(new Map([[scene.writer, 4]]));
    await scene.source.writers();
    await scene.journal.append(requestOf(requestIdOf(9)), caller);
    await scene.source.writers();
    const { entries, start } = await scene.source.read(scene.writer, 0, WHOLE);
    expect(entries).toHaveLength(1);
    expect(start?.counter).toBe(4);
    expect(Buffer.from(start?.previous ?? [])).toHaveLength(32);
  });

  it('comes to an end where a batch that is let go of was made to hold nothing', async () => {
    const scene = await createChainScene(2);
    await scene.discard(new Map([[scene.writer, 2]]));
    await scene.client.updateItem({
      TableName: scene.name,
      Key: toBatchKey({ tenant: 'acme', writer: scene.writer, first: 0 }),
      UpdateExpression: 'SET n = :none',
      ExpressionAttributeValues: { ':none': { N: '0' } },
    });
    await scene.journal.append(requestOf(requestIdOf(9)), caller);
    await scene.source.writers();
    await expect(scene.source.read(scene.writer, 0, WHOLE)).rejects.toThrow('entries are missing');
  });
});

describeWithTables('a batch that is in the log', () => {
  it('stays for an exchange that has no end, and is not told of where the end only waits for the log', async () => {
    const scene = await createChainScene(1);
    const logged = new Map([[scene.writer, { counter: 1 }]]);
    await scene.source.writers();
    expect(await scene.source.settle(logged)).toMatchObject([{ exchanges: [requestIdOf(1).replaceAll('-', '')] }]);
    await scene.journal.append(responseOf(requestIdOf(1)), caller);
    await scene.source.writers();
    expect(await scene.source.settle(logged)).toEqual([]);
    expect(await scene.table.pending()).toHaveLength(2);
    expect(await scene.source.settle(new Map([[scene.writer, { counter: 2 }]]))).toEqual([]);
    expect(await scene.table.pending()).toEqual([]);
  });
});

describeWithTables('an index that is behind', () => {
  it('names what is gone from the table: whoever reads passes over it, and a fault of the table is no damage', async () => {
    const scene = await createChainScene(3);
    const before = await scene.table.pending();
    const stale = { table: { ...scene.table, pending: async () => before }, large: scene.large };
    await scene.remove(2);
    expect((await scanTableJournal(stale)).runs[0]?.leafHashes).toHaveLength(2);
    expect(await findTableEntries(stale, requestIdOf(1))).toHaveLength(2);
    expect(await findTableEntries(stale, requestIdOf(3))).toEqual([]);
    scene.fail('GetItemCommand', 'failed', 3);
    await expect(scanTableJournal(stale)).rejects.toThrow('cut off');
  });

  it('rejects a batch that neither is there nor could be put', async () => {
    const refused = Object.assign(new Error('refused'), { name: 'ConditionalCheckFailedException' });
    const client = { putItem: () => Promise.reject(refused), getItem: async () => ({}) };
    const connect = async () => client as unknown as DynamoDB;
    const table = createJournalTable({ table: 'journal', connect, clock: { now: () => 0 } });
    const place = { tenant: 'acme', writer: '0'.repeat(16), first: 0, count: 1, bytes: 0, time: 0 };
    const empty = { opened: [], closed: [], frames: Buffer.of(), last: Buffer.of() };
    await expect(table.put({ ...place, ...empty })).rejects.toBe(refused);
  });
});

describeWithTables('a chain', () => {
  it('is followed by another where it rests for five minutes, or is an hour old', async () => {
    const scene = await createTableScene();
    const journal = await scene.open();
    const writers = async () => new Set((await scene.table.pending()).map(({ writer }) => writer)).size;
    await journal.append(requestOf(requestIdOf(1)), caller);
    scene.clock.time += 299_999;
    await journal.append(releaseOf(requestIdOf(1), 0), caller);
    expect(await writers()).toBe(1);
    scene.clock.time += 300_000;
    await journal.append(releaseOf(requestIdOf(1), 1), caller);
    expect(await writers()).toBe(2);
    for (let n = 0; n < 16; n += 1) {
      scene.clock.time += 240_000;
      await journal.append(releaseOf(requestIdOf(1), n + 2), caller);
    }
    expect(await writers()).toBe(3);
    // Of an exchange over three chains all is found, in its order.
    expect(await findTableEntries(scene, requestIdOf(1))).toHaveLength(19);
  });
});

describeWithTables('what the table has behind the log', () => {
  it('is read in runs, with what the index lacks between them', async () => {
    const scene = await createChainScene(6);
    const whole = await scene.scan();
    expect(whole).toMatchObject({ faults: [], runs: [{ writer: scene.writer, first: { counter: 0 } }] });
    expect(whole.runs[0]?.leafHashes).toHaveLength(6);
    scene.hide(({ first }) => first === 1 || first === 4);
    expect((await scene.scan()).runs[0]?.leafHashes).toHaveLength(6);
    await scene.table.finish({ tenant: 'acme', writer: scene.writer, first: 1 });
    expect((await scene.scan()).runs.map(({ first, leafHashes }) => [first.counter, leafHashes.length])).toEqual([
      [0, 1],
      [2, 4],
    ]);
  });

  it('is found damaged where it is: another batch, another chain, fewer entries, none', async () => {
    const scene = await createChainScene(2);
    const [, second] = (await scene.items()).toSorted(
      (a, b) => Number(a.sk?.S?.slice(17)) - Number(b.sk?.S?.slice(17)),
    );
    const put = (changed: object) => scene.client.putItem({ TableName: scene.name, Item: { ...second, ...changed } });
    const bytes = Buffer.from(second?.e?.B ?? []);
    const flipped = Buffer.from(bytes);
    flipped.writeUInt8(flipped.readUInt8(40) ^ 1, 40);
    const other = await createChainScene(2);
    const place = { time: 1, tenantAlias: Buffer.alloc(16), writer: Buffer.from(scene.writer, 'hex'), counter: 1 };
    const nothing = { ...place, type: 'nothing' as 'request', previous: Buffer.alloc(32), sealed: Buffer.from('x') };
    const unreadable = toEntryFrame(nothing);
    const [first] = (await other.items()).toSorted((a, b) => Number(a.sk?.S?.slice(17)) - Number(b.sk?.S?.slice(17)));
    for (const [changed, message] of [
      [{ e: { B: flipped } }, 'a frame is broken'],
      [{ e: { B: bytes.subarray(0, -1) } }, 'a frame is broken'],
      [{ n: { N: '2' } }, 'entries are missing'],
      [{ e: { B: Buffer.alloc(0) } }, 'entries are missing'],
      [{ e: { B: unreadable } }, 'it cannot be read'],
      [{ e: first?.e }, "another writer's"],
    ] as const) {
      await put(changed);
      await expect(scene.read()).rejects.toThrow(message);
      expect((await scene.scan()).faults).toMatchObject([{ message: expect.stringContaining(message) }]);
      await expect(findTableEntries(scene, requestIdOf(1))).rejects.toThrow(message);
    }
    await put({});
    expect(await scene.read()).toEqual([0, 1]);
  });
});
