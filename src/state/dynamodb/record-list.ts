import type { IndexedRecord, RecordQuery } from '../../core/index.ts';
import { padded, recordPartitions, TENANT_RECORD, tenantPartitions, typePartition } from './keys.ts';
import { isRareType, toRecord } from './record-items.ts';
import type { Condition, Querying, Table } from './table.ts';

const OPERATION = 'list records';
/** As many neighbouring records are in one partition, so that the newest may all be in one. */
const LEAST_OF_A_PAGE = 25;

/**
 * The newest records below `until` that a query asks for. What it does not go along in order, it filters: it may read all
 * records of the tenant, or of everyone, for a principal, model, decision or finding that is not there.
 */
export async function listRecords(table: Table, query: RecordQuery, until: number): Promise<readonly IndexedRecord[]> {
  if (until <= 0) return [];
  const { partitions, prefix, filtered } = toPlaces(query);
  const sk = [`${prefix}${padded(0)}`, `${prefix}${padded(until - 1)}`] as const;
  const firstPage = Math.ceil(query.limit / partitions.length) + LEAST_OF_A_PAGE;
  const asked: Omit<Querying, 'pk'> = { sk, descending: true, filter: toFilter(filtered), firstPage };
  const sources = partitions.map((pk) => recordsOf(table, { ...asked, pk }));
  try {
    return await mergeNewest(sources, query.limit);
  } finally {
    await Promise.all(sources.map((source) => source.return()));
  }
}

async function* recordsOf(table: Table, asked: Querying): AsyncGenerator<IndexedRecord, void> {
  for await (const item of table.query(OPERATION, asked)) yield toRecord(item);
}

type Filtered = Omit<RecordQuery, 'below' | 'limit'>;

interface Places {
  readonly partitions: readonly string[];
  readonly prefix: string;
  /** What is to be filtered there. */
  readonly filtered: Filtered;
}

function toPlaces({ below: _, limit: __, ...query }: RecordQuery): Places {
  const { type, ...untyped } = query;
  if (type !== undefined && isRareType(type)) {
    return { partitions: [typePartition(type)], prefix: '', filtered: untyped };
  }
  const { tenant, ...others } = query;
  if (tenant === undefined) return { partitions: recordPartitions, prefix: '', filtered: query };
  return { partitions: tenantPartitions(tenant), prefix: TENANT_RECORD, filtered: others };
}

function toFilter({ from, until, finding, ...equal }: Filtered): Condition | undefined {
  const parts = [
    ...Object.entries(equal)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ({ expression: `#${name} = :${name}`, values: { [name]: value } })),
    ...(from === undefined ? [] : [{ expression: '#time >= :since', values: { since: from } }]),
    ...(until === undefined ? [] : [{ expression: '#time < :until', values: { until } }]),
    ...(finding === undefined ? [] : [{ expression: 'contains(#findings, :finding)', values: { finding } }]),
  ];
  if (parts.length === 0) return undefined;
  return {
    expression: parts.map(({ expression }) => expression).join(' AND '),
    values: Object.assign({}, ...parts.map(({ values }) => values)),
  };
}

/** The first `limit` of several sources, each of which gives its newest first. */
async function mergeNewest(
  sources: readonly AsyncGenerator<IndexedRecord, void>[],
  limit: number,
): Promise<readonly IndexedRecord[]> {
  const merged: IndexedRecord[] = [];
  const heads = await Promise.all(sources.map(async (source) => ({ source, record: await nextOf(source) })));
  while (merged.length < limit) {
    const newest = heads.reduce((one, other) => (placeOf(other) > placeOf(one) ? other : one));
    if (newest.record === undefined) break;
    merged.push(newest.record);
    newest.record = await nextOf(newest.source);
  }
  return merged;
}

const placeOf = ({ record }: { readonly record: IndexedRecord | undefined }) => record?.index ?? -1;

async function nextOf(source: AsyncGenerator<IndexedRecord, void>): Promise<IndexedRecord | undefined> {
  const next = await source.next();
  return next.done === true ? undefined : next.value;
}
