import type Database from 'libsql';

/** Runs in one transaction and in one go: while it is open, another process that writes would stand still. */
export function inTransaction<Result>(file: Database.Database, run: () => Result): Result {
  file.exec('BEGIN IMMEDIATE');
  try {
    const result = run();
    file.exec('COMMIT');
    return result;
  } catch (error) {
    file.exec('ROLLBACK');
    throw error;
  }
}
