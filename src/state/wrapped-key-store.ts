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
    async createIfAbsent({ tenant, subject, keyId, wrapped }) {
      await database
        .insertInto('wrapped_keys')
        .values({ tenant, subject, key_id: keyId, wrapped })
        // A key id that is taken still rejects: two keys of one id would make records unreadable.
        .onConflict((conflict) => conflict.columns(['tenant', 'subject']).doNothing())
        .execute();
      return fromRow(await ofSubject(tenant, subject).executeTakeFirstOrThrow());
    },
    async list(tenant) {
      const rows = tenant === undefined ? keys : keys.where('tenant', '=', tenant);
      return (await rows.orderBy('tenant').orderBy('subject').execute()).map(fromRow);
    },
    async rewrap({ keyId, wrapped: old }, wrapped) {
      const row = database.updateTable('wrapped_keys').set({ wrapped });
      const { numUpdatedRows } = await row.where('key_id', '=', keyId).where('wrapped', '=', old).executeTakeFirst();
      return numUpdatedRows === 1n;
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

type Row = Selectable<Tables['wrapped_keys']>;

function toWrappedKey(row: Row | undefined): WrappedKey | undefined {
  return row === undefined ? undefined : fromRow(row);
}

function fromRow({ tenant, subject, key_id, wrapped }: Row): WrappedKey {
  return { tenant, subject, keyId: new Uint8Array(key_id), wrapped: new Uint8Array(wrapped) };
}
