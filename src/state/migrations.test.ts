import { afterEach, describe, expect, it } from 'vitest';
import { earlierVersions } from './migrations.data.ts';
import { bytesOf, cleanUp, newDirectory, openBare, openPlain } from './state-fixture.suite.ts';
import { createWrappedKeyStore } from './wrapped-key-store.ts';

afterEach(cleanUp);

const wrappedOf = (n: number) => Buffer.alloc(400, `the wrapped bytes of key ${n} `);
const keyIdOf = (n: number) => Buffer.alloc(16, n);

/** A directory with the state file of an old version, and keys in it. */
function createOld(statements: readonly string[], keys: number): string {
  const directory = newDirectory();
  const database = openBare(directory);
  for (const sql of statements) database.exec(sql);
  database.exec(`PRAGMA user_version = ${statements.length}`);
  const insert = database.prepare('INSERT INTO wrapped_keys (tenant, subject, key_id, wrapped) VALUES (?, ?, ?, ?)');
  for (let n = 0; n < keys; n += 1) insert.run(['bank', `subject-${n + 100}`, keyIdOf(n), wrappedOf(n)]);
  const credential = 'INSERT INTO credentials VALUES (?, ?, ?, ?, ?, ?, NULL, NULL)';
  database.prepare(credential).run(['id', 'apiKey', 'bank', 'app', Buffer.of(1), 1]);
  database.close();
  return directory;
}

const old = earlierVersions.map((_, at) => [at + 1, earlierVersions.slice(0, at + 1)] as const);

describe.each(old)('a state file of version %d', (_, statements) => {
  it('keeps its keys and credentials', async () => {
    const { database, queries } = openPlain(createOld(statements, 60));
    const store = createWrappedKeyStore(queries, database);
    const kept = (await store.list('bank')).map(({ keyId, wrapped, ...rest }) => [...keyId, ...wrapped, rest]);
    expect(kept).toEqual(
      Array.from({ length: 60 }, (__, n) => [
        ...keyIdOf(n),
        ...wrappedOf(n),
        { tenant: 'bank', subject: `subject-${n + 100}`, generation: 1 },
      ]),
    );
    expect(await queries.selectFrom('credentials').select('id').execute()).toEqual([{ id: 'id' }]);
    await expect(
      store.createIfAbsent({ tenant: 'b', subject: 's', keyId: keyIdOf(3), wrapped: Buffer.of(1), generation: 1 }),
    ).rejects.toThrow('UNIQUE');
    expect(await store.countWrap()).toBe(1);
  });

  it('becomes what a new one is', () => {
    const schemaOf = (directory: string) =>
      openPlain(directory)
        .database.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name')
        .all([]);
    expect(schemaOf(createOld(statements, 3))).toEqual(schemaOf(newDirectory()));
  });

  it('holds nothing of its keys once they are destroyed', async () => {
    const directory = createOld(statements, 60);
    const { database, queries } = openPlain(directory);
    const store = createWrappedKeyStore(queries, database);
    expect(bytesOf(directory).includes('the wrapped bytes')).toBe(true);
    for (let n = 0; n < 60; n += 1) expect(await store.destroy(keyIdOf(n), 5)).toBe(true);
    expect(bytesOf(directory).includes('the wrapped bytes')).toBe(false);
  });
});
