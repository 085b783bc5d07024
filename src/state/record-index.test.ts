import { afterEach, describe, expect, it } from 'vitest';
import { type IndexedRecord, parseRequestId, type RecordIndex, type RecordQuery } from '../core/index.ts';
import { createRecordIndex } from './record-index.ts';
import { cleanUp, newDirectory, openBare, openPlain } from './state-fixture.suite.ts';

afterEach(cleanUp);

const idOf = (n: number) => parseRequestId(`019ab2c4-7d00-7a5c-9f1e-${n.toString(16).padStart(12, '0')}`);

function record(index: number): IndexedRecord {
  return {
    index,
    time: 1_764_000_000_000 + index,
    type: index % 2 === 0 ? 'request' : 'response',
    requestId: idOf(Math.floor(index / 2)),
    tenant: `tenant-${index % 7}`,
    principal: `app-${index % 11}`,
    findings: [],
    segment: `segments/${index % 7}/${Math.floor(index / 1_000)}`,
  };
}

/** How the database goes about what an index asks of it. */
async function planOf(ask: (index: RecordIndex) => Promise<unknown>): Promise<readonly string[]> {
  const directory = newDirectory();
  const { database, queries, asked } = openPlain(directory);
  await ask(createRecordIndex(queries, database));
  const explaining = openBare(directory);
  return asked.flatMap(({ sql, parameters }) =>
    explaining
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all([...parameters])
      .map((step) => String(Object(step).detail)),
  );
}

const [tenant, principal, type, from, until, below] = ['bank', 'app', 'request', 1, 2, 3];

describe('the plan of a query', () => {
  it.each<[Omit<RecordQuery, 'limit'>, string]>([
    [{ tenant }, 'record_index_tenant (tenant=?)'],
    [{ tenant, from, until }, 'record_index_tenant (tenant=?)'],
    [{ tenant, from, until, below }, 'record_index_tenant (tenant=? AND place<?)'],
    [{ tenant, type }, 'record_index_tenant (tenant=?)'],
    [{ tenant, principal }, 'record_index_owner (tenant=? AND principal=?)'],
    [{ tenant, principal, type, from, below }, 'record_index_owner (tenant=? AND principal=? AND place<?)'],
    [{ principal }, 'record_index_principal (principal=?)'],
    [{ principal, type, until, below }, 'record_index_principal (principal=? AND place<?)'],
    [{ type }, 'record_index_type (type=?)'],
  ])('of %j goes along one index in its order, and sorts nothing', async (query, index) => {
    expect(await planOf((records) => records.list({ ...query, limit: 9 }))).toEqual([
      `SEARCH record_index USING INDEX ${index}`,
    ]);
  });

  it.each<[string, (index: RecordIndex) => Promise<unknown>]>([
    ['what belongs to a request', (index) => index.find(idOf(1))],
    ['the segments past a time', (index) => index.expired('bank', 1, [])],
    ['the segments past a time, but of the held', (index) => index.expired('bank', 1, ['app'])],
    ['what a segment held', (index) => index.forgetSegment('segments/a')],
    ['what was of a subject', (index) => index.forget('bank', 'app')],
    ['what was of a tenant', (index) => index.forget('bank')],
  ])('for %s searches an index', async (_, ask) => {
    const [step, ...others] = await planOf(ask);
    expect(step).toMatch(/^SEARCH record_index USING (COVERING )?INDEX record_index_\w+ \(/);
    expect(others).toEqual([]);
  });
});

describe('a record index of many', () => {
  it('gives every record once, page by page, and leaves none out', async () => {
    const { database, queries } = openPlain(newDirectory());
    const index = createRecordIndex(queries, database);
    const [size, batch] = [40_000, 2_000];
    for (let at = 0; at < size; at += batch) {
      const records = Array.from({ length: batch }, (_, n) => record(at + n));
      expect(await index.add(records, at, at + batch)).toBe(true);
    }
    const query = { tenant: 'tenant-3', from: record(5_000).time, until: record(35_000).time, limit: 1_000 };
    const found: number[] = [];
    for (let page = await index.list(query); page.length > 0 && found.length <= size; ) {
      found.push(...page.map((one) => one.index));
      page = await index.list({ ...query, below: found.at(-1) ?? 0 });
    }
    const expected = Array.from({ length: size }, (_, n) => n).filter((n) => n % 7 === 3 && n >= 5_000 && n < 35_000);
    expect(found).toEqual(expected.reverse());
  });
});

describe('records of which one is there already', () => {
  it('are not added, none of them', async () => {
    const { database, queries } = openPlain(newDirectory());
    const index = createRecordIndex(queries, database);
    await index.add([record(0), record(1)], 0, 2);
    await expect(index.add([record(2), record(1)], 2, 4)).rejects.toThrow('UNIQUE');
    expect(await index.position()).toBe(2);
    expect(await index.list({ limit: 9 })).toHaveLength(2);
    expect(await index.add([record(2)], 2, 3)).toBe(true);
  });
});
