import { createRequire } from 'node:module';
import type Libsql from 'libsql';

/** A lock on a file, held until it is released or the process ends, however it ends. */
export interface Lock {
  release(): void;
}

/**
 * Takes the lock on `file` for this process; undefined where another process, or this one already, has it.
 *
 * The embedded database's own exclusive lock, because Node has none for files: the operating system gives it up with
 * the process, so that no crash leaves a stale lock and no reused process id makes one look taken.
 */
export function acquireLock(file: string): Lock | undefined {
  // Loaded once something is to be locked: a gateway that has no data directory starts without it.
  const Database: typeof Libsql = createRequire(import.meta.url)('libsql');
  const database = new Database(file);
  try {
    database.exec('PRAGMA busy_timeout = 0');
    database.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
  return {
    release() {
      database.exec('ROLLBACK');
      database.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY';
}
