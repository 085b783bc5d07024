import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RequestId } from '../../core/index.ts';
import { callerOf, requestIdOf, requestOf, responseOf } from '../journal/journal-fixture.suite.ts';
import { parseLogHead, toHeadBytes } from '../log/log-head.ts';
import { createLogReader } from '../log/log-reader.ts';
import { leafHash } from '../log/merkle.ts';
import { closeScenes, createRecordScene, tendScenes } from '../record-fixture.suite.ts';
import { createRecordLog } from '../record-log.ts';
import { createObjectsAt, openTableJournalAt, type TablePlace } from '../record-place.ts';
import { createJournalTableAt } from './journal-table-store.ts';
import { createTableScene, describeWithTables } from './table-fixture.suite.ts';

tendScenes();

const MINUTE = 60_000;
const START = 1_764_000_001_000;

/** A record in a table and a bucket; its state is in a file, which is another's to keep. */
async function createScene() {
  const { name, endpoint, table, client } = await createTableScene();
  const clock = { time: START, now: () => clock.time };
  const journal = { region: 'eu-central-1', endpoint, table: name };
  const toPlace = (_root: string, store: TablePlace['store']): TablePlace => ({ kind: 'dynamodb', journal, store });
  const scene = await createRecordScene({ toPlace, clock });
  const { place, keyRing, keys } = scene;
  return {
    ...scene,
    clock,
    table,
    client,
    name,
    openJournal: () => openTableJournalAt(place, { keyRing, keys, clock }),
    async leafHashes() {
      const reader = createLogReader(createObjectsAt(place));
      const size = (await reader.checkpoint())?.size ?? 0;
      const hashes: string[] = [];
      while (hashes.length < size) {
        for (const leaf of await reader.leaves(hashes.length, size)) hashes.push(toHex(leafHash(leaf)));
      }
      return hashes;
    },
  };
}

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const tenants = ['acme', 'bank', 'city'];
const never = new AbortController().signal;

async function runOut(log: ReturnType<typeof createRecordLog>): Promise<void> {
  while ((await log.round()).hasMore);
}

describeWithTables('a record in DynamoDB and S3', () => {
  it('is taken into the log, found, verified and let go of, and nothing of it is on the disk', async () => {
    const scene = await createScene();
    const { audit, index, table } = scene;
    const journal = await scene.openJournal();
    const before = readdirSync(scene.root);
    await journal.append(requestOf(requestIdOf(1)), callerOf());
    await journal.append(responseOf(requestIdOf(1)), callerOf());
    await journal.append(requestOf(requestIdOf(2)), callerOf('web', 'bank'));
    expect(await scene.verify()).toMatchObject({ size: 0, unsequenced: 3, faultCount: 0 });
    expect(await audit.find(requestIdOf(1))).toMatchObject([{ record: { kind: 'request' } }, {}]);
    expect(await scene.openLog().round()).toMatchObject({ size: 3, added: 3, interrupted: 0 });
    expect(await scene.verify()).toMatchObject({ size: 3, unsequenced: 0, faultCount: 0 });
    expect(await index.position()).toBe(3);
    expect(await audit.find(requestIdOf(1))).toMatchObject([
      { record: { kind: 'request' }, index: expect.any(Number) },
      {},
    ]);
    // The one that is open stays.
    expect(await table.pending()).toMatchObject([{ tenant: 'bank', opened: [expect.any(String)] }]);
    await journal.append(responseOf(requestIdOf(2)), callerOf('web', 'bank'));
    expect(await scene.verify()).toMatchObject({ size: 3, unsequenced: 1, faultCount: 0 });
    await runOut(scene.openLog());
    expect(await table.pending()).toEqual([]);
    expect(await scene.verify()).toMatchObject({ size: 4, unsequenced: 0, faultCount: 0 });
    expect(readdirSync(scene.root)).toEqual(before);
    expect([...scene.server.bucket.objects.keys()].some((key) => key.includes('staging'))).toBe(false);
  });

  it('has its head made anew where the state was lost', async () => {
    const scene = await createScene();
    const journal = await scene.openJournal();
    await journal.append(requestOf(requestIdOf(1)), callerOf());
    await scene.openLog().round();
    const first = await scene.heads.read();
    await journal.append(responseOf(requestIdOf(1)), callerOf());
    await scene.openLog().round();
    await scene.heads.replace(await scene.heads.read(), first ?? new Uint8Array());
    await journal.append(requestOf(requestIdOf(2)), callerOf());
    await expect(scene.openLog().round()).rejects.toMatchObject({ name: 'StaleHeadError' });
    await scene.restore();
    expect(await scene.openLog().round()).toMatchObject({ size: 3 });
    expect(await scene.verify()).toMatchObject({ size: 3, faultCount: 0 });
  });

  it('goes on with a chain that its head has forgotten', async () => {
    const scene = await createScene();
    const journal = await scene.openJournal();
    await journal.append(requestOf(requestIdOf(1)), callerOf());
    await journal.append(responseOf(requestIdOf(1)), callerOf());
    await runOut(scene.openLog());
    const head = await scene.heads.read();
    if (head === undefined) throw new Error('expected a head');
    await scene.heads.replace(head, toHeadBytes({ ...parseLogHead(head), writers: new Map() }));
    await journal.append(requestOf(requestIdOf(2)), callerOf());
    await runOut(scene.openLog());
    expect(await scene.verify()).toMatchObject({ size: 3, faultCount: 0, unsequenced: 0 });
  });

  it('is one log with each acknowledged entry in it once, whoever appends and sequences at once', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('append' as const), tenant: fc.nat(2), process: fc.nat(1) }),
      fc.record({ kind: fc.constant('end' as const), process: fc.nat(1) }),
      fc.record({ kind: fc.constant('round' as const), log: fc.nat(1), isWaitedFor: fc.boolean() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const scene = await createScene();
        const journals = await Promise.all([scene.openJournal(), scene.openJournal()]);
        const logs = [scene.openLog(), scene.openLog()];
        const rounds = logs.map(() => Promise.resolve<unknown>(undefined));
        const open: { readonly id: RequestId; readonly tenant: string }[] = [];
        const acknowledged: Promise<string>[] = [];
        let next = 1;
        for (const one of steps) {
          if (one.kind === 'round') {
            rounds[one.log] = (rounds[one.log] ?? Promise.resolve()).then(() => logs[one.log]?.round());
            if (one.isWaitedFor) await rounds[one.log];
            continue;
          }
          const ended = one.kind === 'end' ? open.shift() : undefined;
          const { id, tenant } = ended ?? { id: requestIdOf(next), tenant: tenants[next % 3] ?? '' };
          next += 1;
          const record = ended === undefined ? requestOf(id) : responseOf(id);
          const appended = journals[one.process]?.append(record, callerOf('app', tenant));
          if (ended === undefined) open.push({ id, tenant });
          if (appended !== undefined) acknowledged.push(appended.then(({ leafHash: hash }) => toHex(hash)));
        }
        await Promise.all(rounds);
        const expected = await Promise.all(acknowledged);
        await Promise.all(logs.map(runOut));
        expect((await scene.leafHashes()).toSorted()).toEqual(expected.toSorted());
        expect(await scene.verify()).toMatchObject({ faultCount: 0, unsequenced: 0, size: expected.length });
        await closeScenes();
      }),
      { numRuns: 8 },
    );
  });

  it('is taken into the log after 25 hours in which nobody did, and what is open is closed', async () => {
    const scene = await createScene();
    const journal = await scene.openJournal();
    for (let n = 1; n <= 40; n += 1) await journal.append(requestOf(requestIdOf(n)), callerOf('app', tenants[n % 3]));
    for (let n = 1; n <= 39; n += 1) await journal.append(responseOf(requestIdOf(n)), callerOf('app', tenants[n % 3]));
    const began = requestOf(requestIdOf(1)).time;
    scene.clock.time = began + 25 * 60 * MINUTE;
    const log = scene.openLog();
    const asOf = { time: scene.clock.time };
    expect(await log.backlog(never)).toMatchObject({ ...asOf, takenUntil: began, entries: 79 });
    // Of what a run leaves the age and the number are those of what is left.
    await log.round();
    await journal.append({ ...requestOf(requestIdOf(41)), time: scene.clock.time - 7_000 }, callerOf());
    await runOut(log);
    await journal.append({ ...responseOf(requestIdOf(41)), time: scene.clock.time - 3_000 }, callerOf());
    expect(await log.backlog(never)).toMatchObject({ ...asOf, takenUntil: scene.clock.time - 3_000, entries: 1 });
    await runOut(log);
    expect(await log.backlog(never)).toEqual({ ...asOf, takenUntil: scene.clock.time, entries: 0, bytes: 0 });
    expect(await scene.table.pending()).toEqual([]);
    expect(await scene.verify()).toMatchObject({ size: 82, faultCount: 0, unsequenced: 0 });
    expect(await scene.audit.find(requestIdOf(40))).toMatchObject([
      { record: { kind: 'request' } },
      { record: { kind: 'response', status: 'interrupted' } },
    ]);
  });
});

describeWithTables('how far a log is behind its table', () => {
  /** A journal of an open exchange that is in the log, and a batch that is not. */
  async function createBehind() {
    const scene = await createScene();
    const journal = await scene.openJournal();
    await journal.append(requestOf(requestIdOf(1)), callerOf());
    const log = scene.openLog();
    await runOut(log);
    expect(await log.backlog(never)).toMatchObject({ entries: 0, bytes: 0, takenUntil: scene.clock.time });
    await journal.append(requestOf(requestIdOf(2)), callerOf('web', 'bank'));
    return { ...scene, log };
  }

  it('does not count what an open exchange keeps in the table of the log', async () => {
    const { log, table } = await createBehind();
    expect(await table.pending()).toHaveLength(2);
    expect(await log.backlog(never)).toMatchObject({ entries: 1 });
    await runOut(log);
    expect(await log.backlog(never)).toMatchObject({ entries: 0 });
  });

  it('counts what the head has and was not published, and all where the log cannot be read in time', async () => {
    const { log, server } = await createBehind();
    let isCut = true;
    const isOfCheckpoint = ({ method, key }: { method: string; key: string }) =>
      isCut && method === 'PUT' && key.endsWith('/checkpoint');
    server.fail({ kind: 'refuse', status: 403, code: 'AccessDenied' }, { on: isOfCheckpoint, times: 99 });
    await expect(log.round()).rejects.toThrow();
    // The head has the second by now, and what is published has it not.
    expect(await log.backlog(never)).toMatchObject({ entries: 2 });
    isCut = false;
    await runOut(log);
    expect(await log.backlog(never)).toMatchObject({ entries: 0 });
    server.fail({ kind: 'delay', ms: 2_000 }, { times: 2 });
    const late = new AbortController();
    setTimeout(() => late.abort(), 100);
    expect(await log.backlog(late.signal)).toMatchObject({ entries: 2 });
    expect(await log.backlog(AbortSignal.abort())).toMatchObject({ entries: 2 });
    server.fail({ kind: 'refuse', status: 403, code: 'AccessDenied' });
    expect(await log.backlog(never)).toMatchObject({ entries: 2 });
  });

  it('says itself of a journal in files', async () => {
    const { keyRing, keys, heads, index, clock, root } = await createScene();
    const directories = { journal: join(root, 'journal'), log: join(root, 'log'), staging: join(root, 'staging') };
    const log = createRecordLog({
      ...{ keyRing, keys, heads, index, clock, origin: 'log', sinks: [] },
      place: { kind: 'disk', directories },
    });
    expect(await log.backlog(never)).toBeUndefined();
  });
});

describeWithTables('an exchange whose process ended', () => {
  const one = requestIdOf(1);
  const app = callerOf();

  it('is closed as interrupted once no process can be at it, once by any number of sequencers', async () => {
    const scene = await createScene();
    const { leafHash: parent } = await (await scene.openJournal()).append(requestOf(one), app);
    const logs = [scene.openLog(), scene.openLog()];
    await Promise.all(logs.map(runOut));
    scene.clock.time += 20 * MINUTE - 2_000;
    for (const log of logs) expect(await log.round()).toMatchObject({ interrupted: 0 });
    scene.clock.time += 2_000;
    const rounds = await Promise.all(logs.map((log) => log.round()));
    expect(rounds.reduce((sum, { interrupted }) => sum + interrupted, 0)).toBe(1);
    await Promise.all(logs.map(runOut));
    expect(await scene.audit.find(one)).toMatchObject([
      { record: { kind: 'request' } },
      { record: { kind: 'response', status: 'interrupted', parent: toHex(parent), time: scene.clock.time } },
    ]);
    expect(await scene.table.pending()).toEqual([]);
    expect(await scene.verify()).toMatchObject({ size: 2, faultCount: 0 });
  });

  it.each([1, 2])(
    'is closed where another has closed the first of %d already, and no fault loses one',
    async (count) => {
      const scene = await createScene();
      const journal = await scene.openJournal();
      for (let n = 1; n <= count; n += 1) await journal.append(requestOf(requestIdOf(n)), app);
      await runOut(scene.openLog());
      const marker = { pk: { S: 't#acme#closed' }, sk: { S: `closed#${one.replaceAll('-', '')}` } };
      await scene.client.putItem({ TableName: scene.name, Item: marker });
      scene.clock.time += 21 * MINUTE;
      expect(await scene.openLog().round()).toMatchObject({ interrupted: count - 1 });
      const [batch] = await scene.table.pending();
      if (batch === undefined) throw new Error('expected a batch');
      const whole = await scene.table.get(batch);
      if (whole === undefined) throw new Error('expected a batch');
      // A batch in the way is no mark: that is not taken for closed.
      await expect(scene.table.putClosing(whole, ['0'.repeat(32)])).rejects.toThrow('ConditionalCheckFailed');
      const gone = createJournalTableAt({ ...scene.place.journal, table: 'none' });
      await expect(gone.putClosing(whole, ['0'.repeat(32)])).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
      });
    },
  );

  it('is waited for as long as an exchange may take by the configuration', async () => {
    const scene = await createScene();
    await (await scene.openJournal()).append(requestOf(one), app);
    const log = scene.openLog({ longestExchangeMs: 60 * MINUTE });
    await runOut(log);
    scene.clock.time += 59 * MINUTE;
    expect(await log.round()).toMatchObject({ interrupted: 0 });
    scene.clock.time += 2 * MINUTE;
    expect(await log.round()).toMatchObject({ interrupted: 1 });
  });

  it('is let go of without that where the index has its end, or its key was destroyed', async () => {
    const scene = await createScene();
    const journal = await scene.openJournal();
    await journal.append(requestOf(one), app);
    await journal.append(requestOf(requestIdOf(2)), callerOf('web'));
    await runOut(scene.openLog());
    await journal.append(responseOf(one), app);
    // The end is let go of before what it ends, as by one that stopped between the two.
    const [, , end] = (await scene.table.pending()).toSorted((a, b) => a.first - b.first);
    await scene.openLog().round();
    if (end !== undefined) await scene.table.finish(end);
    const [row] = (await scene.keys.list()).filter(({ subject }) => subject === 'web');
    if (row !== undefined) await scene.keys.destroy(row.keyId, scene.clock.time);
    scene.clock.time += 21 * MINUTE;
    const log = scene.openLog();
    expect(await log.round()).toMatchObject({ interrupted: 0 });
    await log.round();
    expect(await scene.table.pending()).toEqual([]);
    expect(await scene.verify()).toMatchObject({ size: 3 });
  });

  it('is damage where its batch lacks it', async () => {
    const scene = await createScene();
    await (await scene.openJournal()).append(requestOf(one), app);
    await runOut(scene.openLog());
    const [batch] = await scene.table.pending();
    const [item] = (await scene.client.scan({ TableName: scene.name })).Items ?? [];
    const o = { BS: [Buffer.from(requestIdOf(7).replaceAll('-', ''), 'hex')] };
    await scene.client.putItem({ TableName: scene.name, Item: { ...item, o } });
    expect(batch?.opened).toHaveLength(1);
    scene.clock.time += 21 * MINUTE;
    await expect(scene.openLog().round()).rejects.toMatchObject({ name: 'JournalDamageError' });
  });
});
