import { type Credential, type CredentialStore, parsePrincipalId, parseTenantId } from '../../core/index.ts';
import { StateError } from '../state-error.ts';
import { type Item, readBytes, readNumber, readText, toItem } from './item.ts';
import { credentialKey, credentialPartitions } from './keys.ts';
import { queryAll } from './query-all.ts';
import type { Table } from './table.ts';

/** Credentials in DynamoDB, by their id: whose one is, is known once it is found. */
export function createCredentialStore(table: Table): CredentialStore {
  return {
    async find(id) {
      // DynamoDB takes no key that is empty, or longer than 1,024 bytes: there is none such.
      if (id === '' || Buffer.byteLength(id) > 1_024) return undefined;
      const item = await table.get('find a credential', credentialKey(id));
      return item === undefined ? undefined : fromItem(item);
    },
    async list() {
      const items = await queryAll(table, 'list the credentials', { partitions: credentialPartitions });
      const isBefore = (one: Credential, other: Credential) =>
        one.createdAt - other.createdAt || (one.id < other.id ? -1 : 1);
      return items.map(fromItem).toSorted(isBefore);
    },
    async create(credential) {
      const item = toItem({ ...credentialKey(credential.id), ...credential });
      const { isDone } = await table.put('create a credential', item, { expression: 'attribute_not_exists(#pk)' });
      if (!isDone) throw new StateError('there is a credential of this id already');
    },
    async revoke(id, at) {
      const condition = { expression: 'attribute_exists(#pk) AND attribute_not_exists(#revokedAt)' };
      const change = { set: { revokedAt: at }, condition };
      return (await table.update('revoke a credential', credentialKey(id), change)).isDone;
    },
  };
}

function fromItem(item: Item): Credential {
  const kind = readText(item, 'kind');
  if (kind !== 'apiKey' && kind !== 'sigv4') throw new StateError('a credential of the state is of no known kind');
  return {
    id: readText(item, 'id'),
    kind,
    tenant: parseTenantId(readText(item, 'tenant')),
    principal: parsePrincipalId(readText(item, 'principal')),
    secret: readBytes(item, 'secret'),
    createdAt: readNumber(item, 'createdAt'),
    ...(item['expiresAt'] === undefined ? {} : { expiresAt: readNumber(item, 'expiresAt') }),
    ...(item['revokedAt'] === undefined ? {} : { revokedAt: readNumber(item, 'revokedAt') }),
  };
}
