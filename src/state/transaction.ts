import type Database from 'libsql';

/**
 * Runs in one transaction and in one go: while it is open, another process that writes would stand still. Durable once
 * it returns; where `run` throws, nothing of it is kept.
 */
export function inTransaction<Result>(file: Database.Database, run: () => Result): Result {
  file.exec('BEGIN IMMEDIATE');
  try {
    const result = run();
    file.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk ends the transaction by itself: to end it again would put another error in the place of that one.
    if (file.inTransaction) file.exec('ROLLBACK');
    throw error;
  }
}
