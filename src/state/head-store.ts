import type { Kysely } from 'kysely';
import type { HeadStore } from '../core/index.ts';
import type { Tables } from './tables.ts';

/** The head of the log `log`, in the state file. */
export function createHeadStore(database: Kysely<Tables>, log: string): HeadStore {
  return {
    async read() {
      const row = await database.selectFrom('log_heads').select('content').where('log', '=', log).executeTakeFirst();
      return row === undefined ? undefined : new Uint8Array(row.content);
    },
    async replace(old, next) {
      if (old === undefined) {
        const { numInsertedOrUpdatedRows } = await database
          .insertInto('log_heads')
          .values({ log, content: next })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        return numInsertedOrUpdatedRows === 1n;
      }
      const { numUpdatedRows } = await database
        .updateTable('log_heads')
        .set({ content: next })
        .where('log', '=', log)
        .where('content', '=', old)
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },
  };
}
