import { expect, it } from 'vitest';
import { type Credential, type CredentialStore, parsePrincipalId, parseTenantId } from '../core/index.ts';

const credential: Credential = {
  id: '3k9f2m1x8q7z5w4v',
  kind: 'apiKey',
  tenant: parseTenantId('bank'),
  principal: parsePrincipalId('teller-app'),
  secret: Uint8Array.from({ length: 256 }, (_, at) => at),
  createdAt: 1_795_469_743_056,
};

/** What every credential store does. `open` gives two handles on the same new, empty storage. */
export function itStoresCredentials(open: () => Promise<readonly [CredentialStore, CredentialStore]>): void {
  it('finds what was created, field for field, and nothing else', async () => {
    const [store] = await open();
    const expiring: Credential = { ...credential, id: 'SPAKAAAA', kind: 'sigv4', expiresAt: 2 ** 45 };
    const revoked: Credential = { ...credential, id: 'gone', revokedAt: 0, secret: new Uint8Array(0) };
    for (const one of [credential, expiring, revoked]) {
      await store.create(one);
      expect(await store.find(one.id)).toStrictEqual(one);
    }
    expect(await store.find('3K9F2M1X8Q7Z5W4V')).toBeUndefined();
    expect(await store.find("' OR 1=1 --")).toBeUndefined();
  });

  it('lists all of them, the oldest first', async () => {
    const [store] = await open();
    expect(await store.list()).toEqual([]);
    const older = { ...credential, id: 'zz', createdAt: credential.createdAt - 1 };
    await store.create(credential);
    await store.create(older);
    expect(await store.list()).toStrictEqual([older, credential]);
  });

  it('refuses an id that exists and keeps what it has', async () => {
    const [store] = await open();
    await store.create(credential);
    await expect(store.create({ ...credential, tenant: parseTenantId('thief') })).rejects.toThrow();
    expect(await store.list()).toStrictEqual([credential]);
  });

  it('revokes once, and says whether it did', async () => {
    const [store] = await open();
    const other = { ...credential, id: 'other' };
    await store.create(credential);
    await store.create(other);
    expect(await store.revoke(credential.id, 7)).toBe(true);
    expect(await store.revoke(credential.id, 8)).toBe(false);
    expect(await store.revoke('unknown', 9)).toBe(false);
    expect(await store.find(credential.id)).toStrictEqual({ ...credential, revokedAt: 7 });
    expect(await store.find(other.id)).toStrictEqual(other);
  });

  it('lets one of many who create or revoke at once succeed', async () => {
    const stores = await open();
    const times = <T>(action: (store: CredentialStore) => Promise<T>) =>
      Promise.allSettled([...stores, ...stores, ...stores].map(action));
    const created = await times((store) => store.create(credential));
    expect(created.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const revoked = await times((store) => store.revoke(credential.id, 7));
    expect(revoked.filter((one) => one.status === 'fulfilled' && one.value)).toHaveLength(1);
  });

  it('shows each write to every handle at once', async () => {
    const [one, other] = await open();
    expect(await other.find(credential.id)).toBeUndefined();
    await one.create(credential);
    expect(await other.find(credential.id)).toStrictEqual(credential);
    await other.revoke(credential.id, 7);
    expect((await one.find(credential.id))?.revokedAt).toBe(7);
  });
}
