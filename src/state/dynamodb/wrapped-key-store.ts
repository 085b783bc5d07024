import type { WrappedKey, WrappedKeyStore } from '../../core/index.ts';
import { StateError } from '../state-error.ts';
import { type Item, readBytes, readNumber, readText, toItem } from './item.ts';
import { DESTROYED, keyIdKey, keyIdPartitions, padded, tenantPartitions, WRAPPED, wrappedKeyKey } from './keys.ts';
import { queryAll } from './query-all.ts';
import { hasMark, newMark, type Table } from './table.ts';
import { createWrapCounter } from './wrap-counter.ts';

const ABSENT = { expression: 'attribute_not_exists(#pk)' };

/**
 * Wrapped record keys in DynamoDB. The wrapped bytes are in one item, with the tenant's own; another one, by the key's
 * id, says whose it is, and once it is destroyed, when that was.
 *
 * A destroyed key is gone from the table at once. Point-in-time recovery of a table brings back what it was at any second
 * of up to 35 days (DynamoDB Developer Guide, "Point-in-time backups"), and on-demand backups for as long as they are
 * kept: an erasure is complete once no backup from before is left, as with the state file.
 */
export function createWrappedKeyStore(table: Table): WrappedKeyStore {
  const operation = 'find a record key';
  async function find(tenant: string, subject: string): Promise<WrappedKey | undefined> {
    const item = await table.get(operation, wrappedKeyKey(tenant, subject));
    return item === undefined ? undefined : fromItem(item);
  }

  async function findById(keyId: Uint8Array): Promise<WrappedKey | undefined> {
    const owner = await table.get(operation, keyIdKey(toHex(keyId)));
    if (owner === undefined || owner['destroyedAt'] !== undefined) return undefined;
    const key = await find(readText(owner, 'tenant'), readText(owner, 'subject'));
    // Destroyed between the two reads, and another one made for the same subject.
    return key !== undefined && Buffer.from(key.keyId).equals(keyId) ? key : undefined;
  }

  async function listOf(tenant: string): Promise<readonly WrappedKey[]> {
    const asked = { partitions: tenantPartitions(tenant), sk: WRAPPED };
    return (await queryAll(table, 'list the record keys', asked)).map(fromItem).toSorted(bySubject);
  }

  async function listTenants(): Promise<readonly string[]> {
    const asked = { partitions: keyIdPartitions, attributes: ['tenant'] };
    const owners = await queryAll(table, 'list the record keys', asked);
    return [...new Set(owners.flatMap(({ tenant }) => tenant?.S ?? []))].toSorted();
  }

  return {
    ...createWrapCounter(table),
    find,
    findById,

    async createIfAbsent(key) {
      const { tenant, subject, wrapped, generation } = key;
      const keyId = new Uint8Array(key.keyId);
      const own = toItem({ ...wrappedKeyKey(tenant, subject), tenant, subject, keyId, wrapped, generation });
      const owner = toItem({ ...keyIdKey(toHex(keyId)), tenant, subject });
      const writes = [table.writes.put(own, ABSENT), table.writes.put(owner, ABSENT)];
      for (;;) {
        const reasons = await table.transact('create a record key', writes);
        if (reasons === undefined) return { tenant, subject, keyId, wrapped: new Uint8Array(wrapped), generation };
        const [there] = reasons;
        if (there?.Item !== undefined) return fromItem(there.Item);
        // Two keys of one id would make records unreadable.
        if (there?.Code !== 'ConditionalCheckFailed') throw new StateError('there is a record key of this id already');
      }
    },

    async list(tenant) {
      const tenants = tenant === undefined ? await listTenants() : [tenant];
      const keys: WrappedKey[] = [];
      for (const one of tenants) keys.push(...(await listOf(one)));
      return keys;
    },

    async rewrap({ tenant, subject, keyId, wrapped: old }, { wrapped, generation }) {
      const condition = { expression: '#keyId = :id AND #wrapped = :old', values: { id: new Uint8Array(keyId), old } };
      const change = { set: { wrapped, generation }, condition };
      return (await table.update('wrap a record key anew', wrappedKeyKey(tenant, subject), change)).isDone;
    },

    async destroy(keyId, at) {
      const owner = keyIdKey(toHex(keyId));
      const item = await table.get('destroy a record key', owner);
      if (item === undefined || item['destroyedAt'] !== undefined) return false;
      const key = wrappedKeyKey(readText(item, 'tenant'), readText(item, 'subject'));
      const mark = newMark();
      const reasons = await table.transact('destroy a record key', [
        table.writes.remove(key, { expression: '#keyId = :id', values: { id: new Uint8Array(keyId) } }),
        // Whose it was is not kept: its id alone tells that it is gone.
        table.writes.put(toItem({ ...owner, destroyedAt: at, mark }), {
          expression: 'attribute_not_exists(#destroyedAt)',
        }),
        table.writes.put(toItem({ pk: DESTROYED, sk: `${padded(at)}#${toHex(keyId)}` })),
      ]);
      return reasons === undefined || hasMark(reasons[1]?.Item, mark);
    },

    async destroyedSince(since) {
      const asked = { pk: DESTROYED, sk: [padded(Math.max(0, since)), '~'], attributes: ['sk'] } as const;
      const items = await Array.fromAsync(table.query('list the destroyed keys', asked));
      return items.map((item) => new Uint8Array(Buffer.from(readText(item, 'sk').split('#')[1] ?? '', 'hex')));
    },

    async erasedAt(keyId) {
      const owner = await table.get(operation, keyIdKey(toHex(keyId)));
      return owner?.['destroyedAt'] === undefined ? undefined : readNumber(owner, 'destroyedAt');
    },
  };
}

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bySubject = (one: WrappedKey, other: WrappedKey) => (one.subject < other.subject ? -1 : 1);

function fromItem(item: Item): WrappedKey {
  return {
    tenant: readText(item, 'tenant'),
    subject: readText(item, 'subject'),
    keyId: readBytes(item, 'keyId'),
    wrapped: readBytes(item, 'wrapped'),
    generation: readNumber(item, 'generation'),
  };
}
