import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, newDirectory, openBare } from './state-fixture.suite.ts';
import { inTransaction } from './transaction.ts';

afterEach(cleanUp);

function open() {
  const database = openBare(newDirectory());
  database.exec('CREATE TABLE rows (value)');
  const insert = () => database.exec('INSERT INTO rows VALUES (1)');
  return { database, insert, count: () => database.prepare('SELECT * FROM rows').all([]).length };
}

describe('a transaction', () => {
  it('keeps all of it, or nothing where it fails', () => {
    const { database, insert, count } = open();
    const give = () => {
      insert();
      return 7;
    };
    expect(inTransaction(database, give)).toBe(7);
    const fail = () => {
      insert();
      throw new Error('no more');
    };
    expect(() => inTransaction(database, fail)).toThrow('no more');
    expect(count()).toBe(1);
    inTransaction(database, insert);
    expect(count()).toBe(2);
  });

  it('says what failed where the database has ended it by itself', () => {
    const { database, insert, count } = open();
    const fail = () => {
      insert();
      database.exec('ROLLBACK');
      throw new Error('disk full');
    };
    expect(() => inTransaction(database, fail)).toThrow('disk full');
    expect(count()).toBe(0);
  });
});
