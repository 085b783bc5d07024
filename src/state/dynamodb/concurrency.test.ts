import { randomBytes } from 'node:crypto';
import { afterAll, expect, it } from 'vitest';
import { createDynamoDB } from '../../aws/index.ts';
import { type IndexedRecord, parseRequestId } from '../../core/index.ts';
import type { State } from '../state.ts';
import { describeWithDynamoDB } from './dynamodb-fixture.suite.ts';
import { createDynamoDBState } from './open-dynamodb-state.ts';
import { createTable as toTable } from './table.ts';

const record = (index: number, given: Partial<IndexedRecord> = {}): IndexedRecord => ({
  index,
  time: 1_764_000_000_000 + index,
  type: index % 100 === 99 ? 'change' : 'request',
  requestId: parseRequestId(`019ab2c4-7d00-7a5c-9f1e-${index.toString(16).padStart(12, '0')}`),
  tenant: `tenant-${index % 3}`,
  principal: `app-${index % 5}`,
  findings: [],
  segment: `segments/${index % 3}/${Math.floor(index / 100)}`,
  ...given,
});
const records = (from: number, until: number) => Array.from({ length: until - from }, (_, at) => record(from + at));
const places = async ({ index }: State, query = {}) =>
  (await index.list({ limit: 1_000, ...query })).map((one) => one.index);

describeWithDynamoDB('two clients at once', ({ createTable, open, openTwice, options }) => {
  const opened: State[] = [];
  afterAll(() => {
    for (const state of opened.splice(0)) state.close();
  });

  /** A client that does what it is told before it writes in a transaction for the nth time, from 0. */
  async function openInterrupted(table: string, interruptions: Readonly<Record<number, () => Promise<unknown>>>) {
    const client = await createDynamoDB(options());
    let count = 0;
    client.middlewareStack.add(
      (next, context) => async (given) => {
        if (context['commandName'] === 'TransactWriteItemsCommand') {
          count += 1;
          await interruptions[count - 1]?.();
        }
        return next(given);
      },
      { step: 'initialize', name: 'interruption' },
    );
    const state = createDynamoDBState(client, toTable(client, table));
    opened.push(state);
    return state;
  }

  it('lose no swap of the head: each one that is said to be done is there', async () => {
    const states = await openTwice();
    const said: number[] = [];
    const swap = async ({ heads }: State) => {
      for (let done = 0; done < 20; ) {
        const old = await heads.read();
        const count = Number(Buffer.from(old ?? Buffer.from('0')).toString()) + 1;
        if (!(await heads.replace(old, Buffer.from(String(count))))) continue;
        said.push(count);
        done += 1;
      }
    };
    await Promise.all(states.map(swap));
    expect(said.toSorted((one, other) => one - other)).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
  });

  it('add every record once to the index', async () => {
    const states = await openTwice();
    const said: string[] = [];
    const add = async ({ index }: State, principal: string) => {
      for (let done = 0; done < 15; ) {
        const at = await index.position();
        if (!(await index.add([record(at, { principal })], at, at + 1))) continue;
        said.push(`${at} ${principal}`);
        done += 1;
      }
    };
    await Promise.all(states.map((state, at) => add(state, `client-${at}`)));
    const listed = await states[0].index.list({ limit: 1_000 });
    expect(listed.map((one) => one.index)).toEqual(Array.from({ length: 30 }, (_, at) => 29 - at));
    expect(said.toSorted()).toEqual(listed.map((one) => `${one.index} ${one.principal}`).toSorted());
  });

  it('have one key for each subject', async () => {
    const states = await openTwice();
    const create = async ({ wrappedKeys }: State) => {
      const kept: string[] = [];
      for (let n = 0; n < 15; n += 1) {
        const key = { tenant: 'bank', subject: `subject-${n}`, generation: await wrappedKeys.countWrap() };
        const { keyId } = await wrappedKeys.createIfAbsent({
          ...key,
          keyId: randomBytes(16),
          wrapped: randomBytes(400),
        });
        kept.push(Buffer.from(keyId).toString('hex'));
      }
      return kept;
    };
    const [one, other] = await Promise.all(states.map(create));
    expect(other).toEqual(one);
    expect(await states[0].wrappedKeys.list()).toHaveLength(15);
  });

  it('find each record once, page by page, and a rare one without the rest', async () => {
    const [state, other] = await openTwice();
    for (let at = 0; at < 600; at += 200) expect(await state.index.add(records(at, at + 200), at, at + 200)).toBe(true);
    const found: number[] = [];
    for (let page = await places(other, { limit: 37 }); page.length > 0 && found.length <= 600; ) {
      found.push(...page);
      page = await places(other, { limit: 37, below: found.at(-1) ?? 0 });
    }
    expect(found).toEqual(Array.from({ length: 600 }, (_, at) => 599 - at));
    const own = found.filter((at) => at % 3 === 1);
    expect(await places(other, { tenant: 'tenant-1' })).toEqual(own);
    expect(await places(other, { tenant: 'tenant-1', limit: 7, below: 301 })).toEqual(
      own.filter((at) => at < 301).slice(0, 7),
    );
    expect(await places(other, { principal: 'app-2', limit: 3 })).toEqual([597, 592, 587]);
    expect(await places(other, { type: 'change' })).toEqual([599, 499, 399, 299, 199, 99]);
    expect(await places(other, { type: 'change', tenant: 'tenant-1', below: 500 })).toEqual([499, 199]);
  });

  it('forget a subject for good, though one of them was writing it and wakes up behind that', async () => {
    const table = await createTable();
    const awake = await open(table);
    const slow = await openInterrupted(table, {
      2: async () => {
        expect(await awake.index.add(records(0, 60), 0, 60)).toBe(true);
        await awake.index.forget('tenant-1');
      },
    });
    expect(await slow.index.add(records(0, 60), 0, 60)).toBe(false);
    expect(await places(awake)).toEqual(Array.from({ length: 60 }, (_, at) => 59 - at).filter((at) => at % 3 !== 1));
    expect(await places(awake, { tenant: 'tenant-1' })).toEqual([]);
    expect(await awake.index.find(record(1).requestId)).toEqual([]);
  });

  it('forget also what one of them wrote before and did not get to the end of', async () => {
    const table = await createTable();
    const awake = await open(table);
    const ended = await openInterrupted(table, { 2: () => Promise.reject(new Error('ended')) });
    await expect(ended.index.add(records(0, 60), 0, 60)).rejects.toThrow('could not add to the index: Error');
    expect(await awake.index.position()).toBe(0);
    expect(await places(awake)).toEqual([]);
    expect(await awake.index.find(record(1).requestId)).toEqual([]);
    await awake.index.forget('tenant-1', 'app-1');
    const left = records(0, 60).filter(({ tenant }) => tenant !== 'tenant-1');
    expect(await awake.index.add(left, 0, 60)).toBe(true);
    expect(await places(awake)).toEqual(left.map(({ index }) => index).toReversed());
    expect(await places(awake, { tenant: 'tenant-1' })).toEqual([]);
  });

  it('put no record back that was taken out while it was being replaced', async () => {
    const table = await createTable();
    const awake = await open(table);
    await awake.index.add(records(0, 60), 0, 60);
    const slow = await openInterrupted(table, { 1: () => awake.index.forget('tenant-1') });
    const anew = records(0, 60).map((one) => ({ ...one, model: 'new' }));
    const replaced = slow.index.replace(
      anew,
      anew.map(({ index }) => index),
    );
    await expect(replaced).rejects.toThrow('could not replace records: records were taken out meanwhile');
    expect(await places(awake, { tenant: 'tenant-1' })).toEqual([]);
  });

  it('go on replacing where the other adds meanwhile', async () => {
    const table = await createTable();
    const awake = await open(table);
    await awake.index.add(records(0, 30), 0, 30);
    const slow = await openInterrupted(table, { 1: () => awake.index.add(records(30, 60), 30, 60) });
    const anew = records(0, 30).map((one) => ({ ...one, model: 'new' }));
    expect(
      await slow.index.replace(
        anew,
        anew.map(({ index }) => index),
      ),
    ).toBe(true);
    expect(await places(awake, { model: 'new' })).toEqual(Array.from({ length: 30 }, (_, at) => 29 - at));
    expect(await places(awake)).toHaveLength(60);
    expect((await awake.index.expired('tenant-0', record(57).time, [])).toSorted()).toEqual([]);
    expect((await awake.index.expired('tenant-0', record(58).time, [])).toSorted()).toEqual(['segments/0/0']);
  });

  it('have one segment of very many tenants and segments in order', async () => {
    const [state, other] = await openTwice();
    const many = Array.from({ length: 24 }, (_, at) =>
      record(at, { tenant: `tenant-${at}`, segment: `segments/${at}` }),
    );
    expect(await state.index.add(many, 0, 24)).toBe(true);
    expect(await places(other)).toHaveLength(24);
    await other.index.forgetSegment('segments/7');
    expect(await places(state, { tenant: 'tenant-7' })).toEqual([]);
    expect(await places(state)).toHaveLength(23);
  });

  it('keep no head that is larger than an item may be', async () => {
    const [{ heads }] = await openTwice();
    await expect(heads.replace(undefined, new Uint8Array(300_001))).rejects.toThrow(RangeError);
  });

  it('begin the next generation of the wrapping key by itself before it has wrapped too many', async () => {
    const table = await createTable();
    const client = await createDynamoDB(options());
    const { wrappedKeys } = await open(table);
    expect(await wrappedKeys.countWrap()).toBe(1);
    await client.updateItem({
      TableName: table,
      Key: { pk: { S: 'wrapping' }, sk: { S: 'count' } },
      UpdateExpression: 'SET wraps = :most',
      ExpressionAttributeValues: { ':most': { N: String(2 ** 31 - 1) } },
    });
    client.destroy();
    expect([await wrappedKeys.countWrap(), await wrappedKeys.countWrap(), await wrappedKeys.countWrap()]).toEqual([
      1, 2, 2,
    ]);
    expect(await wrappedKeys.advanceGeneration()).toBe(3);
  });

  it('find no credential of an id that no item could have', async () => {
    const [{ credentials }] = await openTwice();
    expect(await credentials.find('')).toBeUndefined();
    expect(await credentials.find('x'.repeat(1_025))).toBeUndefined();
  });

  it('leave of a destroyed key nothing in the table', async () => {
    const table = await createTable();
    const { wrappedKeys } = await open(table);
    const key = { tenant: 'bank', subject: 'app', keyId: randomBytes(16), wrapped: randomBytes(400), generation: 1 };
    await wrappedKeys.createIfAbsent(key);
    const client = await createDynamoDB(options());
    const bytes = async () => JSON.stringify((await client.scan({ TableName: table })).Items);
    const hidden = JSON.stringify(new Uint8Array(key.wrapped));
    expect(await bytes()).toContain(hidden);
    await wrappedKeys.destroy(key.keyId, 5);
    expect(await bytes()).not.toContain(hidden);
    expect(await bytes()).not.toContain('bank');
    expect(await wrappedKeys.erasedAt(key.keyId)).toBe(5);
    client.destroy();
  });
});
