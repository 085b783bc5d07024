import type { HoldStore, LegalHold } from '../../core/index.ts';
import { type Item, type Key, readNumber, readText, toItem } from './item.ts';
import { HOLDS } from './keys.ts';
import type { Table } from './table.ts';

/** Legal holds in DynamoDB, all of them in one partition: there are few, and they are read together. */
export function createHoldStore(table: Table): HoldStore {
  return {
    async list() {
      const items = await Array.fromAsync(table.query('list the legal holds', { pk: HOLDS }));
      return items.map(fromItem);
    },
    async place(hold) {
      const item = toItem({ ...keyOf(hold), ...hold });
      await table.put('place a legal hold', item, { expression: 'attribute_not_exists(#pk)' });
    },
    async lift(hold) {
      // Nothing is left to tell by who removed it. Of a transaction DynamoDB knows that it was done.
      const removal = table.writes.remove(keyOf(hold), { expression: 'attribute_exists(#pk)' });
      return (await table.transact('lift a legal hold', [removal])) === undefined;
    },
  };
}

/** On a whole tenant without a subject, which no subject is called. A space is before all that names have in them. */
function keyOf({ tenant, subject = '' }: Pick<LegalHold, 'tenant' | 'subject'>): Key {
  return { pk: HOLDS, sk: `${tenant} ${subject}` };
}

function fromItem(item: Item): LegalHold {
  return {
    tenant: readText(item, 'tenant'),
    ...(item['subject'] === undefined ? {} : { subject: readText(item, 'subject') }),
    since: readNumber(item, 'since'),
  };
}
