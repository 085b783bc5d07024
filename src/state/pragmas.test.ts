import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, newDirectory, openPlain } from './state-fixture.suite.ts';

afterEach(cleanUp);

describe('a connection to the state', () => {
  it.each([
    ['journal_mode', 'wal'],
    ['synchronous', 2],
    ['fullfsync', 1],
    ['secure_delete', 1],
    ['temp_store', 2],
  ])('has %s %s, as the database itself says', (name, value) => {
    const { database } = openPlain(newDirectory());
    expect(database.prepare(`PRAGMA ${name}`).pluck().all([])).toEqual([value]);
  });
});
