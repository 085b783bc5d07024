import { type Kysely, type Selectable, sql } from 'kysely';
import type Database from 'libsql';
import { type IndexedRecord, parseRequestId, type RecordIndex, type RecordQuery } from '../core/index.ts';
import type { Tables } from './tables.ts';
import { inTransaction } from './transaction.ts';

const POSITION = 'SELECT position FROM record_index_position';
const MOVE =
  'INSERT INTO record_index_position (id, position) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET position = excluded.position';
const INSERT =
  'INSERT INTO record_index (place, time, type, request_id, tenant, principal, model, action, decision, findings, segment) ' +
  'VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)';

const MOST = 1_000;
/** Around each type of finding, so that none is found within another's name. */
const SEPARATOR = ' ';

/** The index of the log in the state file, of which `file` is the connection that `database` asks through. */
export function createRecordIndex(database: Kysely<Tables>, file: Database.Database): RecordIndex {
  async function position(): Promise<number> {
    const row = await database.selectFrom('record_index_position').select('position').executeTakeFirst();
    return row?.position ?? 0;
  }

  function positionNow(): number {
    // `get` of this library gives the whole row even where one value was asked for.
    return Number(file.prepare(POSITION).pluck().all([])[0] ?? 0);
  }

  function insertAll(records: readonly IndexedRecord[]): void {
    const insert = file.prepare(INSERT);
    for (const record of records) insert.run(toValues(record));
  }

  return {
    position,

    async add(records, from, until) {
      return inTransaction(file, () => {
        if (positionNow() !== from) return false;
        insertAll(records);
        file.prepare(MOVE).run([until]);
        return true;
      });
    },

    async list(query) {
      if (!(query.limit >= 1 && query.limit <= MOST)) throw new RangeError(`a list has from 1 to ${MOST} records`);
      return (await select(database, query).execute()).map(fromRow);
    },

    async find(requestId) {
      const found = database.selectFrom('record_index').selectAll().where('request_id', '=', requestId);
      return (await found.orderBy('place').execute()).map(fromRow);
    },

    async replace(records, places) {
      return inTransaction(file, () => {
        const until = positionNow();
        if (places.some((place) => place >= until)) return false;
        const remove = file.prepare('DELETE FROM record_index WHERE place = ?');
        for (const place of places) remove.run([place]);
        insertAll(records);
        return true;
      });
    },

    async cut(size) {
      inTransaction(file, () => {
        file.prepare('DELETE FROM record_index WHERE place >= ?').run([size]);
        file.prepare('UPDATE record_index_position SET position = min(position, ?)').run([size]);
      });
    },

    async forget(tenant, principal) {
      const records = database.deleteFrom('record_index').where('tenant', '=', tenant);
      await (principal === undefined ? records : records.where('principal', '=', principal)).execute();
    },

    async expired(tenant, before, held) {
      const rows = await database
        .selectFrom('record_index')
        .select('segment')
        .where('tenant', '=', tenant)
        .groupBy('segment')
        .having((own) => own.fn.max('time'), '<', before)
        .$if(held.length > 0, (some) =>
          some.having((own) => own.fn.sum(own.case().when('principal', 'in', held).then(1).else(0).end()), '=', 0),
        )
        .execute();
      return rows.map(({ segment }) => segment);
    },

    async forgetSegment(segment) {
      await database.deleteFrom('record_index').where('segment', '=', segment).execute();
    },
  };
}

/**
 * The newest first: a page goes on below the last place of the one before.
 *
 * Every page is read along an index that is in the order of places, so that none is sorted. The plus takes the index of
 * types away where there is a narrower one: the database counts no rows, and could go through all requests of everyone
 * for those of one tenant.
 */
function select(database: Kysely<Tables>, query: RecordQuery) {
  const { tenant, principal, model, type, decision, finding, from, until, below, limit } = query;
  const isNarrow = tenant !== undefined || principal !== undefined;
  return database
    .selectFrom('record_index')
    .selectAll()
    .$if(tenant !== undefined, (rows) => rows.where('tenant', '=', String(tenant)))
    .$if(principal !== undefined, (rows) => rows.where('principal', '=', String(principal)))
    .$if(model !== undefined, (rows) => rows.where('model', '=', String(model)))
    .$if(type !== undefined, (rows) => rows.where(isNarrow ? sql<string>`+type` : 'type', '=', String(type)))
    .$if(decision !== undefined, (rows) => rows.where('decision', '=', String(decision)))
    .$if(finding !== undefined, (rows) =>
      rows.where(sql<boolean>`instr(findings, ${`${SEPARATOR}${finding}${SEPARATOR}`}) > 0`),
    )
    .$if(from !== undefined, (rows) => rows.where('time', '>=', Number(from)))
    .$if(until !== undefined, (rows) => rows.where('time', '<', Number(until)))
    .$if(below !== undefined, (rows) => rows.where('place', '<', Number(below)))
    .orderBy('place', 'desc')
    .limit(limit);
}

type Row = Selectable<Tables['record_index']>;

/** In the order of `INSERT`. */
function toValues(record: IndexedRecord): readonly (string | number | null)[] {
  const { index, time, type, requestId, tenant, principal, findings, segment } = record;
  const { model = null, action = null, decision = null } = record;
  const listed = findings.map((finding) => `${SEPARATOR}${finding}${SEPARATOR}`).join('');
  return [index, time, type, requestId, tenant, principal, model, action, decision, listed, segment];
}

function fromRow(row: Row): IndexedRecord {
  return {
    index: row.place,
    time: row.time,
    type: row.type,
    requestId: parseRequestId(row.request_id),
    tenant: row.tenant,
    principal: row.principal,
    ...(row.model === null ? {} : { model: row.model }),
    ...(row.action === null ? {} : { action: row.action }),
    ...(row.decision === null ? {} : { decision: row.decision }),
    findings: row.findings.split(SEPARATOR).filter(Boolean),
    segment: row.segment,
  };
}
