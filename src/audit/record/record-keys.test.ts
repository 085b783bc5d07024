import { randomBytes } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { createKeyStore, keyRingOf } from '../journal/journal-fixture.suite.ts';
import { createKeyWrapping } from './key-wrapping.ts';
import { createRecordKeyFinder, createRecordKeys, createTenantAliases } from './record-keys.ts';

const wrapping = createKeyWrapping(keyRingOf('a root secret'));
const toAlias = createTenantAliases(keyRingOf('a root secret'));
const writer = new Uint8Array(8);

function createKeys({ store = createKeyStore(), capacity = 10, clock = { now: (): number => 0 } } = {}) {
  return { store, keys: createRecordKeys({ store, wrapping, toAlias, random: randomBytes, capacity, clock }) };
}

describe('record keys', () => {
  it('are one for each tenant and subject', async () => {
    const { keys } = createKeys();
    const names = [
      ['acme', 'app'],
      ['acme', 'web'],
      ['other', 'app'],
    ] as const;
    const made = await Promise.all(names.map(([tenant, subject]) => keys.load(tenant, subject)));
    expect(new Set(made.map(({ keyId }) => Buffer.from(keyId).toString('hex'))).size).toBe(3);
    expect(new Set(made.map((key) => key.forWriter(writer).export().toString('hex'))).size).toBe(3);
  });

  it('are the same after a restart, and found by their id', async () => {
    const { store, keys } = createKeys();
    const before = (await keys.load('acme', 'app')).forWriter(writer);
    const after = await createKeys({ store }).keys.load('acme', 'app');
    expect(after.forWriter(writer).equals(before)).toBe(true);
    const found = await createRecordKeyFinder({ store, wrapping, toAlias })(after.keyId);
    expect(found?.forWriter(writer).equals(before)).toBe(true);
  });

  it("know their tenant's alias, which tells nothing without the key ring", async () => {
    const { store, keys } = createKeys();
    const [acme, web, other] = [
      await keys.load('acme', 'app'),
      await keys.load('acme', 'web'),
      await keys.load('b', 'app'),
    ];
    expect(acme.tenantAlias).toHaveLength(16);
    expect(Buffer.compare(acme.tenantAlias, web.tenantAlias)).toBe(0);
    expect(Buffer.compare(acme.tenantAlias, other.tenantAlias)).not.toBe(0);
    expect(Buffer.compare(acme.tenantAlias, createTenantAliases(keyRingOf('another'))('acme'))).not.toBe(0);
    const found = await createRecordKeyFinder({ store, wrapping, toAlias })(acme.keyId);
    expect(found?.tenantAlias).toEqual(acme.tenantAlias);
  });

  it('differ for each writer', async () => {
    const key = await createKeys().keys.load('acme', 'app');
    const one = key.forWriter(writer);
    expect(key.forWriter(writer)).toBe(one);
    expect(key.forWriter(new Uint8Array(8).fill(1)).equals(one)).toBe(false);
  });

  it('are made once, however many ask at once, and then at hand', async () => {
    const { store, keys } = createKeys();
    const create = vi.spyOn(store, 'createIfAbsent');
    expect(keys.held('acme', 'app')).toBeUndefined();
    const loaded = await Promise.all(Array.from({ length: 20 }, () => keys.load('acme', 'app')));
    expect(new Set(loaded).size).toBe(1);
    expect(create).toHaveBeenCalledTimes(1);
    expect(keys.held('acme', 'app')).toBe(loaded[0]);
  });

  it('are asked for anew once they were destroyed', async () => {
    const { store, keys } = createKeys();
    const [app, web] = [await keys.load('acme', 'app'), await keys.load('acme', 'web')];
    await store.destroy(app.keyId, 0);
    keys.forget(app.keyId);
    expect(keys.held('acme', 'app')).toBeUndefined();
    expect(keys.held('acme', 'web')).toBe(web);
    expect(Buffer.compare((await keys.load('acme', 'app')).keyId, app.keyId)).not.toBe(0);
  });

  it('are the ones another process made first', async () => {
    const { store, keys: first } = createKeys();
    const kept = await first.load('acme', 'app');
    const late = { ...store, find: async () => undefined };
    const { keyId } = await createKeys({ store: late }).keys.load('acme', 'app');
    expect(Buffer.compare(keyId, kept.keyId)).toBe(0);
  });

  it('come to who waited before they are at hand for who comes later', async () => {
    const { keys } = createKeys();
    const order: string[] = [];
    const waiting = [1, 2].map((number) => keys.load('acme', 'app').then(() => order.push(`waited ${number}`)));
    while (keys.held('acme', 'app') === undefined) await new Promise((resolve) => setImmediate(resolve));
    order.push('at hand');
    await Promise.all(waiting);
    expect(order).toEqual(['waited 1', 'waited 2', 'at hand']);
  });

  it('are held for five minutes, and not where the clock was put back', async () => {
    let now = 1_000_000;
    const { keys } = createKeys({ clock: { now: () => now } });
    const key = await keys.load('acme', 'app');
    now += 299_999;
    expect(keys.held('acme', 'app')).toBe(key);
    now += 1;
    expect(keys.held('acme', 'app')).toBeUndefined();
    await keys.load('acme', 'app');
    now -= 1;
    expect(keys.held('acme', 'app')).toBeUndefined();
  });

  it('are held as many as there is room for, the last used', async () => {
    const { keys } = createKeys({ capacity: 2 });
    await keys.load('acme', 'a');
    await keys.load('acme', 'b');
    keys.held('acme', 'a');
    await keys.load('acme', 'c');
    expect(['a', 'b', 'c'].filter((subject) => keys.held('acme', subject) !== undefined)).toEqual(['a', 'c']);
  });

  it('are refused while the store fails, and no longer', async () => {
    const { store, keys } = createKeys();
    const cause = new Error('no database');
    vi.spyOn(store, 'find').mockRejectedValueOnce(cause);
    await expect(keys.load('acme', 'app')).rejects.toMatchObject({ code: 'journalUnavailable', cause });
    await expect(keys.load('acme', 'app')).resolves.toBeDefined();
  });

  it("are refused where the store gives another subject's row", async () => {
    const { store, keys } = createKeys();
    const other = await keys.load('other', 'app');
    const row = store.keys.get('other/app');
    if (row === undefined) throw new Error('expected a row');
    store.keys.set('acme/app', row);
    await expect(keys.load('acme', 'app')).rejects.toMatchObject({ code: 'journalUnavailable' });
    const swapped = { ...store, findById: async () => row };
    await expect(createRecordKeyFinder({ store: swapped, wrapping, toAlias })(other.keyId)).resolves.toBeDefined();
    await expect(createRecordKeyFinder({ store: swapped, wrapping, toAlias })(new Uint8Array(16))).rejects.toThrow(
      "another subject's",
    );
  });

  it('are not found once destroyed', async () => {
    const { store, keys } = createKeys();
    const { keyId } = await keys.load('acme', 'app');
    store.keys.clear();
    expect(await createRecordKeyFinder({ store, wrapping, toAlias })(keyId)).toBeUndefined();
  });

  it('are unwrapped once by a finder', async () => {
    const { store, keys } = createKeys();
    const { keyId } = await keys.load('acme', 'app');
    const find = vi.spyOn(store, 'findById');
    const finder = createRecordKeyFinder({ store, wrapping, toAlias });
    expect(await finder(keyId)).toBe(await finder(Buffer.from(keyId)));
    expect(find).toHaveBeenCalledTimes(1);
  });
});
