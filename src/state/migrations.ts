import type Database from 'libsql';
import { StateError } from './state-error.ts';
import { inTransaction } from './transaction.ts';

/** SQL that takes a state file from the version of its index to the next. Entries are only ever added. */
const migrations: readonly string[] = [
  `CREATE TABLE credentials (
     id TEXT PRIMARY KEY,
     kind TEXT NOT NULL CHECK (kind IN ('apiKey', 'sigv4')),
     tenant TEXT NOT NULL,
     principal TEXT NOT NULL,
     secret BLOB NOT NULL,
     created_at INTEGER NOT NULL,
     expires_at INTEGER,
     revoked_at INTEGER
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE wrapped_keys (
     tenant TEXT NOT NULL,
     subject TEXT NOT NULL,
     key_id BLOB NOT NULL UNIQUE,
     wrapped BLOB NOT NULL,
     PRIMARY KEY (tenant, subject)
   ) STRICT, WITHOUT ROWID;`,
  `CREATE TABLE log_heads (
     log TEXT PRIMARY KEY,
     content BLOB NOT NULL
   ) STRICT;
   CREATE TABLE record_index (
     place INTEGER PRIMARY KEY,
     time INTEGER NOT NULL,
     type TEXT NOT NULL,
     request_id TEXT NOT NULL,
     tenant TEXT NOT NULL,
     principal TEXT NOT NULL,
     model TEXT,
     action TEXT,
     decision TEXT,
     findings TEXT NOT NULL,
     segment TEXT NOT NULL
   ) STRICT;
   CREATE INDEX record_index_request ON record_index (request_id);
   CREATE INDEX record_index_owner ON record_index (tenant, principal, place);
   CREATE INDEX record_index_time ON record_index (tenant, time);
   CREATE TABLE record_index_position (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     position INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX record_index_segment ON record_index (tenant, segment, time);
   ALTER TABLE wrapped_keys ADD COLUMN generation INTEGER NOT NULL DEFAULT 1;
   CREATE TABLE wrapping (
     id INTEGER PRIMARY KEY CHECK (id = 1),
     generation INTEGER NOT NULL,
     wraps INTEGER NOT NULL
   ) STRICT;
   INSERT INTO wrapping (id, generation, wraps) SELECT 1, 1, count(*) FROM wrapped_keys;
   CREATE TABLE destroyed_keys (
     key_id BLOB PRIMARY KEY,
     destroyed_at INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE legal_holds (
     tenant TEXT NOT NULL,
     subject TEXT NOT NULL,
     since INTEGER NOT NULL,
     PRIMARY KEY (tenant, subject)
   ) STRICT, WITHOUT ROWID;`,
  // The wrapped bytes have a table of their own, in which no row ever moves: see `wrapped-key-store.ts`.
  `CREATE TABLE wrapped_bytes (
     slot INTEGER PRIMARY KEY,
     content BLOB NOT NULL
   ) STRICT;
   INSERT INTO wrapped_bytes (slot, content)
     SELECT row_number() OVER (ORDER BY key_id), wrapped FROM wrapped_keys ORDER BY key_id;
   CREATE TABLE placed_keys (
     tenant TEXT NOT NULL,
     subject TEXT NOT NULL,
     key_id BLOB NOT NULL UNIQUE,
     slot INTEGER NOT NULL UNIQUE,
     generation INTEGER NOT NULL,
     PRIMARY KEY (tenant, subject)
   ) STRICT, WITHOUT ROWID;
   INSERT INTO placed_keys (tenant, subject, key_id, slot, generation)
     SELECT tenant, subject, key_id, row_number() OVER (ORDER BY key_id), generation FROM wrapped_keys;
   DROP TABLE wrapped_keys;
   ALTER TABLE placed_keys RENAME TO wrapped_keys;
   DROP INDEX record_index_time;
   CREATE INDEX record_index_tenant ON record_index (tenant, place, time);
   CREATE INDEX record_index_principal ON record_index (principal, place);
   CREATE INDEX record_index_type ON record_index (type, place);
   CREATE INDEX record_index_path ON record_index (segment);`,
];

/**
 * Brings a state file to the newest version, in one transaction: after a crash it has the old version or the new one.
 * Throws a `StateError` for a file of a version this program does not know.
 */
export function migrate(database: Database.Database): void {
  if (versionOf(database) === migrations.length) return;
  inTransaction(database, () => {
    // Asked again under the write lock: another process may have been first.
    const version = versionOf(database);
    if (version > migrations.length) {
      throw new StateError('the state file was written by a newer version of this program');
    }
    for (const sql of migrations.slice(version)) database.exec(sql);
    database.exec(`PRAGMA user_version = ${migrations.length}`);
  });
}

function versionOf(database: Database.Database): number {
  // `get` of this library gives the whole row even where one value was asked for.
  return Number(database.prepare('PRAGMA user_version').pluck().all([])[0]);
}
