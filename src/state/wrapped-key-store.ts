import type { Kysely, Selectable } from 'kysely';
import type { WrappedKey, WrappedKeyStore } from '../core/index.ts';
import type { Tables } from './tables.ts';

/** Wrapped record keys in the state file. */
export function createWrappedKeyStore(database: Kysely<Tables>): WrappedKeyStore {
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
  };
}

type Row = Selectable<Tables['wrapped_keys']>;

function toWrappedKey(row: Row | undefined): WrappedKey | undefined {
  return row === undefined ? undefined : fromRow(row);
}

function fromRow({ tenant, subject, key_id, wrapped }: Row): WrappedKey {
  return { tenant, subject, keyId: new Uint8Array(key_id), wrapped: new Uint8Array(wrapped) };
}
