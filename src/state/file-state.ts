import { closeSync, existsSync, openSync } from 'node:fs';
import { Kysely, SqliteDialect } from 'kysely';
import Database from 'libsql';
import type { KeyRing } from '../core/index.ts';
import { createCredentialStore } from './credential-store.ts';
import { createHeadStore } from './head-store.ts';
import { createHoldStore } from './hold-store.ts';
import { migrate } from './migrations.ts';
import type { StateOptions } from './open-state.ts';
import { setPragmas } from './pragmas.ts';
import { createRecordIndex } from './record-index.ts';
import type { State } from './state.ts';
import { StateError } from './state-error.ts';
import type { Tables } from './tables.ts';
import { createWrappedKeyStore } from './wrapped-key-store.ts';

/** How long a writer waits for the write of another process. */
const BUSY_TIMEOUT_MS = 5_000;

/** Opens the state file. `openState` says what it promises. */
export function openFileState({ file, keyRing }: StateOptions): State {
  createFile(file);
  const database = openDatabase(file, keyRing);
  const queries = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
  return {
    credentials: createCredentialStore(queries),
    wrappedKeys: createWrappedKeyStore(queries, database),
    heads: createHeadStore(queries, 'main'),
    index: createRecordIndex(queries, database),
    holds: createHoldStore(queries),
    marks: (name) => createHeadStore(queries, `mark/${name}`),
    close: () => {
      database.close();
    },
  };
}

/**
 * Makes the file for its owner alone: SQLite gives its journal files the mode of the database, and a new database the
 * mode of the process.
 *
 * One that is there is not even opened. To close a file ends all locks that this process has on it (POSIX, fcntl): another
 * process would take the database for one that nobody has open, and its log away from under another thread's feet.
 */
function createFile(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    // A link to nowhere is neither there nor made: SQLite would follow it, and make a file with another mode.
    if (!existsSync(file)) throw error;
  }
}

function openDatabase(file: string, keyRing: KeyRing): Database.Database {
  const encryptionKey = Buffer.from(keyRing.derive('state')).toString('hex');
  // A named value, because the library's types do not know the key.
  const options = { timeout: BUSY_TIMEOUT_MS, encryptionKey };
  const database = new Database(file, options);
  try {
    setPragmas(database);
    migrate(database);
    return database;
  } catch (error) {
    database.close();
    throw isNotADatabase(error)
      ? new StateError('the state file cannot be opened with this key', { cause: error })
      : error;
  }
}

function isNotADatabase(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_NOTADB';
}
