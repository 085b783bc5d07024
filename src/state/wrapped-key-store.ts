import type { Kysely, Selectable } from 'kysely';
import type Database from 'libsql';
import type { WrappedKey, WrappedKeyStore } from '../core/index.ts';
import type { Tables } from './tables.ts';
import { inTransaction } from './transaction.ts';

/** Wrapped record keys in the state file. */
export function createWrappedKeyStore(database: Kysely<Tables>, file: Database.Database): WrappedKeyStore {
  const keys = database.selectFrom('wrapped_keys').selectAll();
  const ofSubject = (tenant: string, subject: string) =>
    keys.where('tenant', '=', tenant).where('subject', '=', subject);
  return {
    async find(tenant, subject) {
      return toWrappedKey(await ofSubject(tenant, subject).executeTakeFirst());
    },
    async findById(keyId) {
      return toWrappedKey(await keys.where('key_id', '=', keyId).executeTakeFirst());
    },
    async createIfAbsent({ tenant, subject, keyId, wrapped, generation }) {
      await database
        .insertInto('wrapped_keys')
        .values({ tenant, subject, key_id: keyId, wrapped, generation })
        // A key id that is taken still rejects: two keys of one id would make records unreadable.
        .onConflict((conflict) => conflict.columns(['tenant', 'subject']).doNothing())
        .execute();
      return fromRow(await ofSubject(tenant, subject).executeTakeFirstOrThrow());
    },
    async list(tenant) {
      const rows = tenant === undefined ? keys : keys.where('tenant', '=', tenant);
      return (await rows.orderBy('tenant').orderBy('subject').execute()).map(fromRow);
    },
    async rewrap({ keyId, wrapped: old }, { wrapped, generation }) {
      const row = database.updateTable('wrapped_keys').set({ wrapped, generation });
      const { numUpdatedRows } = await row.where('key_id', '=', keyId).where('wrapped', '=', old).executeTakeFirst();
      return numUpdatedRows === 1n;
    },
    async countWrap() {
      return inTransaction(file, () => {
        const [row] = file.prepare('UPDATE wrapping SET wraps = wraps + 1 RETURNING generation, wraps').all([]);
        const { generation, wraps } = parseWrapping(row);
        if (wraps <= MOST_WRAPS) return generation;
        file.exec('UPDATE wrapping SET generation = generation + 1, wraps = 1');
        return generation + 1;
      });
    },
    async advanceGeneration() {
      const advance = 'UPDATE wrapping SET generation = generation + 1, wraps = 0 RETURNING generation, wraps';
      return parseWrapping(file.prepare(advance).all([])[0]).generation;
    },
    async destroy(keyId, at) {
      const isDestroyed = inTransaction(file, () => {
        if (file.prepare('DELETE FROM wrapped_keys WHERE key_id = ?').run([keyId]).changes === 0) return false;
        file.prepare('INSERT INTO destroyed_keys (key_id, destroyed_at) VALUES (?, ?)').run([keyId, at]);
        return true;
      });
      // The page it stood on is still in the write-ahead log, until that is written over from its beginning.
      file.exec('PRAGMA wal_checkpoint(TRUNCATE)');
      return isDestroyed;
    },
    async destroyedSince(since) {
      const rows = database.selectFrom('destroyed_keys').select('key_id').where('destroyed_at', '>=', since);
      return (await rows.execute()).map(({ key_id }) => new Uint8Array(key_id));
    },
  };
}

/** Keys that one generation of the wrapping key wraps: its nonces are random, and must not meet. */
const MOST_WRAPS = 2 ** 31;

function parseWrapping(row: unknown): { readonly generation: number; readonly wraps: number } {
  const { generation, wraps } = Object(row);
  return { generation: Number(generation), wraps: Number(wraps) };
}

type Row = Selectable<Tables['wrapped_keys']>;

function toWrappedKey(row: Row | undefined): WrappedKey | undefined {
  return row === undefined ? undefined : fromRow(row);
}

function fromRow({ tenant, subject, key_id, wrapped, generation }: Row): WrappedKey {
  return { tenant, subject, keyId: new Uint8Array(key_id), wrapped: new Uint8Array(wrapped), generation };
}
