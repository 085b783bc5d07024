import type Database from 'libsql';

/**
 * How a connection to the state writes: a commit is on stable storage once it returns, what is deleted is overwritten,
 * and nothing that is sorted or kept aside for a statement goes to a temporary file, which no cipher would cover.
 */
export function setPragmas(database: Database.Database): void {
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA secure_delete = ON; ' +
      'PRAGMA temp_store = MEMORY',
  );
}
