import { expect, it } from 'vitest';
import { callerOf, requestIdOf, requestOf, responseOf } from '../journal/journal-fixture.suite.ts';
import { weighBacklog } from './backlog.ts';
import { createTableScene, describeWithTables } from './table-fixture.suite.ts';

/** A table with a chain of a request, a response and a request, and one of a request, each entry a batch of its own. */
async function createBacklog() {
  const scene = await createTableScene();
  const journal = await scene.open();
  const app = callerOf();
  const first = requestOf(requestIdOf(1));
  await journal.append(first, app);
  await journal.append({ ...responseOf(requestIdOf(1)), time: first.time + 2_000 }, app);
  await journal.append({ ...requestOf(requestIdOf(2)), time: first.time + 5_000 }, app);
  await journal.append({ ...requestOf(requestIdOf(3)), time: first.time + 9_000 }, callerOf('web', 'bank'));
  const pending = await scene.table.pending();
  const { writer } = pending.find(({ tenant }) => tenant === 'acme') ?? { writer: '' };
  const sizeOf = (...firsts: readonly number[]) =>
    pending
      .filter((batch) => batch.writer !== writer || firsts.includes(batch.first))
      .reduce((sum, { bytes }) => sum + bytes, 0);
  scene.clock.time = first.time + 20_000;
  return {
    ...scene,
    began: first.time,
    sizeOf,
    reached: (counter: number) => (name: string) => (name === writer ? counter : 0),
  };
}

describeWithTables('what of a journal in a table is not in the log', () => {
  it('is nothing in one that is empty, all of which is taken until now', async () => {
    const scene = await createTableScene();
    const time = scene.clock.now();
    expect(await weighBacklog(scene)).toEqual({ time, takenUntil: time, entries: 0, bytes: 0 });
  });

  it('is what lies behind the positions of writers, and as old as the oldest of it', async () => {
    const scene = await createBacklog();
    const { began, sizeOf, reached } = scene;
    const time = began + 20_000;
    expect(sizeOf(0, 1, 2)).toBeGreaterThan(0);
    const all = { time, takenUntil: began, entries: 4, bytes: sizeOf(0, 1, 2) };
    expect(await weighBacklog(scene)).toEqual(all);
    expect(await weighBacklog(scene, { reached: reached(0) })).toEqual(all);
    expect(await weighBacklog(scene, { reached: reached(2) })).toEqual({
      time,
      takenUntil: began + 5_000,
      entries: 2,
      bytes: sizeOf(2),
    });
    expect(await weighBacklog(scene, { reached: reached(3) })).toMatchObject({ takenUntil: began + 9_000, entries: 1 });
    // By a clock that is behind that of who wrote it.
    scene.clock.time = began + 3_000;
    expect(await weighBacklog(scene, { reached: reached(2) })).toMatchObject({ takenUntil: began + 3_000 });
  });

  it('counts of a batch that is in the log in part the entries that are not', async () => {
    const scene = await createTableScene();
    const journal = await scene.open();
    // What comes while their key is made is one batch.
    await Promise.all([1, 2, 3, 4].map((n) => journal.append(requestOf(requestIdOf(n)), callerOf())));
    expect((await scene.table.pending()).map(({ count }) => count)).toEqual([4]);
    expect(await weighBacklog(scene, { reached: () => 3 })).toMatchObject({ entries: 1 });
  });

  it('is not looked at any further where it is as much as is asked about', async () => {
    const scene = await createBacklog();
    scene.asked.length = 0;
    const found = await weighBacklog(scene, { mostBytes: 1 });
    expect(found).toMatchObject({ takenUntil: 0 });
    expect(found.bytes).toBeGreaterThan(0);
    expect(scene.asked.length).toBeLessThanOrEqual(16);
    scene.asked.length = 0;
    await weighBacklog(scene);
    expect(scene.asked).toEqual(Array(16).fill('QueryCommand'));
  });

  it('is looked at no longer where nobody waits for it', async () => {
    const scene = await createBacklog();
    await expect(weighBacklog(scene, { signal: AbortSignal.abort() })).rejects.toMatchObject({ name: 'AbortError' });
    expect(await weighBacklog(scene, { signal: new AbortController().signal })).toMatchObject({ entries: 4 });
  });

  it.each(['n', 'b', 't'])('is not less for an item whose %s says nothing: that is damage', async (attribute) => {
    const scene = await createBacklog();
    const [item] = await scene.items();
    await scene.client.putItem({ TableName: scene.name, Item: { ...item, [attribute]: { N: '-1000000' } } });
    await expect(weighBacklog(scene)).rejects.toMatchObject({ name: 'JournalDamageError' });
  });
});
