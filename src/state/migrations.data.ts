/** The statements of earlier versions of the state file as they were: a copy, so that a change to one is noticed. */
export const earlierVersions: readonly string[] = [
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
];
