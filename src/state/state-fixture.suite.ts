import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CompiledQuery, Kysely, SqliteDialect } from 'kysely';
import Database from 'libsql';
import { migrate } from './migrations.ts';
import { setPragmas } from './pragmas.ts';
import type { Tables } from './tables.ts';

const directories: string[] = [];
const databases: Database.Database[] = [];

/** A new directory, until `cleanUp`. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'sallyport-state-'));
  directories.push(directory);
  return directory;
}

export function cleanUp(): void {
  for (const database of databases.splice(0)) database.close();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
}

/** A database in a directory, without a cipher and as it was left, until `cleanUp`. */
export function openBare(directory: string): Database.Database {
  const options = { timeout: 50 };
  const database = new Database(join(directory, 'state.db'), options);
  databases.push(database);
  return database;
}

/** The state of a directory as `openState` opens it, but without a cipher, so that its bytes can be looked at. */
export function openPlain(directory: string) {
  const database = openBare(directory);
  setPragmas(database);
  migrate(database);
  const asked: CompiledQuery[] = [];
  const dialect = new SqliteDialect({ database });
  return { database, queries: new Kysely<Tables>({ dialect, log: ({ query }) => void asked.push(query) }), asked };
}

/** All that the files of a directory hold. */
export function bytesOf(directory: string): Buffer {
  return Buffer.concat(readdirSync(directory).map((name) => readFileSync(join(directory, name))));
}
