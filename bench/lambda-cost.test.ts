import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sizeOf, unitsOf, withConsumption } from './lambda/capacity.ts';
import { toCost, totalOf, toWakesPerCall } from './lambda/cost.ts';
import type { CountedCall } from './lambda/counting-proxy.ts';
import { coveredMs, type Interval } from './lambda/intervals.ts';
import { prices } from './lambda/prices.data.ts';
import { meanOf, none, plus, times, toShares, toUse } from './lambda/use.ts';

describe('the time in which something was under way', () => {
  it('counts once what overlaps, and only what lies within', () => {
    const within = { from: 10, to: 110 };
    const calls = [
      { from: 60, to: 70 },
      { from: 20, to: 40 },
      { from: 30, to: 50 },
      { from: 35, to: 36 },
    ];
    expect(coveredMs(calls, within)).toBe(40);
    expect(coveredMs([...calls, { from: 0, to: 15 }, { from: 105, to: 500 }], within)).toBe(50);
    expect(coveredMs([{ from: 0, to: 5 }], within)).toBe(0);
    expect(coveredMs([], within)).toBe(0);
  });

  it('is what one finds by looking at each millisecond', () => {
    const interval = fc.tuple(fc.nat(60), fc.nat(30)).map(([from, length]): Interval => ({ from, to: from + length }));
    fc.assert(
      fc.property(fc.array(interval), interval, (intervals, within) => {
        const lies = (at: number) => intervals.some(({ from, to }) => from <= at && at < to);
        const moments = Array.from({ length: within.to - within.from }, (_, index) => within.from + index);
        expect(coveredMs(intervals, within)).toBe(moments.filter(lies).length);
      }),
    );
  });
});

const asked = (body: object) => Buffer.from(JSON.stringify(body));
const bodies = (request: object, answer: object = {}) => ({ asked: asked(request), answered: asked(answer) });
const told = (CapacityUnits: number) => ({ ConsumedCapacity: { TableName: 'journal', CapacityUnits } });

describe('the units of a call of DynamoDB', () => {
  it('are those that its answer tells, which it is asked for', () => {
    expect(JSON.parse(withConsumption(asked({ TableName: 'journal' })).toString())).toEqual({
      ReturnConsumedCapacity: 'TOTAL',
      TableName: 'journal',
    });
    expect(unitsOf('PutItem journal', bodies({}, told(6)))).toEqual({ read: 0, write: 6 });
    expect(unitsOf('GetItem state', bodies({ ConsistentRead: true }, told(3)))).toEqual({ read: 3, write: 0 });
  });

  it('are not nothing where nothing was found or written', () => {
    expect(unitsOf('Query journal', bodies({}, told(0)))).toEqual({ read: 0.5, write: 0 });
    expect(unitsOf('Query state', bodies({ ConsistentRead: true }, told(0)))).toEqual({ read: 1, write: 0 });
    expect(unitsOf('UpdateItem journal', bodies({}, { __type: 'refused' }))).toEqual({ read: 0, write: 1 });
  });

  it('are two for each begun KB of each item of a transaction', () => {
    const put = (bytes: number) => ({ Put: { Item: { pk: { S: 'x'.repeat(bytes - 2) } } } });
    const request = { TransactItems: [put(1_024), put(1_025), { ConditionCheck: {} }] };
    expect(unitsOf('TransactWriteItems state', bodies(request, told(2)))).toEqual({ read: 0, write: 2 + 4 + 2 });
  });

  it('go by the bytes of an item, with names, in the form of the wire', () => {
    const bytes = Buffer.alloc(30).toString('base64');
    const wire = JSON.parse(
      JSON.stringify({
        s: { S: 'ä' },
        n: { N: '1234' },
        b: { B: bytes },
        ss: { BS: [bytes, bytes] },
        t: { BOOL: true },
      }),
    );
    expect(sizeOf(wire)).toBe(1 + 2 + (1 + 3) + (1 + 30) + (2 + 60) + (1 + 1));
    expect(sizeOf({ l: { L: [{ S: 'ab' }, { S: 'c' }] }, ss: { SS: ['ab', 'c'] } })).toBe(1 + 3 + 5 + 2 + 3);
  });
});

const call = (name: string, units = { read: 0, write: 0 }): CountedCall => ({
  from: 0,
  to: 1,
  status: 200,
  service: name.split(' ')[0] as CountedCall['service'],
  name,
  units,
});

describe('the use of an invocation', () => {
  it('is what its calls were, by the class that AWS prices them in', () => {
    const calls = [
      call('dynamodb PutItem journal', { read: 0, write: 4 }),
      call('dynamodb Query state', { read: 1, write: 0 }),
      ...['PUT tile', 'LIST', 'POST segments', 'GET tile', 'HEAD tile', 'DELETE tile'].map((name) =>
        call(`s3 ${name}`),
      ),
      call('kms Decrypt'),
      call('bedrock converse'),
    ];
    expect(toUse({ calls, log: 'lä\n', durationMs: 2_000, waitingMs: 500 }, 512)).toEqual({
      ...none,
      reads: 1,
      writes: 4,
      puts: 3,
      gets: 2,
      keys: 1,
      logBytes: 4,
      invocations: 1,
      gibSeconds: 1,
      ownSeconds: 1.5,
    });
  });

  it('adds up, and is shared between what is fixed and what each exchange adds', () => {
    const fixed = { ...none, reads: 8, puts: 6 };
    const each = { ...none, reads: 1, writes: 24 };
    const of = (exchanges: number) => ({ use: plus(fixed, times(each, exchanges)), exchanges });
    expect(toShares(of(1), of(301))).toEqual({ fixed, each });
    expect(toShares({ use: times(each, 2), exchanges: 1 }, { use: each, exchanges: 3 }).each).toEqual(none);
    expect(meanOf([fixed, each]).reads).toBe(4.5);
  });
});

describe('the cost of a use', () => {
  it('is the sum of what each service takes', () => {
    const use = {
      reads: 8_000_000,
      writes: 8_000_000,
      puts: 1_000,
      gets: 10_000,
      keys: 10_000,
      logBytes: 2 ** 31,
      invocations: 1_000_000,
      gibSeconds: 1_000_000,
      ownSeconds: 1,
      requests: 2_000_000,
    };
    const cost = toCost(use, prices, 'x64');
    expect(cost.lambda).toBeCloseTo(16.67 + 0.2, 2);
    expect(cost).toMatchObject({ apiGateway: 7, dynamodb: 6, kms: 0.03, logs: 1 });
    expect(cost.s3).toBeCloseTo(0.005 + 0.004, 6);
    expect(totalOf(cost)).toBeCloseTo(30.9057, 3);
    expect(toCost(use, prices, 'arm64').lambda).toBeCloseTo(13.33 + 0.2, 2);
    expect(totalOf(toCost(none, prices, 'arm64'))).toBe(0);
  });

  it('shares a wake of the sequencer between the calls of a window', () => {
    const traffic = { wakesAlone: 2, windowSeconds: 1 };
    expect(toWakesPerCall({ ...traffic, callsPerSecond: 0.01 })).toBe(2);
    expect(toWakesPerCall({ ...traffic, callsPerSecond: 1 })).toBe(1);
    expect(toWakesPerCall({ ...traffic, callsPerSecond: 50 })).toBe(0.02);
    expect(toWakesPerCall({ ...traffic, windowSeconds: 10, callsPerSecond: 1 })).toBe(0.1);
  });

  it('is at prices that say whether a page of AWS has them', () => {
    for (const { dollars, source } of Object.values(prices)) {
      expect(dollars).toBeGreaterThan(0);
      expect(source.length).toBeGreaterThan(10);
    }
  });
});
