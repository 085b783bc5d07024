import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { WrappedKey } from '../core/index.ts';
import { StateError } from './state-error.ts';
import { bytesOf, cleanUp, newDirectory, openBare, openPlain } from './state-fixture.suite.ts';
import { createWrappedKeyStore } from './wrapped-key-store.ts';

afterEach(cleanUp);

const PIECE = 24;

/** Bytes that are like no others, always the same for a name. */
const bytesFor = (name: string, outputLength: number) => createHash('shake256', { outputLength }).update(name).digest();

/** Any number below `most`, always the same for a name. */
const numberFor = (name: string, most: number) => bytesFor(name, 4).readUInt32BE() % most;

/**
 * Keys of other lengths, in no order: rows go in between others, and pages are evened out. Of many orders this is one in
 * which SQLite leaves something of a key behind where it is its own row, and also where that row is deleted.
 */
const ORDER = 13;

const keyOf = (n: number): WrappedKey => ({
  tenant: `tenant-${n % 5}`,
  subject: bytesFor(`subject ${ORDER} ${n}`, 1 + numberFor(`length ${n}`, 40)).toString('hex'),
  keyId: bytesFor(`id ${n}`, 16),
  wrapped: bytesFor(`wrapped ${n}`, 300 + numberFor(`size ${n}`, 400)),
  generation: 1,
});

/** Whether any piece of it is among the bytes. */
function isIn(bytes: Buffer, secret: Uint8Array): boolean {
  for (let at = 0; at + PIECE <= secret.length; at += PIECE) {
    if (bytes.indexOf(secret.subarray(at, at + PIECE)) >= 0) return true;
  }
  return false;
}

function open(directory: string) {
  const { database, queries } = openPlain(directory);
  return { database, store: createWrappedKeyStore(queries, database) };
}

describe('a destroyed key', () => {
  it('is in no file of the state any more, nor is any piece of it, nor of what it was before it was wrapped anew', async () => {
    const directory = newDirectory();
    const { store } = open(directory);
    const secrets: (readonly Uint8Array[])[] = [];
    for (let n = 0; n < 300; n += 1) {
      const key = await store.createIfAbsent(keyOf(n));
      const anew = { wrapped: bytesFor(`anew ${n}`, 300 + numberFor(`anew ${n}`, 400)), generation: 2 };
      const isAnew = n % 7 === 3 && (await store.rewrap(key, anew));
      secrets.push(isAnew ? [key.wrapped, anew.wrapped] : [key.wrapped]);
    }
    const before = bytesOf(directory);
    expect(secrets.every((own) => isIn(before, own.at(-1) ?? Buffer.of()))).toBe(true);
    const gone = secrets.map((_, n) => n).filter((n) => numberFor(`goes ${ORDER} ${n}`, 2) === 0);
    for (const n of gone) expect(await store.destroy(keyOf(n).keyId, 5)).toBe(true);
    const bytes = bytesOf(directory);
    expect(gone.length).toBeGreaterThan(100);
    expect(gone.filter((n) => secrets[n]?.some((secret) => isIn(bytes, secret)))).toEqual([]);
    expect(await store.list()).toHaveLength(300 - gone.length);
  });

  it('is told from one that never was, and from one that another got in its place', async () => {
    const { store } = open(newDirectory());
    const [first, second] = [keyOf(1), { ...keyOf(1), keyId: keyOf(2).keyId }];
    await store.createIfAbsent(first);
    expect(await store.erasedAt(first.keyId)).toBeUndefined();
    await store.destroy(first.keyId, 1_764_000_000_000);
    await store.createIfAbsent(second);
    expect(await store.erasedAt(first.keyId)).toBe(1_764_000_000_000);
    expect(await store.erasedAt(second.keyId)).toBeUndefined();
    expect(await store.erasedAt(keyOf(3).keyId)).toBeUndefined();
  });

  it('is not said to be gone while a reader keeps its bytes in the log, and is once that has ended', async () => {
    const directory = newDirectory();
    const { store } = open(directory);
    const { keyId, wrapped } = await store.createIfAbsent(keyOf(1));
    const reader = openBare(directory);
    reader.exec('BEGIN');
    reader.prepare('SELECT count(*) FROM wrapped_keys').all([]);
    await expect(store.destroy(keyId, 5)).rejects.toThrow(StateError);
    expect(await store.findById(keyId)).toBeUndefined();
    expect(await store.erasedAt(keyId)).toBe(5);
    expect(isIn(bytesOf(directory), wrapped)).toBe(true);
    reader.exec('COMMIT');
    expect(await store.destroy(keyId, 6)).toBe(false);
    expect(isIn(bytesOf(directory), wrapped)).toBe(false);
    expect(await store.erasedAt(keyId)).toBe(5);
  });
});

describe('a key that was not stored', () => {
  it('leaves nothing behind', async () => {
    const directory = newDirectory();
    const { store } = open(directory);
    await store.createIfAbsent(keyOf(1));
    const sameId = { ...keyOf(2), keyId: keyOf(1).keyId };
    await expect(store.createIfAbsent(sameId)).rejects.toThrow('UNIQUE');
    const sameSubject = { ...keyOf(3), tenant: keyOf(1).tenant, subject: keyOf(1).subject };
    expect(await store.createIfAbsent(sameSubject)).toStrictEqual({
      ...keyOf(1),
      keyId: new Uint8Array(keyOf(1).keyId),
      wrapped: new Uint8Array(keyOf(1).wrapped),
    });
    for (const { wrapped } of [sameId, sameSubject]) expect(isIn(bytesOf(directory), wrapped)).toBe(false);
  });
});

describe('the wrapping key', () => {
  it('has a successor by itself before it has wrapped too many', async () => {
    const { database, store } = open(newDirectory());
    database.exec(`UPDATE wrapping SET wraps = ${2 ** 31 - 1}`);
    expect([await store.countWrap(), await store.countWrap(), await store.countWrap()]).toEqual([1, 2, 2]);
  });
});
