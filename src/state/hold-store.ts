import type { Kysely } from 'kysely';
import type { HoldStore } from '../core/index.ts';
import type { Tables } from './tables.ts';

/** Stands for every subject of a tenant. No subject has this name. */
const EVERY = '';

/** Legal holds in the state file. */
export function createHoldStore(database: Kysely<Tables>): HoldStore {
  return {
    async list() {
      const rows = await database.selectFrom('legal_holds').selectAll().orderBy('tenant').orderBy('subject').execute();
      return rows.map(({ tenant, subject, since }) => ({ tenant, ...(subject === EVERY ? {} : { subject }), since }));
    },
    async place({ tenant, subject = EVERY, since }) {
      const hold = database.insertInto('legal_holds').values({ tenant, subject, since });
      await hold.onConflict((conflict) => conflict.doNothing()).execute();
    },
    async lift({ tenant, subject = EVERY }) {
      const hold = database.deleteFrom('legal_holds').where('tenant', '=', tenant).where('subject', '=', subject);
      return (await hold.executeTakeFirst()).numDeletedRows === 1n;
    },
  };
}
