import type { Kysely } from 'kysely';
import type Database from 'libsql';
import type { WrappedKey, WrappedKeyStore } from '../core/index.ts';
import { StateError } from './state-error.ts';
import type { Tables } from './tables.ts';
import { inTransaction } from './transaction.ts';
import { createWrapCounter } from './wrap-counter.ts';
import { appendBytes, overwriteBytes } from './wrapped-bytes.ts';

/** Wrapped record keys in the state file, of which `file` is the connection that `database` asks through. */
export function createWrappedKeyStore(database: Kysely<Tables>, file: Database.Database): WrappedKeyStore {
  const keys = database
    .selectFrom('wrapped_keys')
    .innerJoin('wrapped_bytes', 'wrapped_bytes.slot', 'wrapped_keys.slot')
    .select(['tenant', 'subject', 'key_id', 'content', 'generation']);
  const ofSubject = (tenant: string, subject: string) =>
    keys.where('tenant', '=', tenant).where('subject', '=', subject);
  return {
    ...createWrapCounter(file),
    async find(tenant, subject) {
      return toWrappedKey(await ofSubject(tenant, subject).executeTakeFirst());
    },
    async findById(keyId) {
      return toWrappedKey(await keys.where('key_id', '=', keyId).executeTakeFirst());
    },
    async createIfAbsent({ tenant, subject, keyId, wrapped, generation }) {
      inTransaction(file, () => {
        if (file.prepare(IS_THERE).all([tenant, subject]).length > 0) return;
        // A key id that is taken rejects: two keys of one id would make records unreadable.
        file.prepare(INSERT).run([tenant, subject, keyId, appendBytes(file, wrapped), generation]);
      });
      return fromRow(await ofSubject(tenant, subject).executeTakeFirstOrThrow());
    },
    async list(tenant) {
      const rows = tenant === undefined ? keys : keys.where('tenant', '=', tenant);
      return (await rows.orderBy('tenant').orderBy('subject').execute()).map(fromRow);
    },
    async rewrap({ keyId, wrapped: old }, { wrapped, generation }) {
      return inTransaction(file, () => {
        const [slot] = file.prepare(SLOT).pluck().all([keyId, old]);
        if (slot === undefined) return false;
        file.prepare(MOVE).run([appendBytes(file, wrapped), generation, keyId]);
        overwriteBytes(file, slot);
        return true;
      });
    },
    async destroy(keyId, at) {
      const isDestroyed = inTransaction(file, () => {
        const [slot] = file.prepare(DELETE).pluck().all([keyId]);
        if (slot === undefined) return false;
        overwriteBytes(file, slot);
        file.prepare('INSERT INTO destroyed_keys (key_id, destroyed_at) VALUES (?, ?)').run([keyId, at]);
        return true;
      });
      truncateLog(file);
      return isDestroyed;
    },
    async destroyedSince(since) {
      const rows = database.selectFrom('destroyed_keys').select('key_id').where('destroyed_at', '>=', since);
      return (await rows.execute()).map(({ key_id }) => new Uint8Array(key_id));
    },
    async erasedAt(keyId) {
      const row = database.selectFrom('destroyed_keys').select('destroyed_at').where('key_id', '=', keyId);
      return (await row.executeTakeFirst())?.destroyed_at;
    },
  };
}

const IS_THERE = 'SELECT 1 FROM wrapped_keys WHERE tenant = ? AND subject = ?';
const INSERT = 'INSERT INTO wrapped_keys (tenant, subject, key_id, slot, generation) VALUES (?, ?, ?, ?, ?)';
const SLOT = 'SELECT slot FROM wrapped_keys JOIN wrapped_bytes USING (slot) WHERE key_id = ? AND content = ?';
const MOVE = 'UPDATE wrapped_keys SET slot = ?, generation = ? WHERE key_id = ?';
const DELETE = 'DELETE FROM wrapped_keys WHERE key_id = ? RETURNING slot';

/**
 * The pages as they were are still in the write-ahead log, until that is written over from its beginning. Another process
 * that reads for as long as a writer waits keeps it from that, which the database says in its answer alone.
 */
function truncateLog(file: Database.Database): void {
  const { busy } = Object(file.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all([])[0]);
  if (busy !== 0) throw new StateError('destroyed, but its bytes are in the log of the state until nobody reads it');
}

interface Row {
  readonly tenant: string;
  readonly subject: string;
  readonly key_id: ArrayBuffer | Uint8Array;
  readonly content: ArrayBuffer | Uint8Array;
  readonly generation: number;
}

function toWrappedKey(row: Row | undefined): WrappedKey | undefined {
  return row === undefined ? undefined : fromRow(row);
}

function fromRow({ tenant, subject, key_id, content, generation }: Row): WrappedKey {
  return { tenant, subject, keyId: new Uint8Array(key_id), wrapped: new Uint8Array(content), generation };
}
