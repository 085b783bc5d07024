import type Database from 'libsql';

/**
 * INVARIANT: a row of `wrapped_bytes` never moves, and is never deleted: it is overwritten where it stands.
 *
 * `PRAGMA secure_delete` is not enough. Where rows are inserted between others, or deleted, SQLite evens out its pages
 * and leaves copies of rows behind in the free part of a page, which no later deletion overwrites: of 300 destroyed keys
 * one or more could still be read from the file. New rows at the end, and content of the same length in the place of the
 * old, move nothing. A key that was destroyed or wrapped anew costs its length in zeros.
 */

/** Stores bytes, within a transaction, and gives their slot. */
export function appendBytes(file: Database.Database, content: Uint8Array): number | bigint {
  return file.prepare('INSERT INTO wrapped_bytes (content) VALUES (?)').run([content]).lastInsertRowid;
}

/** Puts zeros in the place of what a slot holds. */
export function overwriteBytes(file: Database.Database, slot: unknown): void {
  file.prepare('UPDATE wrapped_bytes SET content = zeroblob(length(content)) WHERE slot = ?').run([slot]);
}
