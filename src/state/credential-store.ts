import type { Kysely, Selectable } from 'kysely';
import type { Credential, CredentialStore } from '../core/index.ts';
import type { Tables } from './tables.ts';

/** Credentials in the state file. */
export function createCredentialStore(database: Kysely<Tables>): CredentialStore {
  return {
    async find(id) {
      const row = await database.selectFrom('credentials').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toCredential(row);
    },
    async list() {
      const rows = await database.selectFrom('credentials').selectAll().orderBy('created_at').orderBy('id').execute();
      return rows.map(toCredential);
    },
    async create({ id, kind, tenant, principal, secret, createdAt, expiresAt, revokedAt }) {
      await database
        .insertInto('credentials')
        .values({
          id,
          kind,
          tenant,
          principal,
          secret,
          created_at: createdAt,
          expires_at: expiresAt ?? null,
          revoked_at: revokedAt ?? null,
        })
        .execute();
    },
    async revoke(id, at) {
      const { numUpdatedRows } = await database
        .updateTable('credentials')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
  };
}

function toCredential(row: Selectable<Tables['credentials']>): Credential {
  return {
    id: row.id,
    kind: row.kind,
    tenant: row.tenant,
    principal: row.principal,
    secret: new Uint8Array(row.secret),
    createdAt: row.created_at,
    ...(row.expires_at === null ? {} : { expiresAt: row.expires_at }),
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
  };
}
