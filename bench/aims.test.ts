import { expect, it } from 'vitest';
import { judgeAims, toAimTable } from './aims.ts';
import { type Row, toRow } from './rows.ts';

const row = (target: string, name: string, change: Partial<Row>): Row => ({
  ...toRow({ target, case: name, rssIdleMiB: 1 }, [], []),
  ...change,
});
const find = (rows: readonly Row[], part: string) => judgeAims(rows).find(({ aim }) => aim.includes(part));

it('compares with the other target of the same case', () => {
  const rows = [
    row('portkey', 'json-c64', { requestsPerSecond: 100, p99Ms: 10 }),
    row('sallyport', 'json-c64', { requestsPerSecond: 199, p99Ms: 9 }),
  ];
  expect(find(rows, 'JSON throughput')).toMatchObject({ value: 1.99, met: false });
  expect(find(rows, 'JSON p99')).toMatchObject({ value: 0.9, met: true });
});

it('takes what the record costs from the gateway without one', () => {
  const rows = [
    row('unrecorded', 'json-c64', { cpuMicrosPerRequest: 100 }),
    row('sallyport', 'json-c64', { cpuMicrosPerRequest: 125 }),
  ];
  expect(find(rows, 'journal')).toMatchObject({ value: 25, met: false });
});

it('takes the worst of several cases, and none where one is missing', () => {
  const rows = ['paced-c1', 'paced-c16'].map((name, at) => row('sallyport', name, { addedFirstTextMs: 20 + 4 * at }));
  expect(find(rows, 'first text')).toMatchObject({ value: null, met: false });
  const all = [...rows, row('sallyport', 'paced-c64', { addedFirstTextMs: 22 })];
  expect(find(all, 'first text')).toMatchObject({ value: 24, met: true });
});

it('says in words how each aim ended', () => {
  const table = toAimTable(judgeAims([row('sallyport', 'json-c64', { eventLoopP99Ms: 6 })]));
  expect(table).toMatch(/event-loop .*at most 5 \| +missed \|/);
  expect(table).toMatch(/RSS peak.*not measured/);
});
