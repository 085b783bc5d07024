import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type DynamoDBLocal,
  findDynamoDBLocal,
  startDynamoDBLocal,
} from '../../../tools/dynamodb-local/dynamodb-local.ts';
import { type FaultyProxy, startFaultyProxy } from '../../../tools/faulty-proxy.ts';
import { journalTable, openTableJournalAt } from '../../audit/index.ts';
import { createRequestId, gatewayOwner } from '../../core/index.ts';
import { createDynamoDBTable, createSecretKeyRing, openDynamoDBState, stateTable } from '../../state/index.ts';
import type { LogFields } from '../../telemetry/index.ts';
import { openSharedBacklog } from '../record-place.ts';
import { systemClock } from '../system-clock.ts';
import { startBacklogWatch } from './backlog-watch.ts';

const installed = await findDynamoDBLocal();
let dynamoDB: DynamoDBLocal | undefined;
let proxy: FaultyProxy;
const cleaners: (() => Promise<void> | void)[] = [];
beforeAll(async () => {
  if ('directory' in installed) dynamoDB = await startDynamoDBLocal(installed);
}, 90_000);
afterAll(async () => dynamoDB?.stop());
beforeEach(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.useFakeTimers({ toFake: ['Date', 'setInterval', 'clearInterval'] });
  vi.setSystemTime(Date.now());
  const url = dynamoDB?.endpoint ?? '';
  proxy = await startFaultyProxy({ dynamodb: url, s3: url, kms: url, sts: url, secretsmanager: url, bedrock: url });
});
afterEach(async () => {
  vi.useRealTimers();
  for (const clean of cleaners.splice(0).reverse()) await clean();
  await proxy.close();
  vi.unstubAllEnvs();
});

const region = 'eu-central-1';
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const QUERY = 'dynamodb Query journal';
const pass = (ms: number) => void vi.setSystemTime(Date.now() + ms);

/** A state and a journal's table, of which any number of gateways have a watch. */
async function createScene() {
  const [table, journalName] = [`state-${randomUUID()}`, `journal-${randomUUID()}`];
  const endpoint = dynamoDB?.endpoint ?? '';
  await createDynamoDBTable({ table, definition: stateTable, region, endpoint });
  await createDynamoDBTable({ table: journalName, definition: journalTable, region, endpoint });
  const state = await openDynamoDBState({ table, region, endpoint });
  cleaners.push(() => state.close());
  const place = {
    kind: 'dynamodb',
    journal: { region, endpoint: proxy.url, table: journalName },
    store: { kind: 's3', bucket: 'log', prefix: '', region, endpoint: 'http://127.0.0.1:1', forcePathStyle: true },
  } as const;
  const keyRing = createSecretKeyRing(randomBytes(32).toString('base64url'));
  const journal = await openTableJournalAt(place, { keyRing, keys: state.wrappedKeys, clock: systemClock });
  cleaners.push(() => journal.close());
  const shared = openSharedBacklog(place, state);
  const events: [string, LogFields | undefined][] = [];
  const log = (event: string, fields?: LogFields) => void events.push([event, fields]);
  return {
    events,
    shared,
    looks: () => proxy.calls.filter(({ name }) => name === QUERY).length,
    said: (event: string) => events.filter(([name]) => name === event),
    /** Says what a sequencer says. */
    say: (bytes: number, takenUntil = Date.now()) =>
      shared.note({ time: Date.now(), takenUntil, entries: bytes === 0 ? 0 : 1, bytes }),
    append() {
      const time = Date.now();
      const act = { kind: 'administration', operator: 'olga', act: 'test', details: {} } as const;
      return journal.append({ ...act, requestId: createRequestId(time, randomBytes(10)), time }, gatewayOwner);
    },
    async watch(maxJournalBytes = 2 ** 30) {
      const watch = await startBacklogWatch({
        backlog: openSharedBacklog(place, state),
        state,
        maxJournalBytes,
        maximumMergeDelayMs: 5 * MINUTE,
        logger: { warn: log, error: log },
      });
      cleaners.push(() => watch.close());
      return watch;
    },
  };
}

/** Until what was begun has ended. What vitest has for that would move the clock. */
async function settled(check: () => void | Promise<void>): Promise<void> {
  for (let tries = 1_000; ; tries -= 1) {
    try {
      return await check();
    } catch (error) {
      if (tries === 0) throw error;
      await pause(20);
    }
  }
}

describe.skipIf('reason' in installed)('what a gateway knows of a log that is behind its table', () => {
  it('is what was said last, and nobody looks while that is new', async () => {
    const { say, watch, looks } = await createScene();
    await say(4_000, Date.now() - 3 * SECOND);
    const one = await watch();
    expect(one.state()).toEqual({
      waitingBytes: 4_000,
      isLogBehind: false,
      isLogWritten: true,
      lastRoundAt: Date.now() - 3 * SECOND,
    });
    pass(10 * SECOND);
    await say(5_000);
    await one.refresh();
    await settled(() => expect(one.state().waitingBytes).toBe(5_000));
    // Of nobody is more asked than that.
    pass(9 * SECOND);
    await say(6_000);
    await one.refresh();
    expect(one.state().waitingBytes).toBe(5_000);
    expect(looks()).toBe(0);
  });

  it('is what one of all looks for, where nobody has said anything for two minutes', async () => {
    const { append, watch, looks, shared, say } = await createScene();
    await append();
    await append();
    const watches = await Promise.all([watch(), watch(), watch()]);
    await settled(() => expect(looks()).toBe(16));
    await settled(async () => expect(await shared.read()).toMatchObject({ entries: 2 }));
    pass(10 * SECOND);
    for (const one of watches) await one.refresh();
    for (const one of watches) await settled(() => expect(one.state().waitingBytes).toBeGreaterThan(0));
    expect(looks()).toBe(16);
    pass(2 * MINUTE - 11 * SECOND);
    await Promise.all(watches.map((one) => one.refresh()));
    await append();
    pass(11 * SECOND);
    await Promise.all(watches.map((one) => one.refresh()));
    await settled(async () => expect(await shared.read()).toMatchObject({ entries: 3 }));
    expect(looks()).toBe(32);
    await say(0);
  });

  it('is that all of it is in the log, where the table keeps nothing', async () => {
    const { watch, shared } = await createScene();
    const time = Date.now();
    const one = await watch();
    expect(one.state()).toMatchObject({ lastRoundAt: 0, isLogWritten: false });
    await settled(async () => expect(await shared.read()).toMatchObject({ takenUntil: time }));
    await settled(() => expect(one.state()).toMatchObject({ lastRoundAt: time, isLogWritten: true }));
    pass(5 * MINUTE);
    expect(one.state()).toMatchObject({ lastRoundAt: time, isLogWritten: false });
  });

  it('refuses requests once as much waits as may, says so once, and takes them again once it does not', async () => {
    const { append, watch, said, say } = await createScene();
    await append();
    const one = await watch(1);
    await settled(() => expect(one.isBehind()).toBe(true));
    expect(one.state()).toMatchObject({ isLogBehind: true });
    await settled(() => expect(said('log behind')).toHaveLength(1));
    expect(said('log behind')).toEqual([['log behind', { bytes: one.state().waitingBytes }]]);
    pass(10 * SECOND);
    await say(1);
    await one.refresh();
    await settled(() => expect(one.state().waitingBytes).toBe(1));
    expect(said('log behind')).toHaveLength(1);
    pass(10 * SECOND);
    await say(0);
    await one.refresh();
    await settled(() => expect(one.isBehind()).toBe(false));
  });

  it('refuses them where nobody could say for ten minutes how much it is, and takes them as soon as one can', async () => {
    const { watch, said, say } = await createScene();
    proxy.plan({ call: QUERY, fault: { kind: 'refuse', status: 400, code: 'AccessDeniedException' } });
    const one = await watch();
    await settled(() => expect(said('backlog not known')).toHaveLength(1));
    expect(one.isBehind()).toBe(false);
    pass(10 * MINUTE - 1);
    expect(one.isBehind()).toBe(false);
    pass(1);
    expect(one.state()).toMatchObject({ isLogBehind: true, lastRoundAt: 0 });
    await one.refresh();
    expect(one.isBehind()).toBe(true);
    expect(said('log behind')).toHaveLength(1);
    proxy.mend();
    pass(MINUTE);
    // A process that was frozen so long takes none of what it knew for granted, and the next request waits.
    await one.refresh();
    expect(one.isBehind()).toBe(false);
    pass(11 * MINUTE);
    expect(one.isBehind()).toBe(true);
    await say(0);
    await one.refresh();
    expect(one.isBehind()).toBe(false);
  });

  it('is not what is said of a time that is to come', async () => {
    const { append, watch, shared, looks } = await createScene();
    await append();
    await shared.note({ time: Date.now() + 60 * MINUTE, takenUntil: Date.now() + 60 * MINUTE, entries: 0, bytes: 0 });
    const one = await watch();
    expect(one.isBehind()).toBe(true);
    await settled(() => expect(looks()).toBe(16));
    await settled(() => expect(one.isBehind()).toBe(false));
    expect(one.state().waitingBytes).toBeGreaterThan(0);
    expect(await shared.read()).toMatchObject({ time: Date.now(), entries: 1 });
  });

  it('is read again every ten seconds, and no more once it closes, nor waited for then', async () => {
    const { append, watch, say, looks, events } = await createScene();
    await append();
    await say(1);
    const one = await watch();
    await say(2);
    vi.advanceTimersByTime(10 * SECOND);
    await settled(() => expect(one.state().waitingBytes).toBe(2));
    proxy.plan({ call: QUERY, after: 1, fault: { kind: 'hold' } });
    vi.advanceTimersByTime(2 * MINUTE);
    await settled(() => expect(looks()).toBeGreaterThan(1));
    const closing = performance.now();
    one.close();
    expect(performance.now() - closing).toBeLessThan(SECOND);
    await say(3);
    vi.advanceTimersByTime(10 * SECOND);
    proxy.mend();
    await pause(4 * SECOND);
    expect(one.state().waitingBytes).toBe(2);
    expect(events).toEqual([]);
  });
});
